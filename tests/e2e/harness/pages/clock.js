// A clock that a test moves: timers, `Date.now` and `performance.now` stand still until then.

;(() => {
  const real = { setTimeout: window.setTimeout.bind(window) }
  /** @type {Map<number, { at: number, every: number | undefined, handler: () => void }>} */
  const timers = new Map()
  const start = Date.now()
  let now = 0
  let next = 1
  /** @param {() => void} handler @param {number} at @param {number} [every] */
  const set = (handler, at, every) => {
    timers.set(next, { at, every, handler })
    return next++
  }
  const clear = (/** @type {number} */ id) => {
    timers.delete(id)
  }
  Object.assign(window, {
    /** @param {(...args: unknown[]) => void} handler @param {number} [ms] @param {unknown[]} args */
    setTimeout: (handler, ms = 0, ...args) =>
      set(() => handler(...args), now + Math.max(Number(ms) || 0, 1)),
    /** @param {(...args: unknown[]) => void} handler @param {number} [ms] @param {unknown[]} args */
    setInterval: (handler, ms = 0, ...args) => {
      const every = Math.max(Number(ms) || 0, 1)
      return set(() => handler(...args), now + every, every)
    },
    clearTimeout: clear,
    clearInterval: clear,
  })
  Date.now = () => start + now
  performance.now = () => now
  /** What is not a timer: promises, messages, locks. */
  const settle = () => new Promise((resolve) => real.setTimeout(() => resolve(undefined)))

  window.clock = {
    timers: () => timers.size,
    settle,
    async advance(ms) {
      const end = now + ms
      for (;;) {
        let first
        for (const [id, timer] of timers)
          if (timer.at <= end && (!first || timer.at < first.timer.at)) first = { id, timer }
        if (!first) break
        const { id, timer } = first
        now = timer.at
        if (timer.every === undefined) timers.delete(id)
        else timer.at += timer.every
        timer.handler()
        // What the handler has started may set or clear the next.
        await Promise.resolve()
      }
      now = end
      await settle()
    },
  }
})()
