import { contextPath, pageGlobals, withBody } from './page.js'
import { textsFor } from './texts.js'
import { createWindow } from './window.js'
import { createWire } from './wire.js'

const HOST_ID = 'aicc-web-chat'
const POLL_MS = 600
const POLL_AGAIN_MS = 3000

/** Runs the script: the double serves it with `{mode, wants, checked, style}`. */
export function boot({ mode, wants, checked, style }) {
  // A run by eval declares nothing that a second run would conflict with.
  if (document.getElementById(HOST_ID)) {
    throw new Error('CEC: the chat client runs on this page already')
  }
  const { userName, locale } = pageGlobals(mode, checked)
  const wire = createWire(contextPath(), wants)
  const texts = textsFor(locale)
  const host = document.createElement('div')
  host.id = HOST_ID
  host.lang = locale === 'zh' ? 'zh-CN' : 'en'
  host.dataset.mode = mode

  const chat = { state: 'idle', robot: false, timer: 0, connected: null }
  const live = () => ['waiting', 'robot', 'agent'].includes(chat.state)
  /** `CoBrowse` is there where the page has loaded cobrowse.js and cobrowseCommon.js. */
  const cobrowse = () => typeof CoBrowse === 'object' && CoBrowse.share

  const setState = (state) => {
    chat.state = state
    view.setState(state, { robot: chat.robot, shares: Boolean(cobrowse()) })
  }
  /** What every answer may say about the visitor himself; true: the answer is of use. */
  const usable = ({ status, body }) => {
    if (status === 401) {
      clearTimeout(chat.timer)
      setState('signedOut')
      view.setNotice(texts.signedOut)
      return false
    }
    if (status === 0 || !body) {
      view.setNotice(texts.unreachable)
      return false
    }
    view.setNotice()
    return true
  }
  const done = (answer) => usable(answer) && answer.body.resultCode === '0'

  const hear = ({ sourceType, senderNickname, content, timestamp, controlType }) => {
    const from = sourceType.toLowerCase()
    view.show({ from, name: senderNickname, text: content, at: Number(timestamp) })
    if (controlType === 'DISCONNECT') {
      setState('ended')
    } else if (from !== 'system' && chat.state !== from) {
      setState(from)
    }
  }
  const poll = async () => {
    const answer = await wire.receive()
    const heard = done(answer)
    for (const message of (heard && answer.body.downlinkMessages) || []) {
      hear(message)
    }
    if (live()) {
      chat.timer = setTimeout(poll, heard ? POLL_MS : POLL_AGAIN_MS)
    }
  }
  const connect = async () => {
    const [config, answer] = [await wire.config(), await wire.send('CONNECT')]
    chat.robot = config.body?.useRobot === 'true'
    if (done(answer)) {
      if (chat.state !== 'waiting') {
        setState('waiting')
      }
      poll()
    } else if (chat.state !== 'signedOut') {
      setState('unreachable')
      view.setNotice(texts.unreachable)
      chat.timer = setTimeout(connect, POLL_AGAIN_MS)
    }
  }
  const begin = () => {
    setState('waiting')
    chat.connected = connect()
  }
  const order = async (asking, failure, success = '') => {
    const answer = await asking
    const ok = done(answer)
    if (usable(answer)) {
      view.setNotice(ok ? success : failure)
    }
    return ok
  }
  const actions = {
    opened: () => {
      if (chat.state === 'idle') {
        begin()
      }
    },
    /** What is written while the chat connects is sent once it has. */
    send: async (text) => {
      await chat.connected
      return order(wire.send('CHAT', text), texts.notSent)
    },
    toAgent: () => order(wire.send('TRANS2AGENT'), texts.notDone),
    call: (ability) => order(wire.call(ability), texts.noCall, texts.calling),
    share: () => cobrowse()?.(),
    end: () => order(wire.send('DISCONNECT'), texts.notDone),
    again: () => {
      view.clear()
      begin()
    },
  }
  const view = createWindow({ host, style, texts, userName, actions })
  setState('idle')
  withBody((body) => body.append(host))
}
