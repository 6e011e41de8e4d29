// What the script says to its own backend, and hears from it.

/** Calls to the double at `base`. */
export function createWire(base) {
  const post = async (path, body) => {
    const response = await fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { ok: response.ok, answer: await response.json() }
  }
  return {
    /** Has the token checked: `{ok: true, answer: {session, userId, status, calls, seq}}`. */
    signIn: (dataset) => post('/sdk/session', dataset),

    /** Runs a method: the vendor's `{status, data}` or `{status, errorMsg}`. */
    command: async (session, method, options) => {
      try {
        return (await post('/sdk/command', { session, method, options })).answer
      } catch {
        return { status: 'error', errorMsg: 'network error' }
      }
    },

    /** Streams notices after `seq` until the returned function is called. */
    listen: (session, seq, onNotice) => {
      const query = new URLSearchParams({ session, after: String(seq) })
      const source = new EventSource(`${base}/sdk/events?${query}`)
      source.onmessage = (event) => onNotice(JSON.parse(event.data))
      return () => source.close()
    },
  }
}
