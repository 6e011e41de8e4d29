// The chat page: it reads its hash, shows who the visitor is or why he is turned away, and talks.

import { conversation } from '../../../web/conversation.js'
import { drawing, el } from '../../../web/elements.js'
import { languageOf, textsFor } from './texts.js'

const POLL_MS = 600
const POLL_AGAIN_MS = 3000
const HEADSET =
  'M4 13v-1a8 8 0 0 1 16 0v1M4 13v4a2 2 0 0 0 2 2h1v-7H5a1 1 0 0 0-1 1Zm16 0v4a2 2 0 0 1-2 2h-1v-7h2a1 1 0 0 1 1 1Z'
const END = 'M13 4h6v16h-6M9 8l-4 4 4 4M5 12h10'

const language = languageOf(location.search)
const texts = textsFor(language)
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'

/** The query inside `#/chat?…`, each value decoded once and no `+` taken for a space. */
function readHash() {
  const [route, query] = location.hash.split(/\?(.*)/s)
  if (route !== '#/chat' || query === undefined) {
    return { refusal: 'noRoute' }
  }
  try {
    const pairs = query.split('&').map((pair) => pair.split(/=(.*)/s))
    return Object.fromEntries(pairs.map(([name, value = '']) => [name, decodeURIComponent(value)]))
  } catch {
    return { refusal: 'encoding' }
  }
}

const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Tells the page around this one, the widget: events only, no data. */
const tell = (event) => {
  if (window.parent !== window) {
    window.parent.postMessage({ source: 'tccc-im', event }, '*')
  }
}

/** The visitor as the agent sees him: the fixed fields, then `extra_…` and whatever else there is. */
function card(fields) {
  const list = el('dl', { 'data-testid': 'im-fields' })
  const row = (label, name, value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    list.append(el('dt', { text: label }), el('dd', { text, 'data-field': name }))
  }
  const fixed = Object.keys(texts.fields).filter((name) => name in fields)
  for (const name of fixed) {
    row(texts.fields[name], name, fields[name])
  }
  const rest = Object.keys(fields).filter((name) => !fixed.includes(name))
  if (rest.length > 0) {
    list.append(el('dt', { class: 'group', text: texts.extra }))
  }
  for (const name of rest) {
    row(name.replace(/^extra_/, ''), name, fields[name])
  }
  return list
}

const status = el('span', { class: 'status', role: 'status', 'data-testid': 'im-status' })
const end = el(
  'button',
  {
    type: 'button',
    class: 'end',
    title: texts.end,
    'aria-label': texts.end,
    hidden: true,
    'data-testid': 'im-end',
    on: { click: () => post('/web/im/end', { chat: talking.chat }) },
  },
  drawing(END),
)
const details = el('details', { class: 'visitor', open: true, hidden: true })
const main = el('main', {})
const talking = { chat: '', after: 0 }

function setPhase(phase) {
  document.body.dataset.phase = phase
  status.textContent = texts.phases[phase]
  end.hidden = !['waiting', 'robot', 'agent'].includes(phase)
}

/** The fields in the text's own order, or nothing where there is no JSON object. */
function fieldsOf(clientData) {
  try {
    const fields = JSON.parse(clientData)
    return fields && typeof fields === 'object' ? fields : null
  } catch {
    return null
  }
}

function showVisitor(clientData, heading) {
  const fields = fieldsOf(clientData)
  details.hidden = false
  // Where the conversation needs the room, the card opens on demand.
  details.open = innerWidth > 720
  details.append(
    el('summary', { text: heading }),
    fields ? card(fields) : el('p', { text: texts.anonymous }),
  )
}

function refuse(refusals, clientData) {
  setPhase('refused')
  const reasons = refusals.map((code) =>
    el('li', { text: texts.refusals[code] ?? code, 'data-refusal': code }),
  )
  main.replaceChildren(
    el(
      'section',
      { class: 'refused', role: 'alert', 'data-testid': 'im-refused' },
      el('h2', { text: texts.refusedTitle }),
      el('ul', {}, ...reasons),
    ),
  )
  if (fieldsOf(clientData)) {
    showVisitor(clientData, texts.unproven)
  }
}

const talk = conversation({
  id: 'im',
  texts,
  send: async (text) => {
    const answer = await post('/web/im/send', { chat: talking.chat, text }).catch(() => null)
    talk.setNotice(answer?.ok ? '' : texts.notSent)
    return Boolean(answer?.ok)
  },
})

function hear({ phase, lines }) {
  for (const line of lines) {
    talking.after = line.seq
    if (line.from !== 'visitor') {
      talk.show(line)
    }
    if (line.event === 'agentJoined') {
      tell('seatJoin')
    } else if (line.event === 'agentLeft' || line.event === 'ended') {
      tell('seatLeave')
    }
  }
  setPhase(phase)
  talk.setWritable(phase !== 'closed')
}

async function poll() {
  let soon = POLL_MS
  try {
    const query = new URLSearchParams({ chat: talking.chat, after: String(talking.after) })
    const answer = await fetch(`/web/im/messages?${query}`)
    if (answer.status === 404) {
      setPhase('closed')
      talk.setWritable(false)
      return
    }
    hear(await answer.json())
    talk.setNotice()
  } catch {
    soon = POLL_AGAIN_MS
    talk.setNotice(texts.unreachable)
  }
  if (document.body.dataset.phase !== 'closed') {
    setTimeout(poll, soon)
  }
}

async function start() {
  const { refusal, webAppId = '', title, clientData, userSig } = readHash()
  const name = title || texts.title
  document.title = name
  document.body.append(
    el(
      'header',
      {},
      el('span', { class: 'mark' }, drawing(HEADSET)),
      el('div', { class: 'heading' }, el('h1', { text: name, 'data-testid': 'im-title' }), status),
      end,
    ),
    details,
    main,
    el('footer', { text: texts.standIn }),
  )
  setPhase('opening')
  if (refusal) {
    refuse([refusal])
    return
  }
  main.append(talk.element)
  try {
    const opening = { webAppId, clientData, userSig, zh: language === 'zh' }
    const answer = await post('/web/im/session', opening)
    const { chat, refusals } = await answer.json()
    if (refusals) {
      refuse(refusals, clientData)
      return
    }
    talking.chat = chat
    showVisitor(clientData, texts.visitor)
    talk.setWritable(true)
    talk.input.focus({ preventScroll: true })
    poll()
  } catch {
    setPhase('unreachable')
    talk.setNotice(texts.unreachable)
    setTimeout(() => location.reload(), POLL_AGAIN_MS)
  }
}

// Another link in the same frame is another visitor.
addEventListener('hashchange', () => location.reload())
start()
