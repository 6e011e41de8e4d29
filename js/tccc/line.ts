// A page's end of the port to a host page.

import { REMEDIES } from '../codes.js'
import { CalldockError, type Code } from '../errors.js'
import { stream } from './stream.js'
import type { Asked, CallOutState, Payload, Said } from './wire.js'

/** How long, in ms, a host page may be silent while a call is followed. */
const SILENCE = 10_000

/** Of how many calls the states are kept. */
const REMEMBERED = 50

/** An answer of the host page's. */
export interface Answer {
  readonly sessionId?: string | undefined
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: CalldockError) => void
}

/** @internal */
export class Line {
  /** Whether the host page has taken the port. */
  readonly welcomed: Promise<void>
  readonly #port: MessagePort
  readonly #waiting = new Map<number, Waiting>()
  readonly #followed = new Map<string, CallOutState[]>()
  readonly #over = new AbortController()
  readonly #tell = new Set<(sessionId: string, state: CallOutState) => void>()
  #welcome = () => {}
  #next = 0
  #heard = true
  #pulse: ReturnType<typeof setInterval> | undefined

  constructor(port: MessagePort) {
    this.#port = port
    this.welcomed = new Promise((resolve) => {
      this.#welcome = resolve
    })
    port.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data)
    // Where the browser tells of it: the other document is gone.
    port.addEventListener('close', () => this.#end())
  }

  /** Whether nothing more will be said. */
  get over(): boolean {
    return this.#over.signal.aborted
  }

  /** Waits for the answer to the first message. */
  first(): Promise<Answer> {
    return this.#answer(this.#next++)
  }

  /** Asks over the port. */
  ask(payload: Payload): Promise<Answer> {
    const id = this.#next++
    const answer = this.#answer(id)
    this.#say({ type: 'ask', id, payload })
    return answer
  }

  /** Where a call stands, from its beginning on. */
  states(sessionId: string): AsyncIterableIterator<CallOutState> {
    return stream<CallOutState>((push) => {
      for (const state of this.#followed.get(sessionId) ?? []) push(state)
      const tell = (id: string, state: CallOutState) => {
        if (id === sessionId || state.state === 'lost') push(state)
      }
      this.#tell.add(tell)
      this.#beat()
      return () => {
        this.#tell.delete(tell)
        this.#beat()
      }
    }, this.#over.signal)
  }

  #answer(id: number): Promise<Answer> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  #hear(said: Said): void {
    this.#heard = true
    switch (said.type) {
      case 'welcome':
        this.#welcome()
        break
      case 'done':
        if (said.sessionId) this.#remember(said.sessionId)
        this.#settle(said.id, ({ resolve }) => resolve({ sessionId: said.sessionId }))
        break
      case 'failed':
        this.#settle(said.id, ({ reject }) => reject(failure(said)))
        break
      case 'state': {
        const { type, sessionId, ...state } = said
        this.#followed.get(sessionId)?.push(state)
        for (const tell of [...this.#tell]) tell(sessionId, state)
        break
      }
      case 'bye':
        this.#end()
    }
  }

  /** Keeps the states of a call for whoever asks later; of old ones nobody asks. */
  #remember(sessionId: string): void {
    if (!this.#followed.has(sessionId)) this.#followed.set(sessionId, [])
    const [oldest] = this.#followed.keys()
    if (this.#followed.size > REMEMBERED && oldest) this.#followed.delete(oldest)
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (waiting) how(waiting)
  }

  /** While a call is followed, the host page must be heard of now and then. */
  #beat(): void {
    if (this.#tell.size > 0 && !this.over) {
      this.#pulse ??= setInterval(() => {
        if (this.#heard) this.#say({ type: 'ping' })
        else this.#end()
        this.#heard = false
      }, SILENCE / 2)
    } else {
      clearInterval(this.#pulse)
      this.#pulse = undefined
    }
  }

  #say(asked: Asked): void {
    this.#port.postMessage(asked)
  }

  #end(): void {
    if (this.over) return
    for (const tell of [...this.#tell]) tell('', { state: 'lost' })
    this.#over.abort()
    this.#beat()
    this.#port.close()
    const found = 'the host page: expected an answer, found that it serves no more'
    for (const id of [...this.#waiting.keys()])
      this.#settle(id, ({ reject }) => reject(new CalldockError('ABORTED', found)))
  }
}

function failure({ code, message, remedy }: Extract<Said, { type: 'failed' }>): CalldockError {
  const known = (Object.hasOwn(REMEDIES, code) ? code : 'INTERNAL') as Code
  return new CalldockError(known, `the host page: ${message}`, { remedy })
}
