// A page's connection to the host page around it, where that page uses Calldock too.

import { own } from '../../check.js'
import { type CalldockError, type Code, failure } from '../../core/errors.js'
import { shared } from '../../core/registry.js'
import { stream } from '../../core/stream.js'
import {
  clearInterval,
  clearTimeout,
  type Deadline,
  NativePromise,
  setInterval,
  setTimeout,
} from '../../core/wait.js'
import type { CallOutState, FrameRequest, PortRequest } from '../wire.js'

/** How long, in ms, a host page may take to respond for the first time: it may be loading still. */
const PATIENCE = 5000

/** How long, in ms, a page waits for a parent to say which origin it is. */
const ORIGIN_PATIENCE = 1000

/** How long, in ms, a host page may be silent while a call is followed. */
const SILENCE = 10_000

/** Of how many calls the states are kept. */
const REMEMBERED = 50

/** How often, in ms, the deadlines of commands are looked at: a timer for each would cost more. */
const TICK = 100

/** What a command needs of its wait. */
export interface Command {
  readonly event: string
  readonly end: Deadline
  readonly signal: AbortSignal | undefined
}

/** Where a message may go: the origins of `allowParents`, one in a line, and `targetOrigin`. */
export interface Terms {
  readonly allowed: string | undefined
  readonly target: string | undefined
}

/** A command that waits for its response. */
interface Pending extends Command {
  readonly resolve: (sessionId: string) => void
  readonly reject: (error: CalldockError) => void
}

type Listener = (sessionId: string, state: CallOutState) => void

/** @internal */
export class HostLink {
  /** The host page's origin, as the browser tells with its messages. */
  origin: string | undefined
  /** The private port, once the host page has responded. */
  port: MessagePort | undefined
  /** What the core has found its origin to fit. */
  terms: Terms | undefined
  /** Whether the parent does not respond: messages do not wait for it until it says that it serves. */
  silent = false
  readonly #page: Window
  readonly #pending = new Map<number, Pending>()
  readonly #states = new Map<string, CallOutState[]>()
  readonly #listeners = new Set<Listener>()
  #connecting: Promise<boolean> | undefined
  #settle: (connected: boolean) => void = () => {}
  #next = 1
  /** How many messages have come over ports. */
  #heard = 0
  readonly #forget: () => void
  #heartbeat: ReturnType<typeof setInterval> | undefined
  #ticks: ReturnType<typeof setInterval> | undefined

  constructor(page: Window) {
    this.#page = page
    const receive = (event: MessageEvent) => this.#receive(event)
    const shown = ({ persisted }: PageTransitionEvent) => persisted && this.#check(1000)
    page.addEventListener('message', receive)
    page.addEventListener('pageshow', shown)
    this.#forget = () => {
      page.removeEventListener('message', receive)
      page.removeEventListener('pageshow', shown)
    }
    // An application in a realm of its own may go before the page does, which keeps the port and the listeners.
    if (page !== window)
      window.addEventListener('pagehide', ({ persisted }) => persisted || this.#leave())
  }

  /** Whether a message needs no response with a port. */
  get quiet(): boolean {
    return this.silent || this.#connecting !== undefined
  }

