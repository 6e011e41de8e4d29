// The agent's calls and chats, followed by the workbench's events: a page does not need to poll.

import { emitter } from '../../core/emitter.js'
import { invalid } from '../../core/errors.js'
import type {
  CommandOptions,
  Incoming,
  MethodName,
  TransferOptions,
  WorkbenchEvent,
} from '../../generated/types.js'

/** Where a session is transferred to: a skill group, an agent, or an agent of a group. */
export type TransferTarget = Omit<TransferOptions, 'sessionId'>

/** What can be done with a session, whatever its type; `CLOSED` once the workbench is closed. */
export interface SessionMethods {
  /** Answers it. */
  accept(terms?: CommandOptions): Promise<void>
  /** Ends it. */
  hangUp(terms?: CommandOptions): Promise<void>
  /** Transfers it to a skill group or an agent. */
  transfer(target: TransferTarget, terms?: CommandOptions): Promise<void>
  /** Mutes the microphone. Not of a text chat. */
  mute(terms?: CommandOptions): Promise<void>
  /** Unmutes the microphone. Not of a text chat. */
  unmute(terms?: CommandOptions): Promise<void>
  /** Puts it on hold. Only of a telephone or internet call. */
  hold(terms?: CommandOptions): Promise<void>
  /** Takes it off hold. Only of a telephone or internet call. */
  unhold(terms?: CommandOptions): Promise<void>
  /** Presses telephone keys: digits, `*` and `#`. Only of a telephone or internet call. */
  sendDigits(dtmfText: string, terms?: CommandOptions): Promise<void>
}

/** One call or chat of the agent: a snapshot, replaced at every change. */
export interface Session extends SessionMethods {
  readonly sessionId: string
  /** What kind; unknown of a session that began before the workbench was opened. */
  readonly type?: Incoming['type']
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly state: 'ringing' | 'connected' | 'ended'
  readonly callerPhoneNumber?: string
  readonly calleePhoneNumber?: string
  /** The customer of an internet or video call. */
  readonly customerId?: string
  /** The colleague of an internal call. */
  readonly agentId?: string
  readonly nickname?: string
  /** When its first event came, in ms since 1970. */
  readonly startedAt: number
  /** When it was answered, in ms since 1970. */
  readonly connectedAt?: number
  /** When it ended, in ms since 1970. */
  readonly endedAt?: number
  /** How long it was connected, in seconds: the vendor's value, else from the two times above. */
  readonly duration?: number
  /** Who ended it; `transfer` or `autoTransfer` where it went on to another agent. */
  readonly closeBy?: string
  readonly mainReason?: string
  readonly subReason?: string
}

/** The sessions of the workbench, the newest last. */
export interface Sessions {
  /** A frozen list, replaced at every change. Ended ones stay until the vendor completes them, 50 at most. */
  readonly list: readonly Session[]
  /** Calls `listener` after every change of `list`; returns a stop function. */
  subscribe(listener: () => void): () => void
}

/** Runs a method of the workbench. */
export type RunMethod = (name: MethodName, ...args: unknown[]) => Promise<unknown>

type Fields = Omit<Session, keyof SessionMethods>

/** How many ended sessions are kept. */
const ENDED = 50

/** The group and the names of a method by the session's type, in the order call, chat, video. */
const NAMES: Readonly<Record<keyof SessionMethods, readonly (MethodName | undefined)[]>> = {
  accept: ['call.accept', 'chat.accept', 'video.accept'],
  hangUp: ['call.hangUp', 'chat.end', 'video.end'],
  transfer: ['call.transfer', 'chat.transfer', 'video.transfer'],
  mute: ['call.muteMic', undefined, 'video.muteMic'],
  unmute: ['call.unmuteMic', undefined, 'video.unmuteMic'],
  hold: ['call.hold'],
  unhold: ['call.unhold'],
  sendDigits: ['call.sendDigits'],
}

/**
 * The prototype of sessions: their methods are not members of their own, so that a session can be copied,
 * compared and written as JSON.
 */
function methodsOf(run: RunMethod): SessionMethods {
  const method = (name: keyof SessionMethods, read: (argument: unknown) => object | undefined) =>
    async function (this: Fields, ...args: unknown[]): Promise<void> {
      const { sessionId, type } = this
      const called = NAMES[name][type === 'im' ? 1 : type === 'video' ? 2 : 0]
      if (!called) throw invalid(`session.${name}`, 'a telephone call', undefined)
      const options = read(args[0])
      await run(called, { ...options, sessionId }, options ? args[1] : args[0])
    }
  const plain = (name: keyof SessionMethods) => method(name, () => undefined)
  return {
    accept: plain('accept'),
    hangUp: plain('hangUp'),
    mute: plain('mute'),
    unmute: plain('unmute'),
    hold: plain('hold'),
    unhold: plain('unhold'),
    transfer: method('transfer', (target) => ({ ...(target as object) })),
    sendDigits: method('sendDigits', (dtmfText) => ({ dtmfText })),
  }
}

