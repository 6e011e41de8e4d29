import { isList, read, readLoosely, type Shape, WAIT } from '../../check.js'
import { type CalldockError, invalid, isCalldockError, report } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { requirePage } from '../../core/role.js'
import { agent } from '../../core/roles/agent.js'
import { checkSignal, termsOf, type WaitOptions, wait, whenDescribed } from '../../core/wait.js'
import { AGENT_PARAMETERS, AGENT_SCREEN_POP_OPTIONS } from '../../generated/tables.js'
import type { AgentScreenPopOptions, AgentCall as Values } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import { type AgentSupportEvent, presentSupport } from './support.js'

/** How long, in ms, the core may take to start. */
const TIMEOUT = 15_000

/** How many events may wait until the page's address was read. */
const EARLY = 100

/** Of how many calls is known what was said of them. */
const REMEMBERED = 32

/** A call in CEC's agent workbench. */
export interface AgentCall extends Values {
  /** Where it stands, as AICCSupport.js has reported; `null` for what the page's address says. */
  readonly status: 'ringing' | 'connected' | 'ended' | null
}

/** A call as the core hands it over. */
type Record = Omit<Values, 'extra'> & { extra: readonly (readonly [string, string])[] }

/** The states of a call in their order. */
const STEPS: readonly AgentCall['status'][] = [null, 'ringing', 'connected', 'ended']

const STATUS = { Ringing: 'ringing', Talking: 'connected', Release: 'ended' } as const

/** What the page's address has behind its path, or the parameters of the form that the page's server has read. */
export function queryOf(page: Window, call: AgentScreenPopOptions['call']): string {
  const { search, hash } = page.location
  // The workbench writes to the end of an address, which may be a router's.
  if (call === undefined) return search + hash
  if (typeof call === 'string') return call
  if (typeof call !== 'object' || call === null)
    throw invalid('call', 'the body of a form, or its members', call)
  const query = new URLSearchParams()
  for (const [name, value] of membersOf(call))
    if (typeof name === 'string' && (typeof value === 'string' || typeof value === 'number'))
      query.append(name, `${value}`)
  // A space in front of a number must not be read as its plus (`docs/vendor/field.md` B2).
  return query.toString().replace(/\+/g, '%20')
}

/** The members of a form: of an object, or the pairs of a `FormData`, a `URLSearchParams`, a map or a list. */
function membersOf(form: object): Iterable<readonly unknown[]> {
  try {
    if (Symbol.iterator in form)
      return [...(form as Iterable<unknown>)].filter(isList).map(([name, value]) => [name, value])
  } catch {
    throw invalid('call', 'the body of a form, or its members', form)
  }
  return Object.entries(readLoosely(form))
}

/**
 * Calls `listener` with the call that a page inside CEC's agent workbench was opened for. Where the page has
 * loaded AICCSupport.js, `listener` is called again while the call rings, is answered and ends, and for the
 * calls after it.
 *
 * @returns a function that stops it
 * @throws {CalldockError} `INVALID_OPTION` for a listener that is not a function, `UNSUPPORTED_BROWSER` on a
 * server and in a worker
 * @example
 * const stop = onScreenPop(({ callerNum, callid }) => show(callerNum, callid))
 */
export function onScreenPop(
  listener: (call: AgentCall) => void,
  options: AgentScreenPopOptions = {},
): () => void {
  if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
  const checked = read(AGENT_SCREEN_POP_OPTIONS, options, 'options')
  const { signal, onError = report } = checked
  checkSignal(signal)
  requirePage()
  const page = windowOf(checked)
  const query = queryOf(page, checked.call)
  if (signal?.aborted) return () => {}

  let live = true
  let last: AgentCall | undefined
  /** The calls by their ids: an agent may have a voice call and a chat at a time. */
  const calls = new Map<string, AgentCall>()
  const handlers: [AgentSupportEvent, (data: unknown) => void][] = []
  const support = presentSupport(page)
  const deliver = (call: AgentCall) => {
    if (!live) return
    last = call
    if (call.callid !== null) {
      calls.delete(call.callid)
      calls.set(call.callid, call)
      const [oldest] = calls.keys()
      if (calls.size > REMEMBERED && oldest !== undefined) calls.delete(oldest)
    }
    const names = call.changed.map((name) => (name in call ? name : 'other'))
    log('hash', 'agent.call', { status: call.status, changed: names.join(', ') })
    try {
      listener(call)
    } catch (thrown) {
      report(thrown)
    }
  }
  const stop = () => {
    if (!live) return
    live = false
    signal?.removeEventListener('abort', stop)
    for (const [event, handler] of handlers) attempt(() => support?.removeHandler?.(event, handler))
  }
  signal?.addEventListener('abort', stop)
  // Events that come before the page's address was read wait for that.
  let early: (() => void)[] | undefined = []
  for (const event of Object.keys(STATUS) as (keyof typeof STATUS)[]) {
    const handler = (data: unknown) => {
      const given = readLoosely(data)
      const take = () => deliver(merged(last, calls, given, STATUS[event]))
      if (!early) take()
      else if (early.length < EARLY) early.push(take)
    }
    attempt(() => {
      support?.addHandler(event, handler)
      handlers.push([event, handler])
    })
  }
  const start = () => {
    const first = live && readCall(query)
    if (first) deliver(first)
  }
  const goOn = () => {
    const waiting = early ?? []
    early = undefined
    for (const take of waiting) take()
  }
  const failed = (error: unknown) => {
    if (!live) return
    if (!isCalldockError(error)) return report(error)
    whenDescribed(error)
      .then(() => onError(error as CalldockError))
      .catch(report)
  }
  const starting = wait(agent.start(), { what: 'onScreenPop', timeoutMs: TIMEOUT })
  starting.then(start).catch(failed).then(goOn)
  return stop
}

