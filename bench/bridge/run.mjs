// `cargo xtask bench bridge`: prints what was measured, as tables or as JSON.

import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { draw } from '../plot.mjs'
import { weigh } from './build.mjs'
import { summarise } from './figures.mjs'
import { measure, USUAL } from './measure.mjs'
import { WAYS } from './terms.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
  },
})
const told = (/** @type {number} */ done) => console.error(`round ${done} of ${values.rounds}`)
const { browser, rounds } = await measure(Number(values.rounds), USUAL, told)
const ways = summarise(rounds, USUAL.burst)
const weights = await weigh()
if (values.plot) {
  const of = (/** @type {'each' | 'first' | 'perSecond'} */ what) =>
    Object.fromEntries(WAYS.map((way) => [way, ways[way][what]]))
  await draw(values.plot, `Bridge, ${browser}, ${rounds.length} rounds`, [
    { title: 'an acknowledged command, one after another', unit: 'ms', ways: of('each') },
    { title: 'from the first message to its acknowledgement', unit: 'ms', ways: of('first') },
    {
      title: 'commands a second, 1,000 at once: more is better',
      unit: '1/s',
      ways: of('perSecond'),
    },
  ])
}
const machine = { cores: availableParallelism(), load: Math.round(loadavg()[0] ?? 0) }
if (values.json)
  console.log(JSON.stringify({ browser, machine, rounds: rounds.length, ways, weights }, null, 2))
else print()

function print() {
  const rows = WAYS.map((way) => ({ way, ...ways[way] }))
  const { cores, load } = machine
  console.log(`${browser} on ${cores} cores with a load of ${load}, ${rounds.length} rounds:`)
  console.log('median (least–most of the rounds)\n')
  line('', 'ms a command', 'ms the first', 'ms to start', 'commands/s at once')
  for (const { way, each, first, start, perSecond } of rows)
    line(way, show(each, 3), show(first, 1), start.most ? show(start, 1) : '–', show(perSecond, 0))
  console.log('\nCalldock over')
  for (const way of WAYS.slice(1)) {
    const of = (/** @type {'each' | 'first' | 'perSecond'} */ what) =>
      `${(ways.calldock[what].median / ways[way][what].median).toFixed(2)} ×`
    line(way, of('each'), of('first'), '', of('perSecond'))
  }
  console.log('\nbrotli bytes a framed page downloads')
  const { core, ...scripts } = weights
  for (const [name, bytes] of Object.entries(scripts)) line(name, String(bytes))
  line('its core', String(core), '', '', 'calldock_bg.wasm, the same for every part of Calldock')
}

/** @param {import('./figures.mjs').Figures} figures @param {number} digits */
function show({ least, median, most }, digits) {
  const [low, middle, high] = [least, median, most].map((figure) => figure.toFixed(digits))
  return `${middle} (${low}–${high})`
}

/** @param {string[]} words */
function line(...words) {
  console.log(
    words
      .map((word, at) => word.padEnd(at ? 22 : 10))
      .join('')
      .trimEnd(),
  )
}
