// A vendor that takes no listener for an event which only newer ones have.

{
  /** @type {any} */
  let vendor
  Object.defineProperty(window, 'tccc', {
    configurable: true,
    get: () => vendor,
    set(given) {
      const { on } = given
      given.on = (/** @type {string} */ event, /** @type {() => void} */ listener) => {
        if (event === 'autoTransfer') throw new TypeError('no such event')
        on(event, listener)
      }
      vendor = given
    },
  })
}