/** Which call to read, and how long to wait. */
export type ReadCallOptions = WaitOptions & Pick<AgentScreenPopOptions, 'call' | 'window'>

/** A page may pass the options of `onScreenPop` here too. */
export const READ_OPTIONS: Shape<ReadCallOptions> = { ...AGENT_SCREEN_POP_OPTIONS, ...WAIT }

/**
 * Returns the call that the page was opened for, or `null` if there is none.
 *
 * @param options the call, where the workbench posts it as a form; how long it may wait for the core, by default
 * 15,000 ms; a signal that stops it; the window to act in
 * @throws {CalldockError} `INVALID_OPTION` for a query and a hash of more than 256 KiB together; `NETWORK`,
 * `TIMEOUT`, `ABORTED`
 * @example
 * const call = await currentCall()
 * if (call) show(call.callerNum, call.callid)
 */
export async function currentCall(options: ReadCallOptions = {}): Promise<AgentCall | null> {
  const checked = read(READ_OPTIONS, options, 'options')
  const terms = termsOf('currentCall', checked)
  requirePage()
  const query = queryOf(windowOf(checked), checked.call)
  await wait(agent.start, terms)
  return readCall(query) ?? null
}

function readCall(query: string): AgentCall | undefined {
  const record = agent.call((core) => core.readQuery(query)) as Record | undefined
  return record && { ...record, extra: new Map(record.extra), status: null }
}

/** Uses the vendor's code: what it throws is reported and stops nothing. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    report(thrown)
  }
}

/** Whether a call can come to a status from another: a call that has ended does not ring again. */
const isLater = (status: AgentCall['status'], before: AgentCall['status'] = null) =>
  STEPS.indexOf(status) >= STEPS.indexOf(before)

/** The call that an event of AICCSupport.js tells of: its members, and what was known of the same call. */
function merged(
  last: AgentCall | undefined,
  calls: ReadonlyMap<string, AgentCall>,
  data: unknown,
  status: AgentCall['status'],
): AgentCall {
  const { unreadable, ...given } = readLoosely(data)
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'number' || (typeof value === 'string' && value))
      texts.set(name, `${value}`)
  const id = texts.get('callid')
  const same = id !== undefined ? calls.get(id) : isLater(status, last?.status) ? last : undefined
  const known = same as unknown as { [name: string]: string | null } | undefined
  const extra = new Map(same?.extra)
  const changed: string[] = []
  const values: { [name: string]: string | null } = Object.create(null)
  for (const name of AGENT_PARAMETERS) {
    const before = known?.[name] ?? null
    values[name] = texts.get(name) ?? before
    if (values[name] !== before) changed.push(name)
  }
  for (const [name, value] of texts) {
    if (AGENT_PARAMETERS.includes(name)) continue
    if (extra.get(name) !== value) changed.push(name)
    extra.set(name, value)
  }
  // The workbench's own origin is the same for every call of the page.
  values.origin ??= last?.origin ?? null
  if (status !== (same?.status ?? null)) changed.push('status')
  const damaged = [...(same?.unreadable ?? []), ...(isList(unreadable) ? unreadable : [])]
  const isLost = (name: unknown): name is string =>
    typeof name === 'string' && (values[name] ?? extra.get(name)) === undefined
  return {
    ...(values as unknown as Values),
    ...{ extra, changed, status },
    unreadable: [...new Set(damaged)].filter(isLost),
  }
}
