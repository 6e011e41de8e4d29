// Runs before everything else in a test page and watches: listeners, policy reports, uncaught errors,
// logins.

;(() => {
  /** @type {Map<EventTarget, [string, unknown][]>} */
  const live = new Map()
  live.set(window, []).set(document, [])
  const { addEventListener, removeEventListener } = EventTarget.prototype
  const nativeFetch = window.fetch
  /** @type {Set<string>} */
  const tokens = new Set()
  const VENDOR = /tcccSdk|vendor\.js/

  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const once = typeof options === 'object' && options?.once
    const signal = typeof options === 'object' ? options?.signal : undefined
    const list = live.get(this)
    if (list && !list.some(([t, l]) => t === type && l === listener)) list.push([type, listener])
    if (list && once) addEventListener.call(this, type, () => forget(list, type, listener), options)
    if (list && signal)
      addEventListener.call(signal, 'abort', () => forget(list, type, listener), { once: true })
    return addEventListener.call(this, type, listener, options)
  }
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const list = live.get(this)
    if (list) forget(list, type, listener)
    return removeEventListener.call(this, type, listener, options)
  }

  /** @param {[string, unknown][]} list @param {string} type @param {unknown} listener */
  function forget(list, type, listener) {
    const at = list.findIndex(([t, l]) => t === type && l === listener)
    if (at >= 0) list.splice(at, 1)
  }

  window.bench = {
    entries: [],
    failures: [],
    errors: [],
    violations: [],
    messages: [],
    fetched: [],
    logins: 0,
    listeners() {
      /** @type {Record<string, number>} */
      const count = {}
      for (const list of live.values())
        for (const [type] of list) count[type] = (count[type] ?? 0) + 1
      return count
    },
    prerendered() {
      let prerendering = true
      Object.defineProperty(document, 'prerendering', { get: () => prerendering })
      return () => {
        prerendering = false
        document.dispatchEvent(new Event('prerenderingchange'))
      }
    },
    login(options = {}) {
      return async () => {
        bench.logins += 1
        const answer = await nativeFetch('/calldock/v1/tccc/login', { method: 'POST' })
        const login = await answer.json()
        tokens.add(login.token)
        const query = new URLSearchParams(options)
        return { ...login, sdkUrl: `${login.sdkUrl}&${query}`.replace(/&$/, '') }
      }
    },
    left: () => ({
      scripts: [...document.scripts].filter((script) => VENDOR.test(script.src)).length,
      element: document.querySelector('t3c-sdk') !== null,
      globals: ['tccc', 'TCCC'].filter((name) => name in window),
      listeners: bench.listeners(),
    }),
    load: (path) => import(path),
    logged: (names) => names.every((name) => bench.entries.some((entry) => entry.name === name)),
    async until(condition) {
      for (const end = performance.now() + 50_000; performance.now() < end; ) {
        const value = condition()
        if (value) return value
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error(`waited in vain: ${condition}`)
    },
    texts: () => ({
      text: JSON.stringify([bench.entries, bench.failures, bench.errors]),
      tokens: [...tokens],
    }),
  }

  window.fetch = async (...args) => {
    const [input] = args
    bench.fetched.push(input instanceof Request ? input.url : `${input}`)
    const answer = await nativeFetch(...args)
    if (answer.url.endsWith('/login')) {
      const body = await answer
        .clone()
        .json()
        .catch(() => ({}))
      if (body.token) tokens.add(body.token)
    }
    return answer
  }
  addEventListener.call(window, 'message', (event) => {
    const { data, origin, source } = /** @type {MessageEvent} */ (event)
    bench.messages.push({ data, origin, fromChild: source === window[0] })
  })
  addEventListener.call(window, 'error', (event) => {
    bench.errors.push(/** @type {ErrorEvent} */ (event).message)
  })
  addEventListener.call(document, 'securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, disposition } =
      /** @type {SecurityPolicyViolationEvent} */ (event)
    const enforced = disposition === 'enforce'
    bench.violations.push({ directive: effectiveDirective, blocked: blockedURI, enforced })
  })
})()
