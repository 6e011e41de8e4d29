// What the rounds of the bridge come to.

import { figures, median } from '../figures.mjs'
import { WAYS } from './terms.js'

/** @typedef {import('../figures.mjs').Figures} Figures */
/** @typedef {Record<'start' | 'first' | 'each' | 'perSecond', Figures>} Summary */

/**
 * Of each way: ms of the start, of the first command and of each later one, and commands in a second
 * where many are asked for at once. Each round counts as its own median.
 * @param {import('./measure.mjs').Round[]} rounds @param {number} burst
 */
export function summarise(rounds, burst) {
  const ways = /** @type {Record<import('./terms.js').Way, Summary>} */ ({})
  for (const way of WAYS) {
    const laps = rounds.map((round) => round[way])
    ways[way] = {
      start: figures(laps.map(({ start }) => start)),
      first: figures(laps.map(({ first }) => first)),
      each: figures(laps.map(({ each }) => median(each))),
      perSecond: figures(laps.map((lap) => (1000 * burst) / median(lap.burst))),
    }
  }
  return ways
}
