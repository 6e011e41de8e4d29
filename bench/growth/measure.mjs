// Opens a page for each size and lets it do its steps.

import { heapOf } from '../../tests/e2e/harness/page.mjs'
import { visit } from '../visit.mjs'
import { lay } from './build.mjs'
import { DIMENSIONS } from './terms.js'

/** @typedef {import('./terms.js').Name} Name */
/** @typedef {import('./terms.js').Lap} Lap */
/** @typedef {{ name: Name, sizes: { size: number, laps: Lap[] }[] }} Grown */

const NAMES = /** @type {Name[]} */ (Object.keys(DIMENSIONS))

/** An isolated page's clock counts in 5 µs instead of 100; its frames would have to agree. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/**
 * Each size gets two new pages, in one order of the sizes and then in the other.
 * @param {number} rounds the steps in each page @param {(sizes: readonly number[]) => readonly number[]} [chosen]
 * @param {(what: string) => void} [progress] @returns {Promise<{ browser: string, dimensions: Grown[] }>}
 */
export function measure(rounds, chosen = (sizes) => sizes, progress = () => {}) {
  return visit(lay, async (visit) => {
    const dimensions = []
    for (const name of NAMES) {
      const sizes = chosen(DIMENSIONS[name].sizes).map((size) => ({
        ...{ size, laps: /** @type {Lap[]} */ ([]) },
      }))
      for (const one of [...sizes, ...[...sizes].reverse()]) {
        progress(`${name}, ${one.size}`)
        one.laps.push(await lap(visit, { name, size: one.size, rounds }))
      }
      dimensions.push({ name, sizes })
    }
    return { dimensions }
  })
}

/**
 * @param {import('../visit.mjs').Visit} visit
 * @param {{ name: Name, size: number, rounds: number }} terms @returns {Promise<Lap>}
 */
async function lap({ site, driver, view }, { name, size, rounds }) {
  /** @type {import('./terms.js').Dimension} */
  const { framed } = DIMENSIONS[name]
  await driver.get('about:blank')
  site.pages.set('/', {
    ...{ entry: 'none', headers: framed ? {} : ISOLATED },
    body: '<script type="module" src="/growth.js"></script>',
  })
  await driver.get(`${site.origin}/?frames=${site.otherOrigin}`)
  await view.until('the page', () => 'growth' in window)
  await view.run((name, size) => /** @type {any} */ (window).growth.prepare(name, size), name, size)
  const before = await heapOf(driver)
  /** @type {number} */
  const start = await view.run(() => /** @type {any} */ (window).growth.start())
  const heap = (await heapOf(driver)) - before
  /** @type {number[]} */
  const steps = await view.run((rounds) => /** @type {any} */ (window).growth.steps(rounds), rounds)
  return { start, steps, heap }
}
