// The workbench: calls at the left, the customer's own pages at the right.

import { openFrames, popUp } from './frames.js'
import { openMessages } from './messages.js'
import { clearCalls, openPanel, showAgent, showCall, showStatus } from './panel.js'
import { fillTexts } from './texts.js'

/** A screen pop's `status`: 100 ringing, 200 connected, 400 ended (screen-pop guide). */
const POP_STATUS = { ringing: '100', connected: '200', ended: '400' }

const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const command = async (method, options) => {
  try {
    return await (await post('/workbench/command', { method, options })).json()
  } catch {
    return { status: 'error', errorMsg: 'network error' }
  }
}

let agent = {}
/** How a tenant's screen pops differ from the documented ones. */
let like = { missing: [], unknown: {} }
const popped = new Map()

/** Pops a call that came in, once for each status it goes through. */
function pop(call) {
  if (!call.pop || popped.get(call.sessionId) === call.status) {
    return
  }
  popped.set(call.sessionId, call.status)
  const { mobile, userId, nickName, avatar, type, ...others } = call.pop
  const status = POP_STATUS[call.status]
  const documented = { mobile, userId, nickName, avatar, status, type, ...agent }
  for (const name of like.missing) {
    delete documented[name]
  }
  popUp({ ...documented, ...like.unknown, ...others })
}

function show(call) {
  showCall(call)
  pop(call)
}

fillTexts()
openFrames()
openPanel(command)
openMessages((seen) => post('/workbench/message', seen))

const events = new EventSource('/workbench/events')
events.addEventListener('snapshot', ({ data }) => {
  const snapshot = JSON.parse(data)
  agent = snapshot.agent
  like = snapshot.popLike
  clearCalls()
  showAgent(agent)
  showStatus(snapshot.status)
  snapshot.calls.forEach(show)
  document.documentElement.dataset.ready = 'true'
})
events.onmessage = ({ data }) => {
  const notice = JSON.parse(data)
  if (notice.name === 'reset') {
    clearCalls()
  }
  if (notice.data?.status) {
    showStatus(notice.data.status)
  }
  if (notice.call) {
    show(notice.call)
  }
}
