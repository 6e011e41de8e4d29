// `cargo xtask bench bridge`: what was measured, as tables and as a picture.

import { bars } from '../plot.mjs'
import { conditions, machine, number, show, table } from '../report.mjs'
import { weigh } from './build.mjs'
import { measure, USUAL } from './measure.mjs'
import { summarise } from './summary.mjs'
import { WAYS } from './terms.js'

const NAMES = { calldock: 'Calldock', penpal: 'Penpal', comlink: 'Comlink', port: 'bare port' }

/** @type {import('../report.mjs').Benchmark} */
export async function bridge(times, progress) {
  const { browser, rounds } = await measure(times, USUAL, (done) =>
    progress(`round ${done} of ${times}`),
  )
  const ways = summarise(rounds, USUAL.burst)
  const { core, scripts } = await weigh()
  const heads = WAYS.map((way) => NAMES[way])
  /** @param {string} name @param {(way: import('./terms.js').Way) => string} cell */
  const row = (name, cell) => [name, ...WAYS.map(cell)]
  const bytes = (/** @type {import('./terms.js').Way} */ way) => scripts[way] ?? 0
  const measured = table(
    ['', ...heads],
    [
      row('ms for an acknowledged command, one after another', (way) => show(ways[way].each, 3)),
      row('ms from the first message to the first acknowledged command', (way) =>
        show(ways[way].first, 1),
      ),
      row('ms to start, before the first message', (way) =>
        ways[way].start.most ? show(ways[way].start, 1) : '–',
      ),
      row('commands a second, 1,000 at once', (way) => show(ways[way].perSecond, 0)),
      row('bytes in brotli, script alone', (way) => (bytes(way) ? number(bytes(way)) : '–')),
      row('bytes in brotli, with the wasm core of frames', (way) =>
        bytes(way) ? number(bytes(way) + (way === 'calldock' ? core : 0)) : '–',
      ),
    ],
  )
  const others = WAYS.slice(1)
  /** @param {string} name @param {'each' | 'first' | 'perSecond'} what */
  const ratio = (name, what) => [
    name,
    ...others.map((way) => `${(ways.calldock[what].median / ways[way][what].median).toFixed(2)} ×`),
  ]
  const compared = table(
    ['Calldock over', ...heads.slice(1)],
    [
      ratio('a command', 'each'),
      ratio('the first', 'first'),
      ratio('commands a second', 'perSecond'),
    ],
  )
  const of = (/** @type {'each' | 'first' | 'perSecond'} */ what) =>
    Object.fromEntries(WAYS.map((way) => [NAMES[way], ways[way][what]]))
  return {
    found: {
      browser,
      machine: machine(),
      rounds: rounds.length,
      ways,
      weights: { ...scripts, core },
    },
    text: [conditions(browser, `${rounds.length} rounds`), measured, compared].join('\n\n'),
    picture: bars(`Bridge, ${browser}, ${rounds.length} rounds`, [
      { title: 'an acknowledged command, one after another', unit: 'ms', ways: of('each') },
      { title: 'from the first message to its acknowledgement', unit: 'ms', ways: of('first') },
      {
        title: 'commands a second, 1,000 at once: more is better',
        unit: '1/s',
        ways: of('perSecond'),
      },
    ]),
  }
}
