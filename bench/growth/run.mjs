// `cargo xtask bench growth`: what was measured, as a table and a curve for each dimension.

import { figures } from '../figures.mjs'
import { growing } from '../plot.mjs'
import { conditions, machine, number, show, significant, table } from '../report.mjs'
import { measure } from './measure.mjs'
import { DIMENSIONS } from './terms.js'

/** @typedef {import('../figures.mjs').Figures} Figures */
/** One size. `heap` is the least growth of its pages, in bytes. @typedef {{ size: number, start: Figures, step: Figures, heap: number }} Point */

/** @param {import('./measure.mjs').Grown} grown */
export function summarise({ name, sizes }) {
  const { perMs } = DIMENSIONS[name]
  const points = sizes.map(({ size, laps }) => ({
    size,
    start: figures(laps.map(({ start }) => start)),
    step: figures(laps.flatMap(({ steps }) => steps.map((ms) => perMs * ms))),
    heap: Math.min(...laps.map(({ heap }) => heap)),
  }))
  return { name, points }
}

/** How much longer a step takes with twice as many items: 1 is constant, 2 is linear, 4 is quadratic. @param {Point} less @param {Point} more */
export const perDoubling = (less, more) =>
  2 ** (Math.log(more.step.median / less.step.median) / Math.log(more.size / less.size))

/** @type {import('../report.mjs').Benchmark} */
export async function growth(rounds, progress) {
  const { browser, dimensions } = await measure(rounds, undefined, progress)
  const all = dimensions.map(summarise)
  const tables = all.map(({ name, points }) => {
    const { title, items, what, unit, started } = DIMENSIONS[name]
    const heads = [
      ...[items, `${unit}: ${what}`, `${unit} for each`, '× per doubling'],
      ...[started, 'heap, kB'],
    ]
    const rows = points.map((point, at) => {
      const { size, start, step, heap } = point
      const before = points[at - 1]
      return [
        ...[number(size), show(step, 3), significant(step.median / size)],
        before ? perDoubling(before, point).toFixed(2) : '',
        ...[show(start, 2), heap > 0 ? number(heap / 1000, 1) : '–'],
      ]
    })
    return `### ${title}\n\n${table(heads, rows)}`
  })
  const condition = conditions(browser, `${rounds} steps in each of 2 new pages for each size`)
  return {
    found: { browser, machine: machine(), rounds, dimensions: all },
    text: [condition, ...tables].join('\n\n'),
    picture: growing(
      `Growth, ${browser}; dashed: linear`,
      all.map(({ name, points }) => ({
        title: DIMENSIONS[name].title,
        unit: DIMENSIONS[name].unit,
        points: points.map(({ size, step }) => ({ size, figures: step })),
      })),
    ),
  }
}
