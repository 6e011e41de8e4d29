// Keeps hold of the core's wasm instances, so that a test can grow their memory, count the calls into
// them and make them trap for real.

;(() => {
  const { instantiate } = WebAssembly
  window.core = { memory: undefined, instances: [], trapNext: false, traps: 0, calls: 0 }

  // The loader compiles first and instantiates a module, which resolves with the instance alone.
  WebAssembly.instantiate = /** @type {any} */ (
    async (/** @type {WebAssembly.Module} */ source, /** @type {any} */ imports) => {
      /** @type {any} */
      const made = await instantiate(source, imports)
      return made instanceof WebAssembly.Instance ? { exports: watched(made.exports) } : made
    }
  )

  /** @param {Record<string, any>} real */
  function watched(real) {
    window.core.memory = real.memory
    window.core.instances.push(real)
    /** @type {Record<string, unknown>} */
    const exports = {}
    for (const [name, value] of Object.entries(real)) {
      exports[name] =
        typeof value === 'function' ? (/** @type {unknown[]} */ ...args) => call(name, args) : value
    }

    /** @param {string} name @param {unknown[]} args */
    function call(name, args) {
      // Where the module's stack is, is read around every call.
      if (name === 'stack_pointer') return real[name](...args)
      window.core.calls += 1
      if (window.core.trapNext) {
        window.core.trapNext = false
        window.core.traps += 1
        // More than any memory has: the allocator's own `unreachable`.
        real.malloc(0xfffffff0, 1)
      }
      return real[name](...args)
    }
    return exports
  }
})()
