import { claim, mark, onRemoval, place } from './instance.js'
import { createEmitter, createGlobal } from './methods.js'
import { createSoftphone } from './softphone.js'
import { textsFor } from './texts.js'
import { createWire } from './wire.js'

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
/** When a refused script says so, if it was told to be never ready. */
const REFUSAL_DELAY_MS = 60

/** Where a script that is told to keep its state leaves it for the next one. */
const KEPT = Symbol.for('tccc.double.kept')

/** The response to a method that has done its work; a list or a flag is `data` in every form. */
function success(answer, form, method) {
  const { data } = answer
  const begins = method === 'Call.startOutboundCall' || method === 'Call.startInternalCall'
  if (form === 'plain' && begins) {
    return { status: 'success' }
  }
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data)
  return form === 'flat' && isObject ? { status: 'success', ...data } : answer
}

/** A global whose methods follow whatever phone the newest script has. */
function makeGlobal(emitter, first, state, missing) {
  let phone = first
  const current = new Proxy({}, { get: (_, name) => phone[name], has: (_, name) => name in phone })
  const global = mark(createGlobal(emitter, current, missing), state)
  window[KEPT] = {
    emitter,
    renew: (next, owner) => {
      phone = next
      return mark(global, owner)
    },
  }
  return global
}

/** Runs the script: `{base, style, options}` is what the double serves it with. */
export function boot({ base, style, options }) {
  const { dataset, src } = document.currentScript
  // Without a dataset the login is the address's own (the vendor's present guide).
  const query = new URLSearchParams(src?.split('?')[1])
  const own = (name) => dataset[name] ?? query.get(name) ?? undefined
  const login = { token: own('token'), sdkAppId: own('sdkAppId'), userid: own('userid') }
  const { renderDomId } = dataset
  let shownAtFirst = dataset.showWorkBenchAtFirstLogin !== 'false'
  if (options.global === 'none') {
    return
  }
  if (options.global === 'foreign') {
    // Another vendor's page does this; nothing of an agent script follows.
    setTimeout(() => {
      window.tccc = {}
    }, options.globalDelay)
    return
  }
  const kept = options.state === 'kept'
  const state = { phase: 'running', break: () => breakDown(), leave: () => leave() }
  const host = claim(state, kept)
  const texts = textsFor(document.documentElement.lang)
  const wire = createWire(base)
  const emitter = (kept && window[KEPT]?.emitter) || createEmitter(options.envelope)
  const ask = (method, args) => wire.command(phone.session, method, args ?? {})
  const phone = {
    ready: false,
    status: 'offline',
    session: '',
    host,
    view: createSoftphone({ host, style, texts, run: ask }),
    /** A method called by the page: failures reject, or resolve with a status of their own. */
    invoke: async (method, args) => {
      const answer = await ask(method, args)
      if (options.methodDelay) {
        await wait(options.methodDelay)
      }
      const failed = answer.status !== 'success'
      if (failed) {
        return options.answers === 'rejected' ? Promise.reject(answer) : answer
      }
      return success(answer, options.successes, method)
    },
    /** Hidden before the login is there, the workbench stays hidden. */
    hideWorkbench: () => {
      shownAtFirst = false
      phone.view.setOpen(false)
    },
  }
  let stopListening = () => {}
  const stop = () => {
    stopListening()
    phone.view.destroy()
  }
  const leave = () => {
    state.phase = 'left'
    stop()
    phone.session = ''
  }
  const breakDown = () => {
    state.phase = 'broken'
    stop()
    phone.session = ''
    phone.view.setState('broken', texts.broken)
    phone.view.setOpen(true)
  }
  const expire = (message) => {
    state.phase = 'expired'
    stop()
    phone.view.setState('expired', texts.expired)
    phone.view.setOpen(shownAtFirst)
    emitter.emit('tokenExpired', { message })
  }

  const hear = ({ name, data, call }) => {
    if (name === 'reset') {
      phone.view.clear()
    }
    if (data?.status) {
      phone.status = data.status
      phone.view.setStatus(data.status)
    }
    if (call) {
      phone.view.showCall(call)
    }
    if (name === 'tokenExpired') {
      expire(data.message)
    } else if (name !== 'reset' && name !== 'call') {
      emitter.emit(name, data)
    }
  }

  const open = async ({ session, status, calls, seq }) => {
    if (options.readyDelay === null) {
      return
    }
    await wait(options.readyDelay)
    if (state.phase !== 'running') {
      return
    }
    Object.assign(phone, { ready: true, session, status })
    phone.view.setState('ready')
    phone.view.setStatus(status)
    phone.view.setOpen(shownAtFirst)
    emitter.emit('ready')
    stopListening = wire.listen(session, seq, hear)
    // Calls that were there before this page: listeners of ready may add listeners first.
    await wait(0)
    for (const call of calls) {
      phone.view.showCall(call)
      if (call.status === 'ringing' && call.direction === 'in') {
        emitter.emit('callIn', call.event)
      }
    }
  }

  const start = async () => {
    const signingIn = wire.signIn(login).catch(() => null)
    await wait(options.globalDelay)
    const global =
      (kept && window[KEPT]?.renew(phone, state)) ||
      makeGlobal(emitter, phone, state, options.missing)
    window[options.global] = global
    const signedIn = await signingIn
    if (signedIn?.ok) {
      await open(signedIn.answer)
    } else if (signedIn) {
      await wait(options.readyDelay ?? REFUSAL_DELAY_MS)
      expire(signedIn.answer.message)
    } else {
      phone.view.setState('unreachable', texts.unreachable)
      phone.view.setOpen(shownAtFirst)
      console.error('TCCC: the contact centre cannot be reached')
    }
  }

  phone.view.setAgent(login.userid ?? '')
  phone.view.setState('connecting', texts.signingIn)
  place(host, renderDomId)
  onRemoval(host, () => {
    // An expired script stays expired: its place is free already.
    state.phase = state.phase === 'expired' ? 'expired' : 'removed'
    stop()
  })
  start()
}
