// `cargo xtask bench chat`: what was measured, as tables and as a picture.

import { wanted } from '../../tests/e2e/harness/browser.mjs'
import { figures } from '../figures.mjs'
import { bars } from '../plot.mjs'
import { conditions, machine, number, show, table } from '../report.mjs'
import { measure } from './measure.mjs'
import { WAYS } from './terms.js'

/** @typedef {import('../figures.mjs').Figures} Figures */
/** @typedef {import('./measure.mjs').Opening} Opening */
/** @typedef {{ [name in keyof Opening]: Figures }} Summary */

const NAMES = {
  calldock: 'Calldock',
  preloaded: 'Calldock, preloaded',
  given: '… and login in the page',
  guide: "the guide's page",
}

/** Of one browser and network. @param {import('./measure.mjs').OverNetwork} over */
export function summarise({ network, ways }) {
  const all = WAYS.map((way) => {
    const of = (/** @type {keyof Opening} */ what) => figures(ways[way].map((one) => one[what]))
    /** @type {Summary} */
    const summary = {
      ...{ ms: of('ms'), down: of('down'), up: of('up') },
      ...{ connections: of('connections'), requests: of('requests') },
    }
    return /** @type {const} */ ([way, summary])
  })
  return {
    network,
    ways: /** @type {Record<import('./terms.js').Way, Summary>} */ (Object.fromEntries(all)),
  }
}

/** @type {import('../report.mjs').Benchmark} */
export async function chat(rounds, progress) {
  const measured = await measure(rounds, wanted(), progress)
  const engines = measured.map(({ browser, networks }) => ({
    ...{ browser, networks: networks.map(summarise) },
  }))
  const browsers = engines.map(({ browser }) => browser).join(' and ')
  const all = engines.flatMap(({ browser, networks }) =>
    networks.map(({ network, ways }) => ({ browser, network, ways })),
  )
  const times = table(
    ['ms from the navigation to the chat client', ...WAYS.map((way) => NAMES[way])],
    all.map(({ browser, network, ways }) => [
      `${browser}, ${network}`,
      ...WAYS.map((way) => show(ways[way].ms, 0)),
    ]),
  )
  const compared = table(
    ["Over the guide's page", ...WAYS.slice(0, -1).map((way) => NAMES[way])],
    all.map(({ browser, network, ways }) => [
      `${browser}, ${network}`,
      ...WAYS.slice(0, -1).map(
        (way) => `${(ways[way].ms.median / ways.guide.ms.median).toFixed(2)} ×`,
      ),
    ]),
  )
  /** @param {string} name @param {keyof Opening} what */
  const carried = (name, what) =>
    engines.map(({ browser, networks: [first] }) => [
      `${browser}: ${name}`,
      ...WAYS.map((way) => number(first?.ways[way][what].median ?? 0)),
    ])
  const bytes = table(
    ['Until then, median', ...WAYS.map((way) => NAMES[way])],
    [
      ...carried('bytes to the browser', 'down'),
      ...carried('bytes from it', 'up'),
      ...carried('requests', 'requests'),
      ...carried('connections', 'connections'),
    ],
  )
  /** @param {typeof all[number]['ways']} ways @param {'ms' | 'down'} what */
  const named = (ways, what) => Object.fromEntries(WAYS.map((way) => [NAMES[way], ways[way][what]]))
  return {
    found: { machine: machine(), rounds, engines },
    text: [conditions(browsers, `${rounds} openings of each page`), times, compared, bytes].join(
      '\n\n',
    ),
    picture: bars(`Navigation to the chat client, ${rounds} openings`, [
      ...all.map(({ browser, network, ways }) => ({
        ...{ title: `${browser}, ${network}`, unit: 'ms', ways: named(ways, 'ms') },
      })),
      ...engines.map(({ browser, networks: [first] }) => ({
        title: `${browser}, bytes to the browser, gzip`,
        unit: 'bytes',
        ways: first ? named(first.ways, 'down') : {},
      })),
    ]),
  }
}
