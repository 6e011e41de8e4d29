// Draws figures as horizontal bars: the median, and a line from the least to the most.

import { writeFile } from 'node:fs/promises'

/** @typedef {import('./bridge/figures.mjs').Figures} Figures */
/** What is compared: a bar for each way. @typedef {{ title: string, unit: string, ways: Record<string, Figures> }} Group */

const WIDTH = 720
const LABEL = 170
const ROW = 24
const HEAD = 34
const GAP = 14
/** Both are readable on white and on black. */
const COLOURS = ['#0f766e', '#7c8db5']

const escaped = (/** @type {string} */ text) =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** @param {number} value */
const shown = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 3)

/**
 * @param {string} title @param {readonly Group[]} groups
 * @returns {string} an SVG; each group has a scale of its own, from 0
 */
export function bars(title, groups) {
  const parts = []
  let y = HEAD
  for (const { title, unit, ways } of groups) {
    const most = Math.max(...Object.values(ways).map((figures) => figures.most))
    const room = WIDTH - LABEL - 110
    const x = (/** @type {number} */ value) => (LABEL + (value / most) * room).toFixed(1)
    parts.push(`<text x="0" y="${y + 14}" font-weight="600">${escaped(title)} (${escaped(unit)})</text>`)
    y += ROW
    for (const [at, [name, { least, median, most }]] of Object.entries(ways).entries()) {
      const middle = y + ROW / 2 - 2
      parts.push(
        `<text x="${LABEL - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
        `<rect x="${LABEL}" y="${y + 2}" width="${(Number(x(median)) - LABEL).toFixed(1)}" height="${ROW - 8}" fill="${COLOURS[at === 0 ? 0 : 1]}"/>`,
        `<path d="M${x(least)} ${middle}H${x(most)}" stroke="#d97706" stroke-width="2"/>`,
        `<text x="${Number(x(most)) + 8}" y="${middle + 4}">${shown(median)}</text>`,
      )
      y += ROW
    }
    y += GAP
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="13" fill="#64748b" role="img" aria-label="${escaped(title)}">`,
    `<text x="0" y="18" font-size="15" font-weight="700">${escaped(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

/** @param {string} file @param {string} title @param {readonly Group[]} groups */
export const draw = (file, title, groups) => writeFile(file, bars(title, groups))
