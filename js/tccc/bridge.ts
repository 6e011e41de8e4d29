// A host page answers the callOuts of its own business frames, as the vendor's workbench would.

import { requirePage, startCore } from '../core.js'
import { CalldockError, report } from '../errors.js'
import { log } from '../log.js'
import { checkSignal, invalid, settle } from '../settle.js'
import { Peer } from './peer.js'
import { BRIDGE, type Opening, SOURCE } from './wire.js'
import type { Workbench } from './workbench.js'

/** A message that was not served. */
export interface RefusedMessage {
  /**
   * Why: not of `allow`, not of a frame of this page, more than `callsPerMinute`, or not of the
   * documented form.
   */
  readonly reason: 'origin' | 'source' | 'rate' | 'form'
  readonly origin: string
}

/** Whose callOuts to serve. */
export interface ServeOptions {
  /** The origins of the business frames: `https://crm.example.com`. Nobody else is served. */
  readonly allow: readonly string[]
  /** How many messages of one origin are served within a minute; 20 unless told. */
  readonly callsPerMinute?: number
  /** Hears of what was not served; it is logged anyway. */
  readonly onRefused?: (refused: RefusedMessage) => void
  readonly signal?: AbortSignal
}

/** How many refusals are told within a minute: a flood must not drown the page's log. */
const TOLD = 20

/**
 * How many ports are kept at once. Not every browser tells of a port whose page is gone, and a frame may
 * offer ever new ones: the oldest is let go, and a page that still wants one offers it with its next call.
 */
const KEPT = 64

/** Lets so many through within a minute, for each key. */
function perMinute(most: number): (key: string) => boolean {
  const recent = new Map<string, number[]>()
  return (key) => {
    const now = performance.now()
    const times = recent.get(key) ?? []
    // The oldest come first: a message costs the same, however many are allowed.
    while (now - (times[0] ?? now) >= 60_000) times.shift()
    const free = times.length < most
    if (free) times.push(now)
    recent.set(key, times)
    return free
  }
}

/**
 * Serves the `ccc-sdk` messages of this page's own business frames (seed 004) by the workbench: a page
 * made for the vendor's workbench works here as it is, with `allowParents` for this page's origin.
 * Where the frame is Calldock's too, it is told what became of its call.
 *
 * @returns how to stop; stops by itself with the workbench
 * @throws {CalldockError} `INVALID_OPTION`; origins that are none are reported as uncaught, and nobody is served
 */
export function serveCallOuts(workbench: Workbench, options: ServeOptions): () => void {
  if (typeof options !== 'object' || !options) throw invalid('options', '{allow, …}', options)
  const { callsPerMinute = 20, onRefused, signal } = options
  if (!Number.isInteger(callsPerMinute) || callsPerMinute < 1)
    throw invalid('callsPerMinute', 'a whole number above 0', callsPerMinute)
  checkSignal(signal)
  requirePage()
  const peers = new Map<MessagePort, Peer>()
  const early: MessageEvent[] = []
  let serve: ((event: MessageEvent) => void) | undefined

  const free = perMinute(callsPerMinute)
  const tellable = perMinute(TOLD)
  const refuse = (reason: RefusedMessage['reason'], origin: string) => {
    if (!tellable(reason)) return
    log('error', 'message.refused', { reason, origin })
    try {
      onRefused?.({ reason, origin })
    } catch (error) {
      report(error)
    }
  }
  const admit = (origin: string) => {
    const admitted = free(origin)
    if (!admitted) refuse('rate', origin)
    return admitted
  }
  const hear = (event: MessageEvent) => {
    if (event.data?.source !== SOURCE) return
    if (serve) serve(event)
    // A flood before the core is there is none of ours to keep, and takes no other origin's place.
    else if (early.length < KEPT * callsPerMinute) {
      const same = early.filter(({ origin }) => origin === event.origin)
      if (same.length < callsPerMinute) early.push(event)
    }
  }
  const stop = () => {
    removeEventListener('message', hear)
    signal?.removeEventListener('abort', stop)
    early.length = 0
    serve = () => {}
    for (const peer of [...peers.values()]) peer.bye()
  }
  addEventListener('message', hear)
  signal?.addEventListener('abort', stop)
  workbench.closed.then(stop)

  settle(startCore(), { what: 'serveCallOuts', timeoutMs: 15_000, signal })
    .then((core) => {
      const allowed = core.readOrigins(options) as string[]
      serve ??= (event) => {
        const { origin, source, data, ports } = event
        if (!allowed.includes(origin)) return refuse('origin', origin)
        // Only a frame of this very page: no opener, no frame of a frame.
        if ((source as Window | null)?.parent !== window || source === window)
          return refuse('source', origin)
        const port = (data as Opening).calldock === BRIDGE ? ports[0] : undefined
        const peer = new Peer(workbench, {
          ...{ origin, port, read: core.readMessage },
          admit: () => admit(origin),
          refused: () => refuse('form', origin),
          gone: () => port && peers.delete(port),
        })
        if (port) {
          if (peers.size >= KEPT) peers.values().next().value?.bye()
          peers.set(port, peer)
        }
        peer.serve(0, (data as Opening).payload)
      }
      for (const event of early.splice(0)) serve(event)
    })
    .catch((error) => {
      stop()
      if (!(error instanceof CalldockError && error.code === 'ABORTED')) report(error)
    })
  return stop
}
