// The agent's calls and chats, followed by the workbench's events: a page does not need to poll.

import { readLoosely } from '../../check.js'
import { emitter } from '../../core/emitter.js'
import { invalid } from '../../core/errors.js'
import type {
  CommandOptions,
  Incoming,
  MethodName,
  TransferOptions,
  WorkbenchEvent,
} from '../../generated/types.js'
import { isPlain } from './vendor.js'

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

/** How many ended sessions are kept. */
const ENDED = 50

/** The methods of telephone, text and video sessions under each name, or of all; `-` where there is none. */
const NAMES: Readonly<Record<keyof SessionMethods, string>> = {
  accept: 'accept',
  hangUp: 'hangUp end end',
  transfer: 'transfer',
  mute: 'muteMic - muteMic',
  unmute: 'unmuteMic - unmuteMic',
  hold: 'hold - -',
  unhold: 'unhold - -',
  sendDigits: 'sendDigits - -',
}

/**
 * The prototype of sessions: their methods are not members of their own, so that a session can be copied,
 * compared and written as JSON.
 */
function methodsOf(run: RunMethod): SessionMethods {
  const methods: Record<string, unknown> = {}
  for (const [name, names] of Object.entries(NAMES)) {
    methods[name] = async function (this: Session, ...args: unknown[]): Promise<void> {
      const { sessionId, type } = this
      const at = ['im', 'video'].indexOf(type as string) + 1
      const method = names.split(' ')[at] ?? name
      if (method === '-') throw invalid(`session.${name}`, 'a telephone call', this)
      const first = name === 'transfer' || name === 'sendDigits' ? args.shift() : undefined
      const options = typeof first === 'string' ? { dtmfText: first } : readLoosely(first)
      const group = ['call', 'chat', 'video'][at]
      await run(`${group}.${method}` as MethodName, { ...options, sessionId }, args[0])
    }
  }
  return methods as unknown as SessionMethods
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
    follow: (event) => become(after(list, event, methods)),
    clear: () => become(list.length > 0 ? [] : list),
  }
}

/** The list after an event: itself where nothing changes. */
function after(
  list: readonly Session[],
  { event, payload }: WorkbenchEvent,
  methods: SessionMethods,
): readonly Session[] {
  // What the vendor left out, or what could not be read, is left out.
  const given = payload as { readonly [member: string]: unknown }
  const { sessionId } = given
  if (typeof sessionId !== 'string') return list
  const now = Date.now()
  const before = list.find((session) => session.sessionId === sessionId)
  const live = before?.state === 'ended' ? undefined : before
  const put = (members: Partial<Session>, names: string) => {
    const session: Record<string, unknown> = Object.assign(Object.create(methods), members)
    for (const name of names.split(' ')) if (isPlain(given[name])) session[name] = given[name]
    const next = Object.freeze(session) as unknown as Session
    return before ? list.map((old) => (old === before ? next : old)) : [...list, next]
  }
  const begun = { sessionId, startedAt: now, state: 'ringing' } as const
  switch (event) {
    case 'incoming': {
      const direction = given.type === 'internal' ? 'internal' : 'inbound'
      const names = 'type callerPhoneNumber calleePhoneNumber customerId agentId nickname'
      return put({ ...begun, direction }, names)
    }
    case 'outgoing':
      return put(
        { ...begun, type: 'phone', direction: 'outbound' },
        'callerPhoneNumber calleePhoneNumber',
      )
    case 'answered': {
      // Too late; one that was transferred may come back.
      if (before && !live && !/transfer/i.test(`${before.closeBy}`)) return list
      const direction = given.outbound ? 'outbound' : 'inbound'
      return put({ ...begun, direction, ...live, state: 'connected', connectedAt: now }, '')
    }
    case 'transferred':
    case 'ended': {
      if (!live) return list
      const { connectedAt = now } = live
      const duration = Math.round((now - connectedAt) / 1000)
      const closeBy = given.automatic ? 'autoTransfer' : 'transfer'
      const moved = event === 'transferred' && { closeBy }
      const next = put(
        { ...live, state: 'ended', endedAt: now, duration, ...moved },
        'closeBy mainReason subReason duration',
      )
      const ended = next.filter(({ state }) => state === 'ended')
      return ended.length > ENDED ? next.filter((session) => session !== ended[0]) : next
    }
    case 'completed':
      return before ? list.filter((session) => session !== before) : list
    default:
      return list
  }
}
