// The page's real workbench on a stand-in for the vendor, in a window of its own: nothing is put into the
// page, and nothing uses the network.

import { EVENTS, METHODS } from '../generated/workbench.js'
import { CalldockError, type Code } from '../index.js'
import { spellingOf } from '../tccc/host/vendor.js'
import {
  type Incoming,
  type MethodName,
  openWorkbench,
  type Workbench,
  type WorkbenchEventName,
  type WorkbenchEvents,
} from '../tccc.js'
import { installVendor } from './vendor.js'

/** A method that the page has called. */
export interface FakeCommand {
  /** For example `call.hangUp`. */
  readonly method: MethodName
  /** The options, as the vendor gets them. */
  readonly options: unknown
}

/** Any members of these: what is left out, or is `undefined`, is filled in. */
type Some<T> = { readonly [M in keyof T]?: T[M] | undefined }

/** A call that rings; what is left out, or is `undefined`, is filled in. */
export type FakeCall = Some<Incoming> & { readonly type?: Incoming['type'] | undefined }

/** What a call of each type has, where a test leaves it out. */
const FILLED_IN: { readonly [type in Incoming['type']]: object } = {
  phone: {
    ...{ calleePhoneNumber: '10086', callerPhoneNumber: '13800000000' },
    serverType: 'staffSeat',
  },
  im: { nickname: 'visitor' },
  voip: { callee: '10086', customerId: 'customer-1' },
  video: { customerId: 'customer-1' },
  internal: { agentId: 'colleague@example.com' },
}

/** A workbench in the hands of a test. */
export interface FakeWorkbench {
  /** Takes the place of `openWorkbench`: the page's real workbench, or the failure of `failOpen`. */
  readonly open: () => Promise<Workbench>
  /** Every method that the page has called, in order. */
  readonly commands: readonly FakeCommand[]
  /** Lets a call ring; returns its session's id. */
  ring(call?: FakeCall): string
  /** Answers a session; of an outbound call, the called party does. @defaultValue the newest */
  answer(sessionId?: string): void
  /** Ends a session. @defaultValue the newest */
  hangUp(sessionId?: string, how?: Some<WorkbenchEvents['ended']>): void
  /** Emits any event as the vendor would. */
  emit<E extends WorkbenchEventName>(event: E, payload: WorkbenchEvents[E]): void
  /**
   * Sets the response of a method from now on: `{status: 'error', errorMsg}` and an `Error` make it fail, a
   * function is called with the options.
   */
  reply(method: MethodName, response: unknown): void
  /** Makes the next `open` fail. */
  failOpen(code: Code): void
  /** Lets the token expire, which closes the workbench with `TOKEN_EXPIRED`. */
  expire(): void
}

/**
 * Makes a workbench without a vendor: the page's real one, whose events come from the test. It runs in a page,
 * in jsdom and in Node, where the core's files are read from disk.
 *
 * @example
 * const fake = fakeWorkbench()
 * const workbench = await fake.open()
 * fake.ring({ callerPhoneNumber: '13800000000' })
 */
export function fakeWorkbench({ agentId = 'agent@example.com' } = {}): FakeWorkbench {
  const page = fakeWindow(agentId)
  const vendor = installVendor(page)
  const { tccc } = page
  /** Sessions that have not ended: whether they are outbound. */
  const sessions = new Map<string, boolean>()
  let made = 0
  let fails: Code | undefined
  let opened: Workbench | undefined
  const newest = (): string => {
    const [last] = [...sessions.keys()].reverse()
    if (last === undefined) throw new Error('there is no session')
    return last
  }
  const follow = ({ tccc }: FakeWindow) => {
    tccc.on('callIn', ({ sessionId }) => sessions.set(sessionId, false))
    tccc.on('callOuted', ({ sessionId }) => sessions.set(sessionId, true))
    tccc.on('sessionEnded', ({ sessionId }) => sessions.delete(sessionId))
  }
  follow(page)
  const fake: FakeWorkbench = {
    async open() {
      const code = fails
      fails = undefined
      if (code)
        throw new CalldockError(code, 'fakeWorkbench', 'to open', 'that the test made it fail')
      // After `expire` the workbench has removed it from the page.
      page.tccc = tccc
      const before = vendor.commands.length
      const workbench = await openWorkbench({ attach: true, window: page as unknown as Window })
      // How a workbench finds out that the vendor is ready is not the page's doing; one that is open does not ask.
      if (workbench === opened) return workbench
      opened = workbench
      const probe = vendor.commands.findIndex(
        ({ method }, at) => at >= before && method === 'Agent.getStatus',
      )
      if (probe >= 0) vendor.commands.splice(probe, 1)
      return workbench
    },
    get commands() {
      return vendor.commands.flatMap(({ method, options }) => {
        const name = ours(method)
        return name ? [{ method: name, options }] : []
      })
    },
    ring(call = {}) {
      made += 1
      const sessionId = call.sessionId ?? `ringing-${made}`
      const { type = 'phone' } = call
      fake.emit('incoming', {
        ...{ sessionId, type, timeout: 30 },
        ...FILLED_IN[type],
        ...defined(call),
      } as Incoming)
      return sessionId
    },
    answer(sessionId = newest()) {
      fake.emit('answered', { sessionId, outbound: sessions.get(sessionId) === true })
    },
    hangUp(sessionId = newest(), how = {}) {
      fake.emit('ended', { sessionId, closeBy: 'client', ...defined(how) })
    },
    emit(event, payload) {
      const [spelling, envelope] = theirs(event, payload as Record<string, unknown>)
      vendor.emit(spelling, envelope)
    },
    reply: (method, response) => vendor.reply(spellingOf(method), response),
    failOpen(code) {
      fails = code
    },
    expire: () => vendor.emit('tokenExpired'),
  }
  return fake
}

/** The members that have a value. */
const defined = (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** The window that the stand-in is registered in. */
interface FakeWindow {
  tccc: { on(event: string, listener: (payload: { sessionId: string }) => void): void }
}

/** What the workbench uses of a window. */
function fakeWindow(agentId: string): FakeWindow {
  const script = { dataset: { userid: agentId, sdkAppId: '1400000000' }, src: '' }
  const page = {
    document: {
      nodeType: 9,
      appendChild() {},
      querySelector: () => null,
      querySelectorAll: () => [script],
    },
    navigator: {},
    isSecureContext: true,
    addEventListener() {},
    removeEventListener() {},
  }
  return Object.assign(page, { window: page }) as unknown as FakeWindow
}

/** Our name of a vendor's method. */
function ours(spelling: string): MethodName | undefined {
  const names = Object.keys(METHODS) as MethodName[]
  return names.find((name) => spellingOf(name) === spelling)
}

/** An event in the vendor's spelling. */
function theirs(event: string, payload: Record<string, unknown>): [string, object] {
  for (const [spelling, [name, renames, adds = {}]] of Object.entries(EVENTS)) {
    if (name !== event) continue
    if (Object.entries(adds).some(([member, value]) => (payload[member] ?? false) !== value))
      continue
    const envelope: Record<string, unknown> = {}
    const byOurs = new Map(Object.entries(renames).map(([vendor, our]) => [our, vendor]))
    for (const [member, value] of Object.entries(payload))
      if (!Object.keys(adds).includes(member)) envelope[byOurs.get(member) ?? member] = value
    return [spelling, envelope]
  }
  throw new TypeError(`there is no event ${event}`)
}
