// Many rounds become a median and a spread.

/** @typedef {{ least: number, median: number, most: number }} Figures */

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
