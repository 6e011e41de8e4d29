// A framed page: says that it is there, then measures what its host page wants to know.

import { CALL } from './terms.js'

/** The host page's origin. */
export const HOST = new URLSearchParams(location.search).get('host') ?? ''

/**
 * One way to ask for a call.
 * @typedef {{
 *   start?: () => Promise<unknown>,
 *   open: () => Promise<unknown>,
 *   callOut: (call: typeof CALL) => Promise<{ sessionId?: string }>,
 *   close?: () => unknown,
 * }} Road
 */

/** @param {Road} road */
export function drive(road) {
  const acknowledged = async () => {
    const { sessionId } = await road.callOut(CALL)
    if (!sessionId) throw new Error('the command was not acknowledged')
  }
  /** @param {() => unknown} work @returns {Promise<number>} */
  const timed = async (work) => {
    const begun = performance.now()
    await work()
    return performance.now() - begun
  }
  const works = {
    async open() {
      const start = road.start ? await timed(road.start) : 0
      const first = await timed(async () => {
        await road.open()
        await acknowledged()
      })
      return { start, first }
    },
    /** @param {number} times */
    sequence: (times) =>
      timed(async () => {
        for (let left = times; left > 0; left--) await acknowledged()
      }),
    /** @param {number} times */
    burst: (times) => timed(() => Promise.all(Array.from({ length: times }, acknowledged))),
    close: () => road.close?.(),
  }
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = async ({ data: { work, times } }) => {
    try {
      const done = await works[/** @type {keyof typeof works} */ (work)](times)
      port1.postMessage({ done })
    } catch (error) {
      port1.postMessage({ failed: String(error) })
    }
  }
  parent.postMessage({ benchmark: 'loaded' }, HOST, [port2])
}
