// Many rounds become a median and a spread.

import { WAYS } from './terms.js'

/** @typedef {{ least: number, median: number, most: number }} Figures */
/** @typedef {Record<'start' | 'first' | 'each' | 'perSecond', Figures>} Summary */

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** @param {number[]} numbers @returns {Figures} */
export const figures = (numbers) => ({
  ...{ least: Math.min(...numbers), median: median(numbers), most: Math.max(...numbers) },
})

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
