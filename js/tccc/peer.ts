// One business frame of a host page.

import { CalldockError } from '../errors.js'
import { log } from '../log.js'
import type { ChatCard } from './methods.js'
import type { Session } from './sessions.js'
import type { Asked, CallOutState, Payload, Said } from './wire.js'
import type { Workbench } from './workbench.js'

interface Terms {
  readonly origin: string
  /** The private way back, where the frame is Calldock's. */
  readonly port: MessagePort | undefined
  /** Checks the body of an event. */
  readonly read: (event: string, body: unknown) => unknown
  /** Whether one more may be served. */
  readonly admit: () => boolean
  /** Called for a message that is not of the documented form. */
  readonly refused: () => void
  /** Called when the frame has gone. */
  readonly gone: () => void
}

/** @internal */
export class Peer {
  readonly #workbench: Workbench
  readonly #terms: Terms
  /** The calls it asked for, each with the state it was told last. */
  readonly #calls = new Map<string, Session['state'] | undefined>()
  readonly #unfollow: () => void

  constructor(workbench: Workbench, terms: Terms) {
    this.#workbench = workbench
    this.#terms = terms
    const { port } = terms
    this.#unfollow = port ? workbench.sessions.subscribe(() => this.#follow()) : () => {}
    if (!port) return
    port.onmessage = ({ data }: MessageEvent<Asked>) => {
      if (data?.type === 'ping') this.#say({ type: 'pong' })
      else if (data?.type === 'ask') this.serve(data.id, data.payload)
    }
    port.addEventListener('close', () => this.#end())
    this.#say({ type: 'welcome' })
  }

  /** Does what a message asks, and says what came of it. */
  async serve(id: number, payload: Payload | undefined): Promise<void> {
    try {
      if (!this.#terms.admit()) {
        const found = 'its frame: expected fewer messages a minute, found more'
        throw new CalldockError('ORIGIN_REFUSED', found)
      }
      const [event, body] = this.#read(payload)
      log('message', 'message.served', { event, origin: this.#terms.origin })
      const sessionId = await this.#do(event, body)
      if (sessionId && this.#terms.port) this.#calls.set(sessionId, undefined)
      this.#say({ type: 'done', id, ...(sessionId && { sessionId }) })
      this.#follow()
    } catch (error) {
      const { code, message, remedy } =
        error instanceof CalldockError ? error : new CalldockError('INTERNAL', String(error))
      const said = message.endsWith(remedy) ? message.slice(0, -remedy.length).trim() : message
      this.#say({ type: 'failed', id, code, message: said, remedy })
    }
  }

  /** Says that no more is served. */
  bye(): void {
    this.#say({ type: 'bye' })
    this.#end()
  }

  #read(payload: Payload | undefined): [event: string, body: unknown] {
    // Whatever the frame has posted: nobody has looked at it yet.
    const event = typeof payload?.event === 'string' ? payload.event : ''
    try {
      return [event, this.#terms.read(event, payload?.message)]
    } catch (error) {
      this.#terms.refused()
      throw error
    }
  }

  async #do(event: string, body: unknown): Promise<string | undefined> {
    const { call, chat, sessions } = this.#workbench
    if (event === 'callOut') {
      const { phoneNumber, desc } = body as { phoneNumber: string; desc?: string }
      const started = await call.startOutbound({
        phoneNumber,
        ...(desc && { phoneDesc: desc }),
      })
      return started.sessionId
    }
    const chats = sessions.list.filter(({ type, state }) => type === 'im' && state === 'connected')
    const open = chats.at(-1)
    if (event !== 'sendCard')
      throw new CalldockError(
        'INVALID_OPTION',
        `${event}: expected the vendor's own workbench, found a host page, which has no such method`,
      )
    if (!open)
      throw new CalldockError(
        'INVALID_OPTION',
        'sendCard: expected a chat that is open, found none',
      )
    await chat.sendCard({ sessionId: open.sessionId, payload: body as ChatCard })
    return undefined
  }

  /** Tells of the calls that have changed. */
  #follow(): void {
    for (const session of this.#workbench.sessions.list) {
      const { sessionId, state, closeBy, duration } = session
      if (!this.#calls.has(sessionId) || this.#calls.get(sessionId) === state) continue
      if (state === 'ended') this.#calls.delete(sessionId)
      else this.#calls.set(sessionId, state)
      const told: CallOutState = {
        state,
        ...(closeBy !== undefined && { closeBy }),
        ...(duration !== undefined && { duration }),
      }
      this.#say({ type: 'state', sessionId, ...told })
    }
  }

  #say(said: Said): void {
    this.#terms.port?.postMessage(said)
  }

  #end(): void {
    this.#unfollow()
    this.#calls.clear()
    this.#terms.port?.close()
    this.#terms.gone()
  }
}
