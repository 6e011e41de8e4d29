// Opens the host page in a browser and lets it run its rounds.

import { visit } from '../visit.mjs'
import { lay } from './build.mjs'

/** @typedef {import('./terms.js').Terms} Terms */
/** @typedef {Record<import('./terms.js').Way, import('./terms.js').Lap>} Round */

/** Enough to see through what else a shared machine does. @type {Terms} */
export const USUAL = { batches: 10, batch: 100, bursts: 2, burst: 1000 }

/**
 * @param {number} rounds @param {Terms} [terms] @param {(done: number) => void} [progress]
 * @returns {Promise<{ browser: string, rounds: Round[] }>}
 */
export function measure(rounds, terms = USUAL, progress = () => {}) {
  return visit(lay, async ({ site, driver, view }) => {
    await driver.get(`${site.origin}/host.html?frames=${site.otherOrigin}`)
    await view.until('the host page', () => 'round' in window)
    /** @type {Round[]} */
    const done = []
    while (done.length < rounds) {
      done.push(
        await view.run(
          (terms, number) => /** @type {any} */ (window).round(terms, number),
          terms,
          done.length,
        ),
      )
      progress(done.length)
    }
    return { rounds: done }
  })
}
