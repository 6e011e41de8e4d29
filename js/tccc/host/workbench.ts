import { own, read } from '../../check.js'
import { disposable } from '../../core/dispose.js'
import { type CalldockError, failure, invalid, report } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { shared } from '../../core/registry.js'
import { requirePage } from '../../core/role.js'
import { host } from '../../core/roles/host.js'
import { stream } from '../../core/stream.js'
import {
  checkSignal,
  deadline,
  described,
  termsOf,
  type WaitOptions,
  wait,
} from '../../core/wait.js'
import {
  COMMAND_OPTIONS,
  SDK_LOGIN,
  SWITCH_AGENT_OPTIONS,
  WORKBENCH_OPTIONS,
} from '../../generated/tables.js'
import type {
  SdkLogin,
  SwitchAgentOptions,
  WorkbenchEvent,
  WorkbenchEventName,
  WorkbenchEvents,
  WorkbenchMethods,
  WorkbenchOptions,
} from '../../generated/types.js'
import { EVENTS } from '../../generated/workbench.js'
import { callers } from '../../page/callers.js'
import { copyLogin, type LoginSource } from '../../page/login.js'
import { windowOf } from '../../page/realm.js'
import { aborted } from '../../page/until.js'
import type { CompatibilityReport } from './compatibility.js'
import { type HostPage, Machine, type MachineOptions } from './machine.js'
import { closed, groupMethods, runMethod } from './methods.js'
import type { RunMethod, Sessions } from './sessions.js'

/** How to open the workbench: with a login, or on the page's own script tag. */
export type OpenWorkbenchOptions = WorkbenchOptions &
  ({ readonly login: LoginSource<SdkLogin> } | { readonly attach: true })

/** How to listen to an event that is not documented. */
export interface UnlistedEvent {
  readonly unlisted: true
  readonly signal?: AbortSignal | undefined
}

