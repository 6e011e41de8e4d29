// What all benchmarks print: Markdown.

import { availableParallelism, loadavg } from 'node:os'

/** @typedef {import('./figures.mjs').Figures} Figures */

/**
 * One benchmark: measures, and gives what it found as data, as Markdown and as an SVG.
 * @typedef {(rounds: number, progress: (what: string) => void) => Promise<{
 *   found: object, text: string, picture: string,
 * }>} Benchmark
 */

/** The machine as it was at the end of the measurement. */
export const machine = () => ({
  cores: availableParallelism(),
  load: Math.round(loadavg()[0] ?? 0),
})

/** @param {string} browsers @param {string} rest */
export function conditions(browsers, rest) {
  const { cores, load } = machine()
  return `${browsers}, ${cores} cores with a load of ${load}; ${rest}. Median (least–most).`
}

/** @param {Figures | undefined} figures @param {number} digits */
export function show(figures, digits) {
  if (!figures) return '–'
  const { least, median, most } = figures
  const [low, middle, high] = [least, median, most].map((figure) => number(figure, digits))
  return `${middle} (${low}–${high})`
}

/** @param {number} value @param {number} [digits] */
export const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** @param {number} value */
export const significant = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 })

/** A Markdown table. @param {readonly string[]} heads @param {readonly (readonly string[])[]} rows */
export function table(heads, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`
  const rule = `|${heads.map((_, at) => (at ? '---:' : '---')).join('|')}|`
  return [line(heads), rule, ...rows.map(line)].join('\n')
}

/** A browser and its version, for example `Firefox 140`. @param {import('selenium-webdriver').WebDriver} driver */
export async function nameOf(driver) {
  const capabilities = await driver.getCapabilities()
  const name = capabilities.getBrowserName() ?? ''
  const [version] = (capabilities.getBrowserVersion() ?? '').split('.')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${version}`
}
