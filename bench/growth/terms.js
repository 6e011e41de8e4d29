// What page, measurement and report of the growth have agreed upon.

/**
 * A dimension. What is measured is `what`, of `unit`, of which a ms has `perMs`; `items` are what there are more of;
 * `started` is what is done once for all of them. `framed`: in frames of another site.
 * @typedef {{
 *   title: string, items: string, what: string, unit: 'ms' | 'µs', perMs: number, started: string,
 *   sizes: readonly number[], framed?: boolean,
 * }} Dimension
 */

const MICRO = /** @type {const} */ ({ unit: 'µs', perMs: 1000 })
const MILLI = /** @type {const} */ ({ unit: 'ms', perMs: 1 })

/** @satisfies {Record<string, Dimension>} */
export const DIMENSIONS = {
  pops: {
    ...{ title: 'Listeners of a screen pop', items: 'listeners', ...MILLI },
    what: 'a changed hash, to the last listener',
    started: 'ms until all have their first call',
    sizes: [1, 10, 100, 1000],
  },
  events: {
    ...{ title: "Listeners of the workbench's events", items: 'listeners', ...MILLI },
    what: 'an incoming call, to the last listener',
    started: 'ms to add all',
    sizes: [1, 10, 100, 1000],
  },
  frames: {
    ...{ title: 'Frames', items: 'frames', ...MILLI, framed: true },
    what: 'an acknowledged command of one of them',
    started: 'ms until all are loaded and have called once',
    sizes: [1, 5, 20, 50],
  },
  links: {
    ...{ title: 'Telephone links', items: 'links', ...MILLI },
    what: "a click, to its call's result",
    started: 'ms of `dialTelLinks`',
    sizes: [10, 100, 1000, 10_000],
  },
  parameters: {
    ...{ title: 'Unknown parameters in a hash', items: 'parameters', ...MICRO },
    what: 'a hash, to the call',
    started: 'ms to the first call',
    sizes: [1, 10, 100, 1000],
  },
}

/** @typedef {keyof typeof DIMENSIONS} Name */

/** One page: `start` in ms, `steps` in ms each, and by how many bytes the heap grew; 0 where an engine does not tell.
 * @typedef {{ start: number, steps: number[], heap: number }} Lap */
