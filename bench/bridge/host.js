// The host page: a workbench without a vendor, and a frame of the other site for each way to it.

import { serveCallOuts } from 'calldock/bridge'
import { fakeWorkbench } from 'calldock/testing'
import { expose, windowEndpoint } from 'comlink'
import { connect, WindowMessenger } from 'penpal'
import { Frame } from './framed.js'
import { CALL, WAYS } from './terms.js'

/** @typedef {import('./terms.js').Way} Way */
/** @typedef {import('./terms.js').Lap} Lap */
/** @typedef {import('./terms.js').Terms} Terms */
/** @typedef {import('./terms.js').Wish} Wish */

const FRAMES = new URLSearchParams(location.search).get('frames') ?? ''
const fake = fakeWorkbench()
const { reply } = fake
const workbench = await fake.open()
// The same response to every call, without events: no session stays in the list.
const data = { sessionId: 'session-1', calleePhoneNumber: CALL.phoneNumber }
reply('call.startOutbound', { status: 'success', data })

/** What Calldock does with a callOut, for the others. */
const api = {
  /** @param {typeof CALL} call @returns {Promise<{ sessionId: string }>} */
  async callOut({ phoneNumber, desc }) {
    const { sessionId = '' } = await workbench.call.startOutbound({ phoneNumber, phoneDesc: desc })
    return { sessionId }
  },
}
/** @typedef {typeof api} Api */

/** Prepares the host's end of a way; returns a function that ends it. @type {Record<Way, (frame: Window) => () => void>} */
const ends = {
  calldock: () => () => {},
  penpal(frame) {
    const messenger = new WindowMessenger({ remoteWindow: frame, allowedOrigins: [FRAMES] })
    const connection = connect({ messenger, methods: api })
    return () => connection.destroy()
  },
  comlink(frame) {
    // It listens to every frame of the origin, and notices too late that its own is gone: the next round's
    // commands would run twice.
    const over = new AbortController()
    const endpoint = {
      ...windowEndpoint(frame, window, FRAMES),
      /** @param {string} type @param {EventListenerOrEventListenerObject} listener */
      addEventListener: (type, listener) =>
        window.addEventListener(type, listener, { signal: over.signal }),
    }
    expose(api, endpoint, [FRAMES])
    return () => over.abort()
  },
  port(frame) {
    /** @param {MessageEvent} event */
    const taken = ({ source, data, ports: [port] }) => {
      if (source !== frame || data?.benchmark !== 'port' || !port) return
      port.onmessage = async ({ data: { id, call } }) =>
        port.postMessage({ id, answer: await api.callOut(call) })
    }
    addEventListener('message', taken)
    return () => removeEventListener('message', taken)
  },
}

/** @param {Way} way */
async function open(way) {
  const frame = new Frame(FRAMES, way)
  await frame.load()
  const end = ends[way](frame.window)
  return {
    ask: (/** @type {Wish} */ wish) => frame.ask(wish),
    async close() {
      await frame.ask({ work: 'close' })
      end()
      frame.remove()
    },
  }
}

const serve = () =>
  serveCallOuts(workbench, {
    allow: [FRAMES],
    callsPerMinute: 1_000_000,
    onRefused: ({ reason }) => reportError(new Error(`refused: ${reason}`)),
  })

/**
 * One round with frames of its own. Everything is measured of all ways in turn, in one order and then in
 * the other.
 * @param {Terms} terms @param {number} number
 */
async function round({ batches, batch, bursts, burst }, number) {
  /** @param {number} turn */
  const inTurn = (turn) => (turn % 2 ? [...WAYS].reverse() : WAYS)
  const before = fake.commands.length
  const stop = serve()
  const frames = /** @type {Record<Way, Awaited<ReturnType<typeof open>>>} */ ({})
  const laps = /** @type {Record<Way, Lap>} */ ({})
  for (const way of inTurn(number)) frames[way] = await open(way)
  for (const way of inTurn(number))
    laps[way] = { ...(await frames[way].ask({ work: 'open' })), each: [], burst: [] }
  // A first batch is not counted: it compiles.
  for (const way of inTurn(number)) await frames[way].ask({ work: 'sequence', times: batch })
  for (let turn = 0; turn < batches; turn++)
    for (const way of inTurn(turn + number)) {
      const ms = await frames[way].ask({ work: 'sequence', times: batch })
      laps[way].each.push(ms / batch)
    }
  for (let turn = 0; turn < bursts; turn++)
    for (const way of inTurn(turn + number))
      laps[way].burst.push(await frames[way].ask({ work: 'burst', times: burst }))
  for (const frame of Object.values(frames)) await frame.close()
  stop()
  const expected = WAYS.length * (1 + batch + batches * batch + bursts * burst)
  const served = fake.commands.length - before
  if (served !== expected) throw new Error(`expected ${expected} commands, found ${served}`)
  return laps
}

Object.assign(window, { round })
