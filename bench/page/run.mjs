// `cargo xtask bench page`: prints what was measured, as a table or as JSON.

import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { figures } from '../bridge/figures.mjs'
import { draw } from '../plot.mjs'
import { measure } from './measure.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
  },
})
const openings = Number(values.rounds)
// Chromium takes 200 changes of a hash in ten seconds and drops the others.
const changes = Math.min(20 * openings, 160)
const terms = { openings, changes, batches: 2 * openings, batch: 200 }
const { browser, opened, booted, delivered, read } = await measure(terms)
const machine = { cores: availableParallelism(), load: Math.round(loadavg()[0] ?? 0) }
const found = {
  openMs: opened.map(({ wait, calldock, warm, hand }) => ({
    ...{ loginMs: wait, calldock: figures(calldock), started: figures(warm), hand: figures(hand) },
  })),
  bootMs: { calldock: figures(booted.calldock), hand: figures(booted.hand) },
  deliveredMs: figures(delivered),
  readMicroseconds: { calldock: figures(read.calldock), hand: figures(read.hand) },
}
if (values.plot)
  await draw(values.plot, `Page, ${browser}, ${openings} openings`, [
    ...found.openMs.map(({ loginMs, calldock, started, hand }) => ({
      title: `openWorkbench() to the request of the script, a login of ${loginMs} ms`,
      unit: 'ms',
      ways: { Calldock: calldock, 'core started before': started, 'by hand': hand },
    })),
    {
      title: 'navigation to the first call of a screen-pop page',
      unit: 'ms',
      ways: { Calldock: found.bootMs.calldock, 'by hand': found.bootMs.hand },
    },
    {
      title: 'a hash to the call',
      unit: 'µs',
      ways: { Calldock: found.readMicroseconds.calldock, 'by hand': found.readMicroseconds.hand },
    },
  ])
if (values.json) console.log(JSON.stringify({ browser, machine, ...found }, null, 2))
else {
  console.log(`${browser} on ${machine.cores} cores with a load of ${machine.load}`)
  console.log('median (least–most)')
  for (const { loginMs, calldock, started, hand } of found.openMs) {
    console.log(`\nms from openWorkbench() to the request of the script, a login of ${loginMs} ms`)
    line('Calldock', calldock, 1)
    line('core started before', started, 1)
    line('by hand', hand, 1)
  }
  console.log('\nms from the navigation to the first call of a screen-pop page, nothing cached')
  line('Calldock', found.bootMs.calldock, 1)
  line('by hand', found.bootMs.hand, 1)
  console.log('\nms from the native hashchange to the typed call')
  line('Calldock', found.deliveredMs, 3)
  console.log('\nµs from a hash to the call')
  line('Calldock', found.readMicroseconds.calldock, 1)
  line('by hand', found.readMicroseconds.hand, 1)
}

/** @param {string} what @param {import('../bridge/figures.mjs').Figures} figures @param {number} digits */
function line(what, { least, median, most }, digits) {
  const [low, middle, high] = [least, median, most].map((figure) => figure.toFixed(digits))
  console.log(`${what.padEnd(22)}${middle} (${low}–${high})`)
}
