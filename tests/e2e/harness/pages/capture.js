// Keeps hold of the core's wasm instance, so that a test can see its memory and make it trap for real.

;(() => {
  const { instantiateStreaming } = WebAssembly

  WebAssembly.instantiateStreaming = async (source, imports) => {
    const { module, instance } = await instantiateStreaming(source, imports)
    /** @type {Record<string, any>} */
    const real = instance.exports
    window.core = { memory: real.memory, trapNext: false, traps: 0 }
    /** @type {Record<string, unknown>} */
    const exports = {}
    for (const [name, value] of Object.entries(real)) {
      exports[name] =
        typeof value === 'function' ? (/** @type {unknown[]} */ ...args) => call(name, args) : value
    }

    /** @param {string} name @param {unknown[]} args */
    function call(name, args) {
      if (window.core.trapNext) {
        window.core.trapNext = false
        window.core.traps += 1
        // More than any memory has: the allocator's own `unreachable`.
        real.__wbindgen_malloc(0xfffffff0, 1)
      }
      return real[name](...args)
    }

    return { module, instance: /** @type {WebAssembly.Instance} */ ({ exports }) }
  }
})()
