// A host page's port to one of its frames.

import { own } from '../../../check.js'
import { type CalldockError, failure, isCalldockError } from '../../../core/errors.js'
import { log } from '../../../core/log.js'
import { setTimeout, whenDescribed } from '../../../core/wait.js'
import type { RefusedMessage } from '../../../generated/types.js'
import type { HostResponse, Reply } from '../../wire.js'
import type { Session } from '../sessions.js'
import { isPlain } from '../vendor.js'
import type { Workbench } from '../workbench.js'
import { type Command, commandOf, execute } from './commands.js'

/** How long, in ms, a proof holds that the port is still the frame's own. */
const PROOF_AGE = 1000

/** How long, in ms, a frame may take to prove it. */
const PROOF_PATIENCE = 2000

/** What the ports of a page share. */
export interface Service {
  readonly page: Window
  /** The workbench, as soon as there is one. */
  readonly workbench: Promise<Workbench>
  /** Counts a message of an origin; `false` if there were too many. */
  admit(origin: string): boolean
  refuse(reason: RefusedMessage['reason'], origin: string): void
}

/**
 * Returns the page's frame that a window is or is in. What is sent to it by origin arrives only where the
 * frame's own document is of that origin.
 */
export function frameWith(page: Window, source: MessageEventSource | null): Window | undefined {
  try {
    let frame = source as Window
    while (frame.parent !== page && frame.parent !== frame) frame = frame.parent
    return isFrameOf(page, frame) ? frame : undefined
  } catch {
    // A port or a worker, or a frame that was removed.
    return undefined
  }
}

/** Tells whether a window is a frame of the page, and not one that was removed, or a frame of a frame. */
export function isFrameOf(page: Window, source: MessageEventSource | null): source is Window {
  try {
    const frame = source as Window | null
    return frame !== null && frame !== page && !frame.closed && frame.parent === page
  } catch {
    // A port or a worker.
    return false
  }
}

/**
 * Does what a message of a frame asks for, over a port or as the vendor's guide posts it. `mayStart` is asked
 * when the workbench is there: a call that the frame has been told of as not made must not be made then.
 */
export async function serve(
  service: Service,
  origin: string,
  payload: unknown,
  mayStart: () => boolean,
): Promise<string | undefined> {
  if (!service.admit(origin)) {
    service.refuse('rate', origin)
    throw failure('TOO_MANY', 'callsPerMinute', 'fewer messages within a minute', 'more')
  }
  let command: Command
  try {
    command = commandOf(payload)
  } catch (error) {
    service.refuse('form', origin)
    throw error
  }
  log('message', 'message.served', { event: command.event, origin })
  const workbench = await service.workbench
  if (!mayStart()) throw failure('CLOSED', 'serveCallOuts', 'a frame that waits', 'none')
  return execute(workbench, command)
}

/**
 * The port that was given to one document of a frame. It ends with that document: a document that hands it
 * on cannot be served by it after the frame has gone or shows another page.
 */
export class FramePort {
  readonly origin: string
  readonly #service: Service
  readonly #frame: Window
  readonly #port: MessagePort
  /** The calls that the frame asked for, each with the state that was reported last. */
  readonly #calls = new Map<string, Session['state'] | undefined>()
  /** Commands that have no response yet; the value says whether the workbench has begun with it. */
  readonly #open = new Map<number, boolean>()
  #unfollow = () => {}
  #followed: Workbench | undefined
  #lastId = 0
  #provenAt = performance.now()
  #proof: { readonly text: string; readonly held: (() => void)[] } | undefined
  #over = false

