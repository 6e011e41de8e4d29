// Draws figures: horizontal bars for what is compared, curves for what grows. A thin line goes from the least
// to the most.

/** @typedef {import('./figures.mjs').Figures} Figures */
/** What is compared: a bar for each way. @typedef {{ title: string, unit: string, ways: Record<string, Figures> }} Group */
/** What grows: a point for each size. @typedef {{ title: string, unit: string, points: readonly { size: number, figures: Figures }[] }} Curve */

const WIDTH = 720
const LABEL = 200
const ROW = 24
const HEAD = 34
const GAP = 14
/** Both are readable on white and on black. */
const COLOURS = ['#0f766e', '#7c8db5']
const SPREAD = '#d97706'

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
    parts.push(
      `<text x="0" y="${y + 14}" font-weight="600">${escaped(title)} (${escaped(unit)})</text>`,
    )
    y += ROW
    for (const [at, [name, { least, median, most }]] of Object.entries(ways).entries()) {
      const middle = y + ROW / 2 - 2
      parts.push(
        `<text x="${LABEL - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
        `<rect x="${LABEL}" y="${y + 2}" width="${(Number(x(median)) - LABEL).toFixed(1)}" height="${ROW - 8}" fill="${COLOURS[at === 0 ? 0 : 1]}"/>`,
        `<path d="M${x(least)} ${middle}H${x(most)}" stroke="${SPREAD}" stroke-width="2"/>`,
        `<text x="${Number(x(most)) + 8}" y="${middle + 4}">${shown(median)}</text>`,
      )
      y += ROW
    }
    y += GAP
  }
  return svg(title, y, parts)
}

/** @param {string} title @param {number} height @param {readonly string[]} parts */
const svg = (title, height, parts) =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#64748b" role="img" aria-label="${escaped(title)}">`,
    `<text x="0" y="18" font-size="15" font-weight="700">${escaped(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n')

/** One curve's place: two beside each other. */
const PANEL = { width: WIDTH / 2, height: 220 }
/** Around a curve, within its place. */
const MARGIN = { left: 34, right: 56, top: 34, bottom: 40 }

/**
 * @param {string} title @param {readonly Curve[]} curves
 * @returns {string} an SVG; both axes of a curve are logarithmic, so that a dashed line of one slope, linear
 * growth from the largest size back, fits all of them
 */
export function growing(title, curves) {
  const parts = curves.flatMap((curve, at) => {
    const [x, y] = [(at % 2) * PANEL.width, HEAD + Math.floor(at / 2) * PANEL.height]
    return [`<g transform="translate(${x} ${y})">`, ...curveOf(curve), '</g>']
  })
  return svg(title, HEAD + Math.ceil(curves.length / 2) * PANEL.height, parts)
}

/** @param {Curve} curve */
function curveOf({ title, unit, points }) {
  const sizes = points.map(({ size }) => size)
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)]
  const end = points.at(-1)?.figures.median ?? 1
  const low = Math.min(...points.map(({ figures }) => figures.least))
  const high = Math.max(...points.map(({ figures }) => figures.most))
  const bottom = PANEL.height - MARGIN.bottom
  const scale = (
    /** @type {number} */ value,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => (from === to ? 0.5 : Math.log(value / from) / Math.log(to / from))
  const x = (/** @type {number} */ size) =>
    (MARGIN.left + scale(size, first, last) * (PANEL.width - MARGIN.left - MARGIN.right)).toFixed(1)
  const y = (/** @type {number} */ value) =>
    (bottom - scale(value, low, high) * (bottom - MARGIN.top)).toFixed(1)
  // Linear growth, as far as it is within the scale.
  const least = Math.max(first, (last * low) / end)
  const linear = `M${x(least)} ${y((end * least) / last)}L${x(last)} ${y(end)}`
  return [
    `<text x="0" y="14" font-weight="600">${escaped(title)} (${escaped(unit)})</text>`,
    `<path d="M${MARGIN.left} ${bottom + 6}H${PANEL.width - MARGIN.right}" stroke="#64748b"/>`,
    `<path d="${linear}" stroke="${COLOURS[1]}" stroke-dasharray="5 4" fill="none"/>`,
    `<path d="${points.map(({ size, figures }, at) => `${at ? 'L' : 'M'}${x(size)} ${y(figures.median)}`).join('')}" stroke="${COLOURS[0]}" stroke-width="2" fill="none"/>`,
    ...points.flatMap(({ size, figures: { least, median, most } }) => [
      `<path d="M${x(size)} ${y(least)}V${y(most)}" stroke="${SPREAD}" stroke-width="2"/>`,
      `<circle cx="${x(size)}" cy="${y(median)}" r="3.5" fill="${COLOURS[0]}"/>`,
      `<text x="${Number(x(size)) + 7}" y="${Number(y(median)) + 12}" font-size="11">${shown(median)}</text>`,
      `<text x="${x(size)}" y="${bottom + 22}" font-size="11" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ]),
  ]
}
