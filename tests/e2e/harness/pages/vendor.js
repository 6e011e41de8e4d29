// A vendor's script as small as can be: it takes any agent and keeps what it was told.

;(() => {
  const { dataset } = /** @type {HTMLScriptElement} */ (document.currentScript)
  /** @type {Map<string, Set<(envelope?: unknown) => void>>} */
  const listeners = new Map()
  window.tccc = {
    events: {},
    dataset: { ...dataset },
    requested: [],
    on(event, listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
    },
    off(event, listener) {
      listeners.get(event)?.delete(/** @type {() => void} */ (listener))
    },
    /** @param {string} event @param {unknown} envelope */
    emit(event, envelope) {
      for (const listener of listeners.get(event) ?? []) listener(envelope)
    },
    Call: {
      /** @param {unknown} options */
      async startOutboundCall(options) {
        window.tccc?.requested.push(options)
        return window.tccc?.answer
      },
    },
  }
  setTimeout(() => window.tccc?.emit('ready'))
})()
