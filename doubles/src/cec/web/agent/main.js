// The workbench: rings, opens the business page with the call's parameters, dials what it is sent.

import { texts } from './texts.js'

const query = new URLSearchParams(location.search)
const address = query.get('page')
const byForm = query.get('method') === 'post'
const bar = document.getElementById('bar')
const pages = document.getElementById('pages')

for (const node of document.querySelectorAll('[data-text]')) {
  node.textContent = texts[node.dataset.text]
}

if (query.has('callerNum')) {
  bar.elements.callerNum.value = query.get('callerNum')
}

let call = null
const show = (state) => {
  document.getElementById('state').textContent = texts[state]
  document.body.dataset.state = state
}

/** What the guide says a page gets, in its query or in a form. */
const parameters = () => ({
  callerNum: bar.elements.callerNum.value,
  calledNum: '4000000000',
  callid: call?.callid ?? '',
  mediaType: query.get('mediaType') ?? 'audio',
  callType: '0',
  workNo: '1001',
  callskill: '售后',
  callskillid: '20011',
  agentName: '张三',
  origin: location.origin,
})

function open() {
  const frame = document.createElement('iframe')
  Object.assign(frame, { name: 'business', id: 'business', title: texts.page, allow: 'microphone' })
  if (byForm) {
    pages.replaceChildren(frame)
    const form = Object.assign(document.createElement('form'), {
      method: 'post',
      action: address,
      target: 'business',
      hidden: true,
    })
    for (const [name, value] of Object.entries(parameters())) {
      form.append(Object.assign(document.createElement('input'), { name, value }))
    }
    document.body.append(form)
    form.submit()
    form.remove()
    return
  }
  const url = new URL(address, location.href)
  for (const [name, value] of Object.entries(parameters())) {
    url.searchParams.set(name, value)
  }
  frame.src = url.href
  pages.replaceChildren(frame)
}

/** An event of AICCSupport.js for the page. */
function send(name) {
  const { workNo, callerNum, calledNum, callid, mediaType, callType } = parameters()
  const data =
    name === 'Init'
      ? { workNo }
      : { callerNum, calledNum, callid, mediaType, callType, workNo, calldata: '' }
  document.getElementById('business')?.contentWindow.postMessage({ aiccEvent: name, data }, '*')
}

const acts = {
  ring: () => {
    call = { callid: `${Math.floor(Date.now() / 1000)}-${Math.floor(Math.random() * 1000)}` }
    show('ringing')
    if (document.getElementById('business') && query.get('keep')) {
      send('Ringing')
    } else {
      open()
    }
  },
  answer: () => {
    show('talking')
    send('Talking')
  },
  release: () => {
    show('idle')
    send('Release')
    call = null
  },
  switch: () => send('Switch'),
}
for (const [name, act] of Object.entries(acts)) {
  bar.elements[name].addEventListener('click', act)
}

/** `{"name":"callout","param":[number, mode]}` or `{number, mode}`, as a JSON text or as an object. */
function readCallOut(data) {
  let message = data
  if (typeof data === 'string') {
    try {
      message = JSON.parse(data)
    } catch {
      return null
    }
  }
  if (message?.name !== 'callout') {
    return null
  }
  const { param } = message
  const [number, mode] = Array.isArray(param) ? param : [param?.number, param?.mode]
  return { number, mode, asText: typeof data === 'string' }
}

window.addEventListener('message', ({ data, origin, source }) => {
  if (data?.aiccReady) {
    send('Init')
    if (document.body.dataset.state === 'ringing') {
      send('Ringing')
    }
    return
  }
  const asked = readCallOut(data)
  if (!asked) {
    return
  }
  const known = typeof asked.number === 'string' && /^\+?\d[\d-]{2,19}$/.test(asked.number)
  const dialled = known && ['audio', 'video'].includes(asked.mode)
  const line = document.getElementById('dialled')
  line.textContent = `${dialled ? texts.dialled : texts.refused} ${asked.number} (${asked.mode})`
  const fromPage = source === document.getElementById('business')?.contentWindow
  fetch('/service-cloud/agent/message', {
    method: 'POST',
    body: JSON.stringify({ ...asked, origin, fromPage, dialled }),
  })
})

show('idle')
if (query.get('ring')) {
  acts.ring()
}
document.documentElement.dataset.ready = 'true'
