// AICCSupport.js: events of the workbench for a business page, and one-click dial.
;(() => {
  const NAMES = ['Init', 'Ringing', 'Talking', 'Release', 'Switch']
  const MEDIA = ['audio', 'video', 'email', 'whatsapp']
  const handlers = new Map(NAMES.map((name) => [name, []]))
  const log = (text) => console.log(`[AICCSupport Log] -Info- ${text}`)

  window.addEventListener('message', ({ data, source }) => {
    if (source !== window.top || !NAMES.includes(data?.aiccEvent)) {
      return
    }
    for (const handler of handlers.get(data.aiccEvent)) {
      handler(data.data)
    }
  })

  window.AICCSupport = {
    addHandler(name, handler) {
      if (!NAMES.includes(name) || typeof handler !== 'function') {
        throw new TypeError(`AICCSupport: addHandler: no such event: ${name}`)
      }
      handlers.get(name).push(handler)
      log(`addHandler - add ${name} handler`)
    },
    removeHandler(name, handler) {
      const kept = (handlers.get(name) ?? []).filter((other) => handler && other !== handler)
      handlers.set(name, kept)
      log(`removeHandler - remove ${name} handler`)
    },
    clickToOutbound({ mediaType, calledNum }) {
      if (!MEDIA.includes(mediaType)) {
        throw new TypeError('AICCSupport: clickToOutbound: mediaType')
      }
      const message = { name: 'callout', param: { number: calledNum, mode: mediaType } }
      window.top.postMessage(message, '*')
      log('clickToOutbound - execute One-click out call')
    },
  }
  // Handlers are added after this script: the workbench is told once they are.
  setTimeout(() => window.top.postMessage({ aiccReady: true }, '*'))
})()
