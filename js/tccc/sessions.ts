// The agent's calls and chats, from the workbench's events: nobody needs to poll.

import { report } from '../errors.js'
import type { CallIn, WorkbenchEvent } from './events.js'

/** One call or chat of the agent. */
export interface Session {
  readonly sessionId: string
  /** What kind; unknown of a session that began before the workbench was opened. */
  readonly type?: CallIn['type']
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly state: 'ringing' | 'connected' | 'ended'
  readonly callerPhoneNumber?: string
  readonly calleePhoneNumber?: string
  /** The customer's or the colleague's id. */
  readonly userId?: string
  readonly nickname?: string
  /** When it was first heard of, in ms since 1970. */
  readonly startedAt: number
  /** When it was answered. */
  readonly connectedAt?: number
  /** When it was over. */
  readonly endedAt?: number
  /** How long it was connected, in seconds: the vendor's word, else the two times above. */
  readonly duration?: number
  /** Who ended it; `autoTransfer` where it went on to another agent unanswered. */
  readonly closeBy?: string
  readonly mainReason?: string
  readonly subReason?: string
}

/** The sessions of the workbench, the newest last. */
export interface Sessions {
  /** An ended one stays until the vendor says that the work after it is over too, 50 at most. */
  readonly list: readonly Session[]
  /** Calls `listener` after every change of `list`; returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** How many ended sessions are kept. */
const ENDED = 50

/**
 * Sessions that follow the events handed to `heard`.
 *
 * @internal
 */
export class SessionList implements Sessions {
  #list: readonly Session[] = Object.freeze([])
  readonly #listeners = new Set<() => void>()

  get list(): readonly Session[] {
    return this.#list
  }

  // Bound, so that both may be handed to a framework's store as they are.
  readonly subscribe = (listener: () => void): (() => void) => {
    // A function of its own: the same listener may subscribe twice.
    const told = () => listener()
    this.#listeners.add(told)
    return () => this.#listeners.delete(told)
  }

  heard(event: WorkbenchEvent): void {
    const next = follow(this.#list, event, Date.now())
    if (next !== this.#list) this.#become(next)
  }

  clear(): void {
    if (this.#list.length) this.#become([])
  }

  #become(list: readonly Session[]): void {
    this.#list = Object.freeze(list)
    for (const listener of [...this.#listeners]) {
      try {
        listener()
      } catch (error) {
        report(error)
      }
    }
  }
}

/** The list after an event: itself where nothing changes. */
function follow(list: readonly Session[], event: WorkbenchEvent, now: number): readonly Session[] {
  switch (event.event) {
    case 'callIn':
      return put(list, incoming(event.payload, now))
    case 'callOuted': {
      const { sessionId, calleePhoneNumber, callerPhoneNumber } = event.payload
      return put(list, {
        ...{ sessionId, type: 'phone', direction: 'outbound', state: 'ringing', startedAt: now },
        ...known({ calleePhoneNumber, callerPhoneNumber }),
      } as Session)
    }
    case 'userAccessed':
    case 'calloutAccepted': {
      const direction = event.event === 'calloutAccepted' ? 'outbound' : 'inbound'
      const { sessionId } = event.payload
      const before = find(list, sessionId) ?? { sessionId, direction, startedAt: now }
      return put(list, { ...before, state: 'connected', connectedAt: now } as Session)
    }
    case 'autoTransfer':
      return end(list, event.payload.sessionId, now, { closeBy: 'autoTransfer' })
    case 'sessionEnded': {
      const { sessionId, closeBy, mainReason, subReason, duration } = event.payload
      return end(list, sessionId, now, known({ closeBy, mainReason, subReason, duration }))
    }
    case 'sessionCompleted':
      return without(list, event.payload.sessionId)
    default:
      return list
  }
}

function incoming(call: CallIn, now: number): Session {
  const { sessionId, type } = call
  const direction = type === 'internal' ? 'internal' : 'inbound'
  const phone = type === 'phone' ? call : undefined
  return {
    ...{ sessionId, type, direction, state: 'ringing', startedAt: now },
    ...known({
      callerPhoneNumber: phone?.callerPhoneNumber,
      calleePhoneNumber: phone?.calleePhoneNumber,
      userId: type === 'internal' ? call.peerUserId : 'userId' in call ? call.userId : undefined,
      nickname: 'nickname' in call ? call.nickname : undefined,
    }),
  } as Session
}

function end(
  list: readonly Session[],
  sessionId: string,
  now: number,
  how: Partial<Session>,
): readonly Session[] {
  const before = find(list, sessionId)
  if (!before || before.state === 'ended') return list
  const { connectedAt } = before
  const duration = connectedAt === undefined ? 0 : Math.round((now - connectedAt) / 1000)
  const next = put(list, { ...before, state: 'ended', endedAt: now, duration, ...how })
  const ended = next.filter(({ state }) => state === 'ended')
  const oldest = ended.length > ENDED && ended[0]
  return oldest ? without(next, oldest.sessionId) : next
}

function find(list: readonly Session[], sessionId: string): Session | undefined {
  return list.find((session) => session.sessionId === sessionId)
}

function put(list: readonly Session[], session: Session): readonly Session[] {
  const frozen = Object.freeze(session)
  return find(list, session.sessionId)
    ? list.map((old) => (old.sessionId === session.sessionId ? frozen : old))
    : [...list, frozen]
}

function without(list: readonly Session[], sessionId: string): readonly Session[] {
  return find(list, sessionId) ? list.filter((old) => old.sessionId !== sessionId) : list
}

/** The members that are there: what the vendor left out is left out. */
function known<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}
