// A stand-in for the vendor's script: the events and the one method that the test needs.
;(() => {
  const listeners = {}
  const on = (event, listener) => {
    listeners[event] = listener
    if (event === 'ready') setTimeout(listener)
  }
  window.tccc = {
    events: {},
    on,
    off: (event) => delete listeners[event],
    Call: {
      startOutboundCall: async () => ({ status: 'success', data: { sessionId: 'session-1' } }),
    },
    Agent: { getStatus: () => 'free' },
    UI: {},
  }
})()
