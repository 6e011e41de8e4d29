// `cargo xtask bench page`: what was measured, as tables and as a picture.

import { wanted } from '../../tests/e2e/harness/browser.mjs'
import { figures } from '../figures.mjs'
import { bars } from '../plot.mjs'
import { conditions, machine, show, table } from '../report.mjs'
import { measure } from './measure.mjs'
import { BOOTS, KINDS, waysOf } from './terms.js'

/** @typedef {import('../figures.mjs').Figures} Figures */
/** @typedef {import('./terms.js').Way} Way */
/** @typedef {Awaited<ReturnType<typeof measure>>[number]} Measured */

/** @type {Record<Way, string>} */
const NAMES = {
  ...{ calldock: 'Calldock', preloaded: 'the core preloaded' },
  ...{ inline: 'the core in the script', hand: 'by hand' },
}
const WAYS = /** @type {Way[]} */ (Object.keys(NAMES))

/** Of one browser. @param {Measured} measured */
export function summarise({ browser, opened, booted, delivered, read }) {
  return {
    browser,
    openMs: opened.map(({ wait, calldock, warm, hand }) => ({
      ...{ loginMs: wait, calldock: figures(calldock) },
      ...{ started: figures(warm), hand: figures(hand) },
    })),
    bootMs: booted.flatMap(({ network, boots }) =>
      KINDS.map((boot) => {
        const all = waysOf(boot).map(([way]) => [way, figures(boots[boot][way] ?? [])])
        /** @type {Partial<Record<Way, Figures>>} */
        const ways = Object.fromEntries(all)
        return { network, boot, ways }
      }),
    ),
    deliveredMs: figures(delivered),
    readMicroseconds: { calldock: figures(read.calldock), hand: figures(read.hand) },
  }
}

/** @type {import('../report.mjs').Benchmark} */
export async function page(openings, progress) {
  // Browsers take 200 changes of a hash in ten seconds and drop the others.
  const changes = Math.min(20 * openings, 160)
  const terms = { openings, changes, batches: 2 * openings, batch: 200 }
  const engines = (await measure(terms, wanted(), progress)).map(summarise)
  const browsers = engines.map(({ browser }) => browser).join(' and ')
  const boots = engines.flatMap(({ browser, bootMs }) =>
    bootMs.map(({ network, boot, ways }) => {
      return { place: `${browser}, ${network}: ${BOOTS[boot].until}`, ways }
    }),
  )
  const booted = table(
    ['ms from the navigation, nothing cached, to …', ...WAYS.map((way) => NAMES[way])],
    boots.map(({ place, ways }) => [place, ...WAYS.map((way) => show(ways[way], 1))]),
  )
  const compared = table(
    ['Over by hand', ...WAYS.slice(0, -1).map((way) => NAMES[way])],
    boots.map(({ place, ways }) => [
      place,
      ...WAYS.slice(0, -1).map((way) => times(ways[way], ways.hand)),
    ]),
  )
  const steps = table(
    ['', 'Calldock', 'Calldock, core started before', 'by hand'],
    engines.flatMap(({ browser, openMs, deliveredMs, readMicroseconds }) => [
      ...openMs.map(({ loginMs, calldock, started, hand }) => [
        `${browser}: ms from \`openWorkbench()\` to the request of the workbench's script, a login of ${loginMs} ms`,
        ...[show(calldock, 1), show(started, 1), show(hand, 1)],
      ]),
      [
        `${browser}: ms from the native \`hashchange\` to the typed call`,
        ...[show(deliveredMs, 3), '', ''],
      ],
      [
        `${browser}: µs from a hash to the call`,
        ...[show(readMicroseconds.calldock, 1), '', show(readMicroseconds.hand, 1)],
      ],
    ]),
  )
  const condition = conditions(browsers, `${openings} openings of each page`)
  return {
    found: { machine: machine(), openings, engines },
    text: [condition, booted, compared, steps].join('\n\n'),
    picture: bars(`Opening and reading, ${openings} openings`, [
      ...boots.map(({ place, ways }) => ({ title: place, unit: 'ms', ways: named(ways) })),
      ...engines.flatMap(({ browser, openMs, readMicroseconds }) => [
        ...openMs.map(({ loginMs, calldock, started, hand }) => ({
          title: `${browser}: openWorkbench() to the request, a login of ${loginMs} ms`,
          unit: 'ms',
          ways: { Calldock: calldock, 'core started before': started, 'by hand': hand },
        })),
        { title: `${browser}: a hash to the call`, unit: 'µs', ways: named(readMicroseconds) },
      ]),
    ]),
  }
}

/** @param {Figures | undefined} one @param {Figures | undefined} other */
const times = (one, other) => (one && other ? `${(one.median / other.median).toFixed(2)} ×` : '–')

/** @param {Partial<Record<Way, Figures>>} ways @returns {Record<string, Figures>} */
const named = (ways) =>
  Object.fromEntries(
    WAYS.flatMap((way) => {
      const figures = ways[way]
      return figures ? [[NAMES[way], figures]] : []
    }),
  )