/** Sessions that follow the events handed to `follow`. */
export interface SessionList extends Sessions {
  follow(event: WorkbenchEvent): void
  clear(): void
}

/** Makes an empty list whose sessions call `run`. */
export function sessionList(run: RunMethod): SessionList {
  const methods = methodsOf(run)
  const changes = emitter<{ change: undefined }>()
  let list: readonly Session[] = Object.freeze([])
  const become = (next: readonly Session[]) => {
    if (next === list) return
    list = Object.freeze(next)
    changes.emit('change', undefined)
  }
  return {
    get list() {
      return list
    },
    subscribe: (listener) => changes.on('change', () => listener()),
    follow(event) {
      // Of an event whose session cannot be read, nothing can be followed.
      if (typeof (event.payload as Partial<Fields>).sessionId !== 'string') return
      const next = after(list, event, Date.now())
      become(next === list ? list : next.map((session) => withMethods(session, methods)))
    },
    clear: () => become(list.length > 0 ? [] : list),
  }
}

function withMethods(fields: Fields, methods: SessionMethods): Session {
  if (Object.getPrototypeOf(fields) === methods) return fields as Session
  return Object.freeze(Object.assign(Object.create(methods), fields))
}

/** The list after an event: itself where nothing changes. */
function after(list: readonly Fields[], event: WorkbenchEvent, now: number): readonly Fields[] {
  switch (event.event) {
    case 'incoming':
      return put(list, incoming(event.payload, now))
    case 'outgoing': {
      const { sessionId, calleePhoneNumber, callerPhoneNumber } = event.payload
      return put(list, {
        ...{ sessionId, type: 'phone', direction: 'outbound', state: 'ringing', startedAt: now },
        ...known({ calleePhoneNumber, callerPhoneNumber }),
      })
    }
    case 'answered': {
      const { sessionId, outbound } = event.payload
      const before = find(list, sessionId)
      const known = before && before.state !== 'ended'
      const direction = outbound ? 'outbound' : 'inbound'
      const begun = known ? before : { sessionId, direction, startedAt: now }
      return put(list, { ...begun, state: 'connected', connectedAt: now } as Fields)
    }
    case 'transferred': {
      const { sessionId, automatic } = event.payload
      return end(list, sessionId, now, { closeBy: automatic ? 'autoTransfer' : 'transfer' })
    }
    case 'ended': {
      const { sessionId, closeBy, mainReason, subReason, duration } = event.payload
      return end(list, sessionId, now, known({ closeBy, mainReason, subReason, duration }))
    }
    case 'completed':
      return without(list, event.payload.sessionId)
    default:
      return list
  }
}

function incoming(call: Incoming, now: number): Fields {
  const { sessionId, type } = call
  // Which members there are depends on the type; the vendor may leave some out.
  const { callerPhoneNumber, calleePhoneNumber, customerId, agentId, nickname } =
    call as Partial<Fields>
  const direction = type === 'internal' ? 'internal' : 'inbound'
  return {
    ...{ sessionId, type, direction, state: 'ringing', startedAt: now },
    ...known({ callerPhoneNumber, calleePhoneNumber, customerId, agentId, nickname }),
  }
}

function end(
  list: readonly Fields[],
  sessionId: string,
  now: number,
  how: Partial<Fields>,
): readonly Fields[] {
  const before = find(list, sessionId)
  if (!before || before.state === 'ended') return list
  const { connectedAt } = before
  const duration = connectedAt === undefined ? 0 : Math.round((now - connectedAt) / 1000)
  const next = put(list, { ...before, state: 'ended', endedAt: now, duration, ...how })
  const ended = next.filter(({ state }) => state === 'ended')
  const oldest = ended.length > ENDED && ended[0]
  return oldest ? without(next, oldest.sessionId) : next
}

function find(list: readonly Fields[], sessionId: string): Fields | undefined {
  return list.find((session) => session.sessionId === sessionId)
}

function put(list: readonly Fields[], session: Fields): readonly Fields[] {
  return find(list, session.sessionId)
    ? list.map((old) => (old.sessionId === session.sessionId ? session : old))
    : [...list, session]
}

function without(list: readonly Fields[], sessionId: string): readonly Fields[] {
  return find(list, sessionId) ? list.filter((old) => old.sessionId !== sessionId) : list
}

/** The members that are there: what the vendor left out is left out. */
function known(members: { [K in keyof Fields]?: Fields[K] | undefined }): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>
}
