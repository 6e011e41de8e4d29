import { el } from '../../../web/elements.js'
import { clock, icon, iconButton } from './elements.js'
import { keypad } from './keypad.js'

const FAMILY = { im: 'Chat', video: 'Video' }
const ICON = { im: 'chat', video: 'video' }

/** The vendor's method that does something to a call: `Call.accept`, `Chat.end`, …. */
function method(call, name) {
  const family = FAMILY[call.type] ?? 'Call'
  return `${family}.${name === 'hungUp' && family !== 'Call' ? 'end' : name}`
}

/** A card for one call; `update(call)` redraws it, `tick()` moves its clock. */
export function callCard(texts, run, config, first) {
  let call = first
  const act = (name) => () => run(method(call, name), { sessionId: call.sessionId })
  const label = el('p', { class: 'label' })
  const time = el('time', { class: 'time', role: 'timer', 'aria-label': texts.duration })
  const keys = keypad(texts, (key) =>
    run('Call.sendDigits', { sessionId: call.sessionId, dtmfText: key }),
  )
  keys.hidden = true
  const buttons = el('div', { class: 'buttons' })
  const tools = el('div', { class: 'tools' })
  const card = el(
    'article',
    { class: 'card', 'data-testid': 'tccc-call-card', 'data-session-id': call.sessionId },
    el(
      'div',
      { class: 'who' },
      el('span', { class: 'avatar' }, icon(ICON[call.type] ?? 'phone')),
      el(
        'div',
        { class: 'names' },
        el('div', { class: 'line' }, label, time),
        el('p', { class: 'title', 'data-testid': 'tccc-caller', text: call.title }),
        el('p', { class: 'detail', text: detail(call) }),
      ),
    ),
    tools,
    keys,
    buttons,
  )

  const answer = () =>
    iconButton(ICON[call.type] ?? 'phone', call.type === 'im' ? texts.accept : texts.answer, {
      class: 'accept',
      'data-testid': 'tccc-answer',
      on: { click: act('accept') },
    })
  const hangUp = (text, testid) =>
    iconButton('hangUp', text, {
      class: 'reject',
      'data-testid': testid,
      on: { click: act('hungUp') },
    })
  const toggle = (name, iconName, on, words, click) =>
    iconButton(iconName, on ? words[1] : words[0], {
      class: 'tool',
      'aria-pressed': String(on),
      'data-testid': `tccc-${name}`,
      on: { click },
    })

  const drawTools = () => {
    const focused = card.getRootNode().activeElement?.dataset.testid
    const show = call.status === 'connected' && call.type !== 'im'
    const drawn = []
    if (show) {
      const mute = call.muted ? 'unmuteMic' : 'muteMic'
      drawn.push(toggle('mute', 'mute', call.muted, [texts.mute, texts.unmute], act(mute)))
    }
    if (show && call.type !== 'video' && config('holdToggle')) {
      const hold = call.held ? 'unHold' : 'hold'
      drawn.push(toggle('hold', 'hold', call.held, [texts.hold, texts.unHold], act(hold)))
    }
    if (show && call.type === 'phone' && config('showKeyboard')) {
      const flip = () => {
        keys.hidden = !keys.hidden
        drawTools()
      }
      drawn.push(toggle('keypad', 'keypad', !keys.hidden, [texts.keypad, texts.keypad], flip))
    }
    tools.replaceChildren(...drawn)
    drawn.find((button) => focused && button.dataset.testid === focused)?.focus()
  }

  const tick = () => {
    const since = call.answeredAt ?? call.startedAt
    time.textContent = clock(Math.max(0, Math.floor((Date.now() - since) / 1000)))
  }

  let drawnStatus
  const update = (next) => {
    call = next
    card.dataset.status = call.status
    label.textContent = labelOf(texts, call)
    time.hidden = call.status === 'ended'
    tick()
    drawTools()
    if (call.status === drawnStatus) {
      return
    }
    drawnStatus = call.status
    const incoming = call.status === 'ringing' && call.direction === 'in'
    if (incoming) {
      buttons.replaceChildren(hangUp(texts.decline, 'tccc-decline'), answer())
    } else if (call.status === 'ended') {
      keys.hidden = true
      buttons.replaceChildren()
    } else {
      buttons.replaceChildren(
        hangUp(call.type === 'im' ? texts.endChat : texts.hangUp, 'tccc-hangup'),
      )
    }
  }
  update(call)
  return { element: card, update, tick }
}

function detail(call) {
  const place = call.event?.callerLocation
  const number = call.number && call.number !== call.title ? call.number : ''
  return [number, place].filter(Boolean).join(' · ')
}

function labelOf(texts, call) {
  if (call.status === 'ended') {
    return texts.ended
  }
  if (call.status === 'connected') {
    return call.held ? texts.onHold : call.type === 'im' ? texts.chatting : texts.connected
  }
  if (call.direction === 'out') {
    return texts.calling
  }
  return texts.ringing[call.type] ?? texts.ringingElse[call.type]
}