/** The agent workbench, logged in. */
export interface Workbench extends WorkbenchMethods {
  /** The agent; empty once closed, and where neither the login nor its address names one. */
  readonly agentId: string
  /** The vendor's own global, for what is not typed here; `undefined` once closed. */
  readonly raw: unknown
  /** The agent's calls and chats, followed by the events. */
  readonly sessions: Sessions
  /**
   * Resolves once the workbench is closed: with `undefined` after `close()`, else with the error that
   * ended it (`TOKEN_EXPIRED`, `ALREADY_OPEN` because another tab took over, the failure of a new login,
   * `INTERNAL`). Where no code has read it until then, the error is reported as an uncaught one too, but for
   * `INTERNAL`, which later calls throw.
   */
  readonly closed: Promise<CalldockError | undefined>
  /** Listens to an event; returns a stop function. */
  on<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
    options?: { readonly signal?: AbortSignal | undefined },
  ): () => void
  /**
   * Listens to an event of the vendor's that its documents do not name, in the vendor's spelling and with what the
   * vendor gives, at your own risk. The vendor is listened to a moment later: a part of the package is loaded for it.
   */
  on(event: string, listener: (payload: unknown) => void, options: UnlistedEvent): () => void
  /** Listens to the next event only; returns a stop function. */
  once<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
    options?: { readonly signal?: AbortSignal | undefined },
  ): () => void
  /** Removes a listener that was added by `on` or `once`. */
  off<E extends WorkbenchEventName>(event: E, listener: (payload: WorkbenchEvents[E]) => void): void
  /**
   * The events from now on, to loop over. Ends when the loop is left, the signal aborts or the workbench is closed;
   * of events that are not read, the latest 1,000 are kept. Without a name: every event, with its name.
   *
   * @example
   * for await (const call of workbench.events('incoming', { signal })) show(call.sessionId)
   */
  events<E extends WorkbenchEventName>(
    event: E,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncIterableIterator<WorkbenchEvents[E]>
  events(
    event?: undefined,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncIterableIterator<WorkbenchEvent>
  /**
   * Logs another agent in, in the place of this one; listeners stay. Until the new login is there, the
   * agent before stays too. Several calls are done one after the other.
   *
   * @throws {CalldockError} as {@link openWorkbench}; `CLOSED`; `ABORTED` if it is closed meanwhile
   */
  switchAgent(login: LoginSource<SdkLogin>, options?: SwitchAgentOptions): Promise<void>
  /**
   * Compares the vendor's script with what Calldock knows of it: members that are missing, unknown or of
   * another kind, and the shapes of events and responses since the first report. Names and types only, no
   * values: attach it to a report of a fault.
   *
   * @param options how long it may wait for the part that makes the report, by default 15,000 ms; a signal that
   * stops it
   * @throws {CalldockError} `CLOSED`, `NETWORK`, `TIMEOUT`, `ABORTED`
   * @example
   * console.log(JSON.stringify(await workbench.compatibility(), null, 2))
   */
  compatibility(options?: WaitOptions): Promise<CompatibilityReport>
  /**
   * Closes it: removes listeners and the script element. The vendor publishes no destroy, so its interface
   * (`<t3c-sdk>`) and its global stay; opening again for the same agent attaches to them, unless the token has expired:
   * one listener stays for that until then.
   */
  close(): void
}

/** What the copies of this package on a page share; checked options, so that copies may differ. */
interface Host {
  open(options: Checked): Promise<Workbench>
}

/**
 * Opens the agent workbench: requests a login, runs the vendor's script, waits until the agent is logged in
 * (the agent SDK reference and guide). A page has one: a second call with the same `login` gives the first workbench; one
 * with another `login` requests it, and is refused with `ALREADY_OPEN` if it is another agent's.
 *
 * In a prerendered page it waits until the page is shown.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER`, `INSECURE_CONTEXT`, `SECRET_IN_PAGE`,
 * `LOGIN_FAILED`, `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`, `GLOBAL_MISSING`, `TOKEN_EXPIRED`,
 * `VENDOR_REJECTED`, `ALREADY_OPEN`, `QUEUE_FULL`, `TIMEOUT`, `ABORTED`; then nothing is left in the page
 * @example
 * const workbench = await openWorkbench({ login: '/calldock/v1/tccc/login' })
 * workbench.on('incoming', ({ sessionId }) => workbench.call.accept(sessionId))
 */
export function openWorkbench(options: OpenWorkbenchOptions): Promise<Workbench> {
  return described(() => open(options))
}

async function open(options: unknown): Promise<Workbench> {
  const checked = readOptions(options)
  if (checked.window === undefined) requirePage()
  const page = windowOf(checked)
  if (page.isSecureContext === false)
    throw failure('INSECURE_CONTEXT', 'the page', 'HTTPS or localhost', 'an insecure context')
  const { document }: { document: Document & { prerendering?: boolean } } = page
  if (document.prerendering)
    await (await import('./rare.js')).whenActivated(checked.signal, document)
  if (checked.signal?.aborted) throw aborted(checked.signal)
  return await shared<Host>('tccc-host/1', () => hostOf(page), page).open(checked)
}

type Checked = MachineOptions & Pick<WorkbenchOptions, 'signal' | 'window'>

function readOptions(options: unknown): Checked {
  const checked = read(WORKBENCH_OPTIONS, options, 'options')
  const { attach, attempts = 3 } = checked
  const login =
    checked.login !== undefined || !attach ? copyLogin(SDK_LOGIN, checked.login) : undefined
  if (!/^([1-9]|10)$/.test(`${attempts}`))
    throw invalid('attempts', 'a whole number from 1 to 10', attempts)
  const { timeoutMs } = termsOf('openWorkbench', checked)
  // The copy has no prototype: what other code adds to Object.prototype is no option.
  return Object.assign(checked, { login, attempts, timeoutMs })
}

/** The workbench of one window, for all copies of the package. */
function hostOf(window: Window): Host {
  // Own members only, also before they are set.
  const page = { __proto__: null, window } as object as HostPage
  let join: (options: Checked) => Promise<Workbench>
  return {
    open(options) {
      if (!page.machine) join = beginOpening(page, options)
      return join(options)
    },
  }
}

/** Begins to open a workbench; returns a function by which callers wait for it. */
function beginOpening(page: HostPage, options: Checked): (options: Checked) => Promise<Workbench> {
  const run: RunMethod = (name, ...args) => runMethod(machine, name, ...args)
  const together = callers(options.timeoutMs)
  const machine = new Machine(page, options, run, together)
  if (machine.stage !== 'closed') page.machine = machine
  const workbench = machine.opened.then(() => {
    log('workbench', 'workbench.ready')
    return workbenchOf(machine, run)
  })
  workbench.catch(() => machine.close())
  let waiting = 0
  return async ({ login, timeoutMs, signal, onQueued }) => {
    const end = deadline(timeoutMs)
    const leave = together.add(end, onQueued)
    waiting += 1
    const stop = new AbortController()
    const confirmed = async () => {
      const opened = await workbench
      if (login !== undefined && login !== machine.source) {
        const { confirmAgent } = await import('./rare.js')
        await confirmAgent(machine.agent, login, { signal: stop.signal, deadline: end, onQueued })
      }
      // It can have been closed meanwhile.
      if (machine.signal.aborted) throw aborted(machine.signal)
      return opened
    }
    try {
      return await wait(confirmed(), {
        ...{ what: 'openWorkbench', timeoutMs: end, signal, attempts: machine.failed, role: host },
        stage: () => machine.stage,
        onAbandoned: (error) => {
          stop.abort(error)
          waiting -= 1
          // The last one to leave stops the work; the next call starts over.
          if (waiting === 0 && !machine.vendor) machine.close()
        },
      })
    } finally {
      leave()
    }
  }
}

type Listener = (payload: unknown) => void

const signalOf = (options: unknown) =>
  checkSignal(own(options, 'signal') as AbortSignal | undefined)

function workbenchOf(machine: Machine, run: RunMethod): Workbench {
  const known = new Set<unknown>(Object.values(EVENTS).map(([name]) => name))
  const check = (event: unknown) => {
    if (!known.has(event)) throw invalid('event', [...known].join(', '), event)
  }
  const { events } = machine
  const listen =
    (once: boolean): Workbench['on'] =>
    (event: WorkbenchEventName, listener: Listener, options?: Partial<UnlistedEvent>) => {
      const signal = signalOf(options)
      // After '*', which is every event's own channel.
      const unlisted = own(options, 'unlisted') && typeof event === 'string' && event > '*'
      if (!unlisted) check(event)
      if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
      if (unlisted) {
        known.add(event)
        import('./rare.js').then(({ follow }) => follow(machine, event), report)
      }
      const stop = events.on(event, listener, signal, (payload) => {
        if (once) stop()
        listener(payload)
      })
      return stop
    }
  const workbench: Workbench = {
    ...groupMethods(run),
    get agentId() {
      return machine.signal.aborted ? '' : machine.agent.agentId
    },
    get raw() {
      return machine.vendor?.object
    },
    sessions: machine.sessions,
    get closed() {
      return machine.closed
    },
    on: listen(false),
    once: listen(true),
    off(event, listener) {
      check(event)
      events.off(event, listener)
    },
    events(event?: WorkbenchEventName, options?: object) {
      if (event !== undefined) check(event)
      const signal = signalOf(options)
      const onDropped = () => log('event', 'events.dropped', { event: event ?? '*' })
      return stream<never>({
        subscribe: (push) => events.on(event ?? '*', push as (payload: unknown) => void),
        onDropped,
        signals: [signal, machine.signal],
      })
    },
    async switchAgent(login, options = {}) {
      const checked = read<SwitchAgentOptions>(SWITCH_AGENT_OPTIONS, options, 'switchAgent')
      const source = copyLogin(SDK_LOGIN, login)
      termsOf('switchAgent', checked)
      if (machine.signal.aborted) throw closed()
      return await machine.switchAgent(source, checked)
    },
    async compatibility(options = {}) {
      const terms = termsOf('compatibility', read<WaitOptions>(COMMAND_OPTIONS, options, 'options'))
      const { compatibilityOf } = await wait(() => import('./rare.js'), terms)
      if (machine.vendor) return compatibilityOf(machine.vendor, machine.signal)
      throw closed()
    },
    close: () => machine.close(),
  }
  return disposable(workbench, workbench.close)
}
