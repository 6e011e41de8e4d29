// `cargo xtask bench page`: what was measured, as a table and as a picture.

import { figures } from '../figures.mjs'
import { bars } from '../plot.mjs'
import { conditions, machine, show, table } from '../report.mjs'
import { measure } from './measure.mjs'

/** @type {import('../report.mjs').Benchmark} */
export async function page(openings, progress) {
  // Chromium takes 200 changes of a hash in ten seconds and drops the others.
  const changes = Math.min(20 * openings, 160)
  const terms = { openings, changes, batches: 2 * openings, batch: 200 }
  const { browser, ...measured } = await measure(terms, progress)
  const { opened, booted, delivered, read } = measured
  const found = {
    openMs: opened.map(({ wait, calldock, warm, hand }) => ({
      ...{ loginMs: wait, calldock: figures(calldock) },
      ...{ started: figures(warm), hand: figures(hand) },
    })),
    bootMs: {
      ...{ calldock: figures(booted.calldock), preloaded: figures(booted.preloaded) },
      ...{ inline: figures(booted.inline), hand: figures(booted.hand) },
    },
    deliveredMs: figures(delivered),
    readMicroseconds: { calldock: figures(read.calldock), hand: figures(read.hand) },
  }
  const { bootMs, deliveredMs, readMicroseconds } = found
  const rows = [
    ...found.openMs.map(({ loginMs, calldock, started, hand }) => [
      `ms from \`openWorkbench()\` to the request of the vendor's script, a login of ${loginMs} ms`,
      ...[show(calldock, 1), show(started, 1), show(hand, 1)],
    ]),
    ...[
      { what: '', boot: bootMs.calldock },
      { what: '; the core is preloaded', boot: bootMs.preloaded },
      { what: '; the core is in the script', boot: bootMs.inline },
    ].map(({ what, boot }) => [
      `ms from the navigation to the first call of a screen-pop page, nothing cached${what}`,
      ...[show(boot, 1), '', show(bootMs.hand, 1)],
    ]),
    ['ms from the native `hashchange` to the typed call', show(deliveredMs, 3), '', ''],
    [
      'µs from a hash to the call',
      ...[show(readMicroseconds.calldock, 1), '', show(readMicroseconds.hand, 1)],
    ],
  ]
  return {
    found: { browser, machine: machine(), ...found },
    text: [
      conditions(browser, `${openings} new pages for each way of opening`),
      table(['', 'Calldock', 'Calldock, core started before', 'by hand'], rows),
    ].join('\n\n'),
    picture: bars(`Page, ${browser}, ${openings} openings`, [
      ...found.openMs.map(({ loginMs, calldock, started, hand }) => ({
        title: `openWorkbench() to the request of the script, a login of ${loginMs} ms`,
        unit: 'ms',
        ways: { Calldock: calldock, 'core started before': started, 'by hand': hand },
      })),
      {
        title: 'navigation to the first call of a screen-pop page',
        unit: 'ms',
        ways: {
          ...{ Calldock: bootMs.calldock, preloaded: bootMs.preloaded },
          ...{ inline: bootMs.inline, 'by hand': bootMs.hand },
        },
      },
      {
        title: 'a hash to the call',
        unit: 'µs',
        ways: { Calldock: readMicroseconds.calldock, 'by hand': readMicroseconds.hand },
      },
    ]),
  }
}
