import { el } from '../../../web/elements.js'
import { callCard } from './cards.js'
import { icon } from './elements.js'
import { dialPad } from './keypad.js'

/** Statuses an agent may choose; the centre sets the others. */
const CHOICES = ['free', 'notReady', 'arrange', 'rest', 'offline']
const ENDED_STAYS_MS = 2500

/**
 * Draws the softphone into `host`'s shadow. `run(method, options)` settles with the vendor's answer.
 * Styles are a constructed sheet: a page's policy may refuse inline ones.
 */
export function createSoftphone({ host, style, texts, run }) {
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]

  const cards = new Map()
  const hiddenButtons = new Set()
  const config = (type) => !hiddenButtons.has(type)

  const notice = el('p', { class: 'notice', role: 'status', 'data-testid': 'tccc-notice' })
  const calls = el('div', { class: 'calls', role: 'log', 'aria-live': 'assertive' })
  const empty = el('p', { class: 'empty', text: texts.noCalls })
  const name = el('p', { class: 'agent', 'data-testid': 'tccc-agent' })
  const status = el('select', {
    class: 'status',
    'aria-label': texts.agentStatus,
    'data-testid': 'tccc-status',
    on: { change: () => choose() },
  })
  const dial = dialPad(texts, async (number) => {
    const answer = await run('Call.startOutboundCall', { phoneNumber: number })
    return answer.status === 'success' ? '' : wording(texts, answer.errorMsg)
  })
  const close = el(
    'button',
    {
      type: 'button',
      class: 'minimise',
      'aria-label': texts.minimise,
      'data-testid': 'tccc-minimise',
      on: { click: () => setOpen(false, true) },
    },
    icon('minimise'),
  )
  const panel = el(
    'section',
    {
      class: 'panel',
      role: 'region',
      'aria-label': texts.softphone,
      'data-testid': 'tccc-panel',
      hidden: true,
      on: {
        keydown: (event) => {
          if (event.key === 'Escape') {
            setOpen(false, true)
          }
        },
      },
    },
    el(
      'header',
      {},
      el('span', { class: 'avatar' }, icon('headset')),
      el('div', { class: 'me' }, name, status),
      close,
    ),
    notice,
    el('div', { class: 'body' }, dial, el('div', { class: 'side' }, calls, empty)),
    el('footer', { text: texts.standIn }),
  )
  const float = el(
    'button',
    {
      type: 'button',
      class: 'float',
      'aria-label': texts.open,
      'aria-expanded': 'false',
      'data-testid': 'tccc-float',
      on: { click: () => setOpen(panel.hidden, true) },
    },
    icon('headset'),
    el('span', { class: 'dot', 'aria-hidden': 'true' }),
  )
  root.append(panel, float)

  const setOpen = (open, byHand = false) => {
    panel.hidden = !open
    float.setAttribute('aria-expanded', String(open))
    float.setAttribute('aria-label', open ? texts.minimise : texts.open)
    if (byHand) {
      // The keyboard's place follows what was opened or closed.
      const target = open ? root.querySelector('.accept, .number') : float
      target?.focus()
    }
  }
  const choose = async () => {
    const chosen = status.value
    const method = chosen === 'offline' ? 'Agent.offline' : 'Agent.setStatus'
    await run(method, { status: chosen })
  }
  const setStatus = (current) => {
    const choices = CHOICES.includes(current) ? CHOICES : [...CHOICES, current]
    status.replaceChildren(
      ...choices.map((value) => el('option', { value, text: texts.statuses[value] ?? value })),
    )
    status.value = current
    host.dataset.status = current
  }
  const arrange = () => {
    const kept = [...cards.values()]
    const speaking = kept.some((card) => card.call.type !== 'im' && card.call.status !== 'ended')
    host.dataset.ringing = String(
      kept.some((card) => card.call.status === 'ringing' && card.call.direction === 'in'),
    )
    dial.hidden = speaking && host.dataset.placement !== 'inline'
    empty.hidden = kept.length > 0
  }
  /** Redraws without losing the keyboard's place: what replaces a focused button takes it over. */
  const keepingFocus = (redraw) => {
    const before = root.activeElement
    redraw()
    if (before && (!before.isConnected || before.closest('[hidden]'))) {
      root.querySelector('.buttons button:last-child, .dial:not([hidden]) .number')?.focus()
    }
  }
  const remove = (sessionId) =>
    keepingFocus(() => {
      cards.get(sessionId)?.element.remove()
      cards.delete(sessionId)
      arrange()
    })
  const clear = () => {
    for (const sessionId of [...cards.keys()]) {
      remove(sessionId)
    }
  }

  const ticking = setInterval(() => {
    for (const card of cards.values()) {
      card.tick()
    }
  }, 1000)

  return {
    setOpen,
    setStatus,
    /** `state`: connecting, ready, unreachable, expired, broken; `text` says it above the calls. */
    setState(state, text = '') {
      host.dataset.state = state
      notice.textContent = text
      dial.toggleAttribute('inert', state !== 'ready')
      status.disabled = state !== 'ready'
      if (state !== 'ready') {
        clear()
        setStatus('offline')
      }
    },
    setAgent(userId) {
      name.textContent = userId
    },
    showCall(call) {
      let card = cards.get(call.sessionId)
      if (!card) {
        card = callCard(texts, run, config, call)
        cards.set(call.sessionId, card)
        calls.prepend(card.element)
        setOpen(true)
      }
      keepingFocus(() => {
        card.call = call
        card.update(call)
        arrange()
      })
      if (call.status === 'ended') {
        setTimeout(() => remove(call.sessionId), ENDED_STAYS_MS)
      }
    },
    removeCall: remove,
    clear,
    showFloat(shown) {
      float.hidden = !shown
    },
    /** Buttons that the page's `overrideButtonConfig` switched off. */
    hideButtons(types) {
      hiddenButtons.clear()
      for (const type of types) {
        hiddenButtons.add(type)
      }
      for (const card of cards.values()) {
        card.update(card.call)
      }
    },
    destroy: () => clearInterval(ticking),
  }
}

function wording(texts, message) {
  if (/telephone number/.test(message)) {
    return texts.badNumber
  }
  return /in progress/.test(message) ? texts.busyLine : `${texts.failed}: ${message}`
}
