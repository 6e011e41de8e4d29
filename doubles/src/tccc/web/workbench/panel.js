// The call panel: calls that come in, the dial pad, and what the pages sent.

import { texts } from './texts.js'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const ENDED_STAYS_MS = 2500
const SHOWN_ACTIVITY = 6

const byId = (id) => document.getElementById(id)
const calls = new Map()
let run = async () => ({})
let outbound = null

/** Sets the panel up; `command(method, options)` answers with the vendor's `{status, …}`. */
export function openPanel(command) {
  run = command
  const number = byId('dial-number')
  byId('dial-keys').append(
    ...KEYS.map((key) => button(key, 'key', () => press(key), texts.key(key))),
  )
  byId('dial-erase').addEventListener('click', () => {
    number.value = number.value.slice(0, -1)
  })
  byId('dial-call').addEventListener('click', () => dial(number.value.trim(), ''))
  byId('dial-hangup').addEventListener('click', () => act(outbound, 'hungUp'))
  number.addEventListener('input', () => say(''))
  number.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !number.readOnly) {
      dial(number.value.trim(), '')
    }
  })
  byId('status').addEventListener('change', ({ target }) => {
    run(target.value === 'offline' ? 'Agent.offline' : 'Agent.setStatus', { status: target.value })
  })
  setInterval(tick, 1000)
}

/** Shows a number on the dial pad and rings it; answers with an error text or ''. */
export async function dial(phoneNumber, desc) {
  if (!phoneNumber) {
    byId('dial-number').focus()
    return texts.badNumber
  }
  if (outbound) {
    say(texts.busyLine)
    return texts.busyLine
  }
  byId('dial-number').value = phoneNumber
  byId('dial-desc').textContent = desc
  say('')
  const answer = await run('Call.startOutboundCall', { phoneNumber, phoneDesc: desc })
  const error = answer.status === 'success' ? '' : wording(answer.errorMsg)
  say(error)
  return error
}

/** Draws a call as it is now. */
export function showCall(call) {
  if (call.direction === 'out') {
    showOutbound(call)
  } else {
    showInbound(call)
  }
}

/** Drops everything shown. */
export function clearCalls() {
  calls.clear()
  byId('calls').replaceChildren()
  byId('no-calls').hidden = false
  outbound = null
  drawDialPad('idle', '')
}

/** The chat that a card or a text would go to, if there is one. */
export function openChat() {
  return [...calls.values()].some(({ type, status }) => type === 'im' && status === 'connected')
}

/** Shows who is signed in. */
export function showAgent(agent) {
  byId('agent-name').textContent = agent.agentNickName
  byId('agent-email').textContent = agent.agentEmail
}

/** Shows the agent's status. */
export function showStatus(status) {
  const shown = ['free', 'notReady', 'arrange', 'rest', 'offline']
  const all = shown.includes(status) ? shown : [...shown, status]
  byId('status').replaceChildren(...all.map((value) => new Option(texts.statuses[value], value)))
  byId('status').value = status
  byId('status-dot').dataset.status = status
}

/** Adds a line about something a page sent. */
export function addActivity(what, outcome, ok) {
  byId('no-activity').hidden = true
  const line = document.createElement('li')
  line.dataset.ok = String(ok)
  line.append(span('what', what), span('outcome', outcome))
  byId('activity').prepend(line)
  while (byId('activity').children.length > SHOWN_ACTIVITY) {
    byId('activity').lastElementChild.remove()
  }
}

function showOutbound(call) {
  if (call.status === 'ended') {
    if (outbound?.sessionId === call.sessionId) {
      outbound = null
      drawDialPad('ended', texts.ended)
    }
    return
  }
  outbound = call
  byId('dial-number').value = call.number
  byId('dial-desc').textContent = call.title === call.number ? '' : call.title
  say('')
  drawDialPad(call.status, call.status === 'ringing' ? texts.calling : texts.connected)
}

function drawDialPad(state, text) {
  const live = outbound !== null
  byId('dialpad').dataset.state = state
  byId('dial-status').textContent = text
  byId('dial-number').readOnly = live
  byId('dial-erase').hidden = live
  byId('dial-call').hidden = live
  byId('dial-hangup').hidden = !live
  if (state === 'idle') {
    byId('dial-number').value = ''
    byId('dial-desc').textContent = ''
  }
  tick()
}

function showInbound(call) {
  const known = calls.get(call.sessionId)?.card
  const card = known ?? document.createElement('article')
  calls.set(call.sessionId, { ...call, card })
  card.className = 'call'
  card.dataset.sessionId = call.sessionId
  if (card.dataset.status !== call.status) {
    card.dataset.status = call.status
    const time = span('time', '')
    time.setAttribute('role', 'timer')
    const words = call.status === 'ended' ? texts.ended : labelOf(call)
    const number = call.number && call.number !== call.title ? call.number : ''
    const buttons = document.createElement('div')
    buttons.className = 'buttons'
    buttons.append(...buttonsOf(call))
    card.replaceChildren(
      span('label', words),
      time,
      span('title', call.title),
      span('detail', number),
      buttons,
    )
  }
  if (!known) {
    byId('calls').prepend(card)
  }
  if (call.status === 'ended') {
    setTimeout(() => {
      calls.delete(call.sessionId)
      card.remove()
      byId('no-calls').hidden = calls.size > 0
    }, ENDED_STAYS_MS)
  }
  byId('no-calls').hidden = true
  tick()
}

function labelOf(call) {
  if (call.status === 'ringing') {
    return texts.ringing[call.type]
  }
  return call.type === 'im' ? texts.chatting : texts.connected
}

function buttonsOf(call) {
  const chat = call.type === 'im'
  const end = (text) => button(text, 'stop', () => act(call, 'hungUp'))
  if (call.status === 'ringing') {
    const answer = chat ? texts.accept : texts.answer
    return [end(texts.decline), button(answer, 'go', () => act(call, 'accept'))]
  }
  return call.status === 'connected' ? [end(chat ? texts.endChat : texts.hangUp)] : []
}

function act(call, name) {
  const family = { im: 'Chat', video: 'Video' }[call.type] ?? 'Call'
  const method = name === 'hungUp' && family !== 'Call' ? 'end' : name
  return run(`${family}.${method}`, { sessionId: call.sessionId })
}

function press(key) {
  const number = byId('dial-number')
  if (outbound?.status === 'connected') {
    run('Call.sendDigits', { sessionId: outbound.sessionId, dtmfText: key })
  } else if (!outbound) {
    number.value += key
    say('')
  }
}

function say(error) {
  byId('dial-error').textContent = error
  byId('dial-number').toggleAttribute('aria-invalid', Boolean(error))
}

function wording(message) {
  const known = [
    [/telephone number/, texts.badNumber],
    [/in progress/, texts.busyLine],
  ]
  return known.find(([pattern]) => pattern.test(message))?.[1] ?? `${texts.failed}: ${message}`
}

function tick() {
  const clock = ({ answeredAt }) => {
    const seconds = Math.max(0, Math.floor((Date.now() - answeredAt) / 1000))
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
  for (const call of calls.values()) {
    if (call.status === 'connected') {
      call.card.querySelector('.time').textContent = clock(call)
    }
  }
  byId('dial-time').textContent = outbound?.status === 'connected' ? clock(outbound) : ''
}

function span(name, text) {
  const element = document.createElement('span')
  element.className = name
  element.textContent = text
  return element
}

function button(text, name, click, label) {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = name
  element.textContent = text
  element.dataset.action = name
  if (label) {
    element.setAttribute('aria-label', label)
  }
  element.addEventListener('click', click)
  return element
}
