// Counts every crossing between JavaScript and the core's modules, in both directions.

;(() => {
  const { instantiate } = WebAssembly
  window.crossings = 0

  /** @template {Record<string, any>} T @param {T} functions @returns {T} */
  const counted = (functions) => {
    /** @type {Record<string, unknown>} */
    const counting = {}
    for (const [name, value] of Object.entries(functions))
      counting[name] =
        typeof value === 'function'
          ? (/** @type {unknown[]} */ ...args) => {
              window.crossings += 1
              return value(...args)
            }
          : value
    return /** @type {T} */ (counting)
  }

  WebAssembly.instantiate = /** @type {any} */ (
    async (/** @type {WebAssembly.Module} */ source, /** @type {any} */ imports) => {
      const names = Object.keys(imports)
      const counting = Object.fromEntries(names.map((name) => [name, counted(imports[name])]))
      const { exports } = await instantiate(source, counting)
      return { exports: counted(exports) }
    }
  )
})()