  constructor(service: Service, frame: Window, origin: string) {
    this.origin = origin
    this.#service = service
    this.#frame = frame
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.onmessage = ({ data }) => this.#receive(data)
    port1.addEventListener('close', () => this.#end())
    this.#reply({ calldock: 'port' }, [port2])
  }

  /** Whether it is over, or its frame has gone. */
  get over(): boolean {
    if (!this.#over && !isFrameOf(this.#service.page, this.#frame)) this.#end()
    return this.#over
  }

  /** Asks for a new proof, because the frame has loaded a page. */
  doubt(): void {
    if (!this.over) this.#prove()
  }

  /** Reports that no more is served. */
  bye(): void {
    if (this.#over) return
    const error = failure(
      'OUTCOME_UNKNOWN',
      'the workbench',
      'a response',
      'that it serves no more',
    )
    // The frame has the fix of this code itself.
    for (const [id, begun] of this.#open) if (begun) this.#fail(id, error, '')
    this.#send({ type: 'bye' })
    this.#end()
  }

  #receive(data: unknown): void {
    if (this.over) return
    const type = own(data, 'type')
    if (type === 'ping') this.#send({ type: 'pong' })
    else if (type === 'bye') this.#end()
    else if (type === 'proof') {
      if (this.#proof && own(data, 'proof') === this.#proof.text) this.#proven()
    } else if (type === 'ask') {
      const id = own(data, 'id')
      // A number is used once, so that nothing is served twice.
      if (typeof id !== 'number' || !(id > this.#lastId)) {
        this.#service.refuse('replay', this.origin)
        return
      }
      this.#lastId = id
      const payload = own(data, 'payload')
      const run = () => this.#run(id, payload)
      if (performance.now() - this.#provenAt > PROOF_AGE) this.#prove()
      if (this.#proof) this.#proof.held.push(run)
      else run()
    }
  }

  async #run(id: number, payload: unknown): Promise<void> {
    this.#open.set(id, false)
    const begin = () => !this.over && this.#open.has(id) && !!this.#open.set(id, true)
    try {
      const sessionId = await serve(this.#service, this.origin, payload, begin)
      if (!this.#open.delete(id)) return
      this.#send({ type: 'done', id, ...(sessionId && { sessionId }) })
      if (sessionId) await this.#follow(sessionId)
    } catch (error) {
      if (!this.#open.delete(id)) return
      const known = isCalldockError(error)
      await whenDescribed(error)
      this.#fail(
        id,
        known ? error : failure('INTERNAL', 'the host page', 'a result', 'an exception'),
      )
    }
  }

  #fail(id: number, error: CalldockError, remedy = error.remedy): void {
    const { code, where, expected, found } = error
    this.#send({ type: 'failed', id, code, where, expected, found, remedy })
  }

  /** Asks the document in the frame to send a text back over the port: only the frame itself gets it. */
  #prove(): void {
    if (this.#proof) return
    const text = String(crypto.getRandomValues(new Uint32Array(2)))
    const proof = { text, held: [] }
    this.#proof = proof
    this.#reply({ calldock: 'prove', proof: text })
    setTimeout(() => {
      if (proof !== this.#proof || this.#over) return
      this.#service.refuse('source', this.origin)
      this.bye()
    }, PROOF_PATIENCE)
  }

  #proven(): void {
    const held = this.#proof?.held ?? []
    this.#proof = undefined
    this.#provenAt = performance.now()
    for (const run of held) run()
  }

  async #follow(sessionId: string): Promise<void> {
    this.#calls.set(sessionId, undefined)
    if (!this.#followed) {
      this.#followed = await this.#service.workbench
      if (this.#over) return
      this.#unfollow = this.#followed.sessions.subscribe(() => this.#report())
    }
    this.#report()
  }

  /** Reports the calls whose state has changed. */
  #report(): void {
    if (this.over) return
    const list = this.#followed?.sessions.list ?? []
    for (const session of list) {
      const { sessionId, state, closeBy, duration } = session
      if (!this.#calls.has(sessionId) || this.#calls.get(sessionId) === state) continue
      if (state === 'ended') this.#calls.delete(sessionId)
      else this.#calls.set(sessionId, state)
      this.#send({
        ...{ type: 'state', sessionId, state },
        // Of another copy's workbench, they may be anything: what cannot be cloned would end no call.
        ...(isPlain(closeBy) && { closeBy }),
        ...(isPlain(duration) && { duration }),
      })
    }
    // Another login has emptied the list: of these calls nothing more will be known.
    for (const [sessionId, state] of this.#calls) {
      if (state === undefined || list.some((session) => session.sessionId === sessionId)) continue
      this.#calls.delete(sessionId)
      this.#send({ type: 'state', sessionId, state: 'lost' })
    }
  }

  #send(response: HostResponse): void {
    if (!this.#over) this.#port.postMessage(response)
  }

  #reply(reply: Reply, ports: MessagePort[] = []): void {
    this.#frame.postMessage(reply, this.origin, ports)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#unfollow()
    this.#calls.clear()
    this.#open.clear()
    this.#port.close()
  }
}
