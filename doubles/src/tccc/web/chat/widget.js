// imPublish.js: a button that opens the chat page in a frame, and the global that tells of agents.

import { drawing, el } from '../../../web/elements.js'
import { languageOf, textsFor } from './texts.js'

const CHAT = 'M4 5.5h16v11h-9l-4.5 3.5v-3.5H4ZM8.5 11h.01M12 11h.01M15.5 11h.01'
const HOST_ID = 'tccc-im-widget'
const EVENTS = ['seatJoin', 'seatLeave']

/** Runs the widget: the double serves it with `{base, webAppId, style}`. */
export function boot({ base, webAppId, style }) {
  if (document.getElementById(HOST_ID)) {
    throw new Error('TCCC: the chat widget is on this page already')
  }
  const texts = textsFor(languageOf(''))
  const host = el('div', { id: HOST_ID })
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]

  const listeners = { seatJoin: [], seatLeave: [] }
  let frame = null
  const setOpen = (open) => {
    if (open && !frame) {
      const query = `webAppId=${webAppId}&title=${encodeURIComponent(texts.title)}`
      const src = `${base}/web/im/index.html#/chat?${query}`
      frame = el('iframe', { src, title: texts.title, 'data-testid': 'im-frame' })
      root.prepend(frame)
    }
    if (frame) {
      frame.hidden = !open
    }
    button.setAttribute('aria-expanded', String(open))
    button.setAttribute('aria-label', open ? texts.close : texts.open)
  }
  const button = el(
    'button',
    {
      type: 'button',
      'data-testid': 'im-button',
      on: { click: () => setOpen(!frame || frame.hidden) },
    },
    drawing(CHAT),
  )
  setOpen(false)
  root.append(button)

  /** The vendor's global: `cb` is called without arguments each time an agent joins or leaves. */
  window.customerServiceIframe = (event, cb) => {
    if (!EVENTS.includes(event) || typeof cb !== 'function') {
      throw new TypeError(`customerServiceIframe: expected ${EVENTS.join(' or ')} and a function`)
    }
    listeners[event].push(cb)
  }
  window.addEventListener('message', ({ source, origin, data }) => {
    const ours = frame && source === frame.contentWindow && origin === base
    if (ours && data?.source === 'tccc-im' && EVENTS.includes(data.event)) {
      for (const listener of listeners[data.event]) {
        listener()
      }
    }
  })
  const place = () => document.body.append(host)
  if (document.body) {
    place()
  } else {
    document.addEventListener('DOMContentLoaded', place, { once: true })
  }
}