  /** Waits until the host page has given a port; `false` if it does not respond in time. */
  async connected(patience = PATIENCE): Promise<boolean> {
    if (this.port) return true
    if (this.silent) return false
    this.#connecting ??= new NativePromise((resolve) => {
      const timer = setTimeout(() => {
        this.silent = true
        this.#settle(false)
      }, patience)
      this.#settle = (connected) => {
        clearTimeout(timer)
        this.#connecting = undefined
        this.#settle = () => {}
        resolve(connected)
      }
    })
    return await this.#connecting
  }

  /** Asks a parent for its origin which the browser does not tell. The message has no content. */
  async askOrigin(): Promise<string> {
    if (!this.port && !this.#connecting) this.#open('*')
    // The port of a parent that serves by now is there for the next message.
    if (this.silent) return ''
    return (await this.connected(ORIGIN_PATIENCE)) ? (this.origin as string) : ''
  }

  /** The number of the next command over the port. */
  nextId(): number {
    return this.#next++
  }

  /**
   * Waits for the response to a command.
   *
   * @throws {CalldockError} the host page's; `OUTCOME_UNKNOWN` for a call without a response in time, `TIMEOUT`
   * for another command; `PEER_GONE`, `ABORTED`
   */
  async response(id: number, command: Command): Promise<string> {
    const { event, signal } = command
    const response = new NativePromise<string>((resolve, reject) => {
      this.#pending.set(id, { ...command, resolve, reject })
    })
    this.#ticks ??= setInterval(() => this.#tick(), TICK)
    const abort = () => {
      const [found, details] = ['that its signal aborted it', { cause: signal?.reason }]
      this.#take(id)?.reject(failure('ABORTED', event, 'a response', found, details))
    }
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      return await response
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Follows a call, from its start; one whose session the vendor has not named has no states. */
  states(sessionId: string, signal?: AbortSignal): AsyncIterableIterator<CallOutState> {
    return stream<CallOutState>({
      signals: [signal],
      subscribe: (push, end) => {
        if (!sessionId) end()
        const take: Listener = (id, state) => {
          if (id && id !== sessionId) return
          push(state)
          if (state.state === 'ended' || state.state === 'lost') end()
        }
        for (const state of this.#states.get(sessionId) ?? []) take(sessionId, state)
        // Of a call that is forgotten nothing more is kept.
        if (!this.port || !this.#states.has(sessionId)) take('', { state: 'lost' })
        this.#listeners.add(take)
        this.#beat()
        return () => {
          this.#listeners.delete(take)
          this.#beat()
        }
      },
    })
  }

  /** A message to the page's window. */
  #receive(event: MessageEvent): void {
    const { source, origin, data, ports } = event
    if (source !== this.#page.parent || source === this.#page) return
    const what = own(data, 'calldock')
    if (what === 'serving') {
      this.silent = false
      if (this.#connecting) this.#open(origin)
    } else if (what === 'prove' && origin === this.origin) {
      this.#send({ type: 'proof', proof: String(own(data, 'proof')) })
    } else if (what === 'port' && ports[0]) {
      const [port] = ports
      const taken = shared('taken-ports/1', () => new WeakSet<MessageEvent>(), this.#page)
      if (taken.has(event)) return
      if (this.#connecting) {
        taken.add(event)
        this.#connect(port, origin)
        return
      }
      // Another application of the page may wait for it, with a connection of its own (wujie).
      setTimeout(() => {
        if (taken.has(event)) return
        taken.add(event)
        if (this.port) port.close()
        else this.#connect(port, origin)
      })
    }
  }

  #connect(port: MessagePort, origin: string): void {
    this.port = port
    this.origin = origin
    this.terms = undefined
    this.silent = false
    port.onmessage = ({ data }) => this.#receiveFromPort(data)
    // Where the browser tells of it: the other document is gone.
    port.addEventListener('close', () => port === this.port && this.#end())
    this.#settle(true)
  }

  /** A message over the port. */
  #receiveFromPort(data: unknown): void {
    this.#heard += 1
    const id = own(data, 'id') as number
    const sessionId = own(data, 'sessionId')
    switch (own(data, 'type')) {
      case 'done':
        if (typeof sessionId === 'string') this.#remember(sessionId)
        this.#take(id)?.resolve(typeof sessionId === 'string' ? sessionId : '')
        break
      case 'failed':
        this.#take(id)?.reject(failureOf(data))
        break
      case 'state':
        this.#emit(String(sessionId), stateOf(data))
        break
      case 'bye':
        this.#end(true)
    }
  }

  /** Ends the commands whose time is over; stops once nothing waits. */
  #tick(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#ticks)
      this.#ticks = undefined
    }
    for (const [id, { end, event, reject }] of this.#pending) {
      if (end.remaining() > 0) continue
      this.#pending.delete(id)
      const found = `none within ${end.timeoutMs} ms`
      reject(
        event === 'callOut'
          ? unknown(event, found)
          : failure('TIMEOUT', event, 'a response', found),
      )
      // The host page may be gone, which not every browser tells.
      this.#check(1000)
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #emit(sessionId: string, state: CallOutState): void {
    this.#states.get(sessionId)?.push(state)
    for (const listener of [...this.#listeners]) listener(sessionId, state)
  }

  /** Keeps the states of a call for a later `states()`; only so many calls are kept. */
  #remember(sessionId: string): void {
    if (!this.#states.has(sessionId)) this.#states.set(sessionId, [])
    const [oldest] = this.#states.keys()
    if (this.#states.size > REMEMBERED && oldest) this.#states.delete(oldest)
  }

  /** While a call is followed, the host page must send a message at regular intervals. */
  #beat(): void {
    const needed = this.#listeners.size > 0 && this.port !== undefined
    if (needed) this.#heartbeat ??= setInterval(() => this.#check(SILENCE / 2), SILENCE)
    else {
      clearInterval(this.#heartbeat)
      this.#heartbeat = undefined
    }
  }

  /** Ends the connection if the host page does not respond within so many ms. */
  #check(ms: number): void {
    const { port } = this
    if (!port) return
    const heard = this.#heard
    this.#send({ type: 'ping' })
    setTimeout(() => heard === this.#heard && port === this.port && this.#end(), ms)
  }

  #open(target: string): void {
    const request: PortRequest = { calldock: 'open' }
    this.#page.parent.postMessage(request, target)
  }

  #send(request: FrameRequest): void {
    this.port?.postMessage(request)
  }

  /** Ends the connection for good, and lets the host page forget it. */
  #leave(): void {
    this.#forget()
    this.#send({ type: 'bye' })
    this.#end()
  }

  /** Ends the connection. A host page that says so has not done what it has not responded to. */
  #end(announced = false): void {
    const { port } = this
    if (!port) return
    this.port = undefined
    port.close()
    // Also for who asks for the states later, over another port.
    for (const states of this.#states.values()) states.push({ state: 'lost' })
    this.#emit('', { state: 'lost' })
    this.#beat()
    for (const { reject, event } of this.#pending.values())
      reject(
        announced || event !== 'callOut'
          ? failure('PEER_GONE', 'the host page', 'a response', 'that it serves no more')
          : unknown('the host page', 'that it is gone'),
      )
    this.#pending.clear()
  }
}

/** The connections by window; all copies of the package in this realm share them. */
const links = () => shared('host-links/1', () => new WeakMap<Window, HostLink>())

/** Returns the window's connection, if it has one. */
export const presentLink = (page: Window) => links().get(page)

/** Returns the window's connection, which listens from now on. */
export function hostLink(page: Window): HostLink {
  const link = presentLink(page) ?? new HostLink(page)
  links().set(page, link)
  return link
}

/** The error of a call that may have been made. */
function unknown(where: string, found: string): CalldockError {
  return failure('OUTCOME_UNKNOWN', where, 'a response', found)
}

function stateOf(data: unknown): CallOutState {
  const closeBy = own(data, 'closeBy')
  const duration = own(data, 'duration')
  return {
    state: own(data, 'state') as CallOutState['state'],
    ...(typeof closeBy === 'string' && { closeBy }),
    ...(typeof duration === 'number' && { duration }),
  }
}

function failureOf(data: unknown): CalldockError {
  const text = (name: string) => String(own(data, name) ?? '')
  const code = text('code')
  // A host of a newer version may know more codes.
  const known = /^[A-Z_]{3,30}$/.test(code) ? (code as Code) : 'INTERNAL'
  const where = `the host page: ${text('where')}`
  return failure(known, where, text('expected'), text('found'), { remedy: text('remedy') })
}
