// Counts the timers that are set and neither fired nor cleared.

;(() => {
  /** @type {Set<unknown>} */
  const live = new Set()
  const { setTimeout, setInterval, clearTimeout, clearInterval } = window
  // The later callback is the page's; Function and string handlers alike are passed on.
  Object.assign(window, {
    /** @param {() => void} handler @param {number} [ms] @param {unknown[]} args */
    setTimeout(handler, ms, ...args) {
      const fired = () => {
        live.delete(id)
        Reflect.apply(handler, window, args)
      }
      const id = setTimeout(fired, ms)
      live.add(id)
      return id
    },
    /** @param {() => void} handler @param {number} [ms] @param {unknown[]} args */
    setInterval(handler, ms, ...args) {
      const id = setInterval(handler, ms, ...args)
      live.add(id)
      return id
    },
    /** @param {number} id */
    clearTimeout(id) {
      live.delete(id)
      clearTimeout(id)
    },
    /** @param {number} id */
    clearInterval(id) {
      live.delete(id)
      clearInterval(id)
    },
  })
  window.timers = () => live.size
})()
