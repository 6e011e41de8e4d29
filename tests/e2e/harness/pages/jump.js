// A clock that can jump: timers run as ever, and those that a jump has passed fire at once. An operation
// that is brought to its deadline so fails where it shall, on a slow machine too. By less than the 15 s of a
// driver's own: WebKit's counts them by the page's clock.

;(() => {
  const { setTimeout, clearTimeout } = window
  const now = performance.now.bind(performance)
  /** @type {Map<number, { due: number, fire: () => void }>} */
  const timers = new Map()
  let jumped = 0
  performance.now = () => now() + jumped
  Object.assign(window, {
    /** @param {(...args: unknown[]) => void} handler @param {number} [ms] @param {unknown[]} args */
    setTimeout(handler, ms = 0, ...args) {
      const fire = () => {
        timers.delete(id)
        handler(...args)
      }
      const id = setTimeout(fire, ms)
      timers.set(id, { due: performance.now() + ms, fire })
      return id
    },
    /** @param {number} id */
    clearTimeout(id) {
      timers.delete(id)
      clearTimeout(id)
    },
  })
  window.jump = (ms) => {
    jumped += ms
    // One that has fired may have cleared another.
    for (const [id, { due, fire }] of [...timers].sort(([, a], [, b]) => a.due - b.due))
      if (due <= performance.now() && timers.has(id)) {
        clearTimeout(id)
        fire()
      }
  }
  window.jumpAt = async (when, ms) => {
    await bench.until(typeof when === 'function' ? when : () => bench.logged(when))
    window.jump(ms)
  }
})()
