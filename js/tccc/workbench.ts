import { requirePage, startCore } from '../core.js'
import type { CalldockError } from '../errors.js'
import { askLogin, checkLogin, isRenewable, type LoginSource } from '../login.js'
import { checkSignal, deadline, invalid, type Progress, settle } from '../settle.js'
import { Docked, LOGIN_MEMBERS } from './docked.js'
import type { WorkbenchEvent, WorkbenchEventName, WorkbenchEvents } from './events.js'
import type { WorkbenchMethods } from './methods.js'
import type { Sessions } from './sessions.js'
import { Tab } from './tab.js'

/**
 * What the agent script is started with: the answer of `CreateSDKLoginToken` (seed 003, step 3). It
 * works once and for ten minutes.
 */
export interface SdkLogin {
  readonly token: string
  /** Where the vendor's script is loaded from, this once. */
  readonly sdkUrl: string
  readonly sdkAppId: number | string
  /** The agent: the mail address the agent has in TCCC. */
  readonly userId: string
  /** When it ends, in seconds since 1970. */
  readonly expiresAt?: number
}

/** How to open the workbench. */
export interface OpenWorkbenchOptions {
  readonly login: LoginSource<SdkLogin>
  /** Whether the workbench shows itself after the login; the vendor's default is true. */
  readonly showWorkbenchAtFirstLogin?: boolean
  /** The id of the node to draw it into, at least 760 × 480 px. */
  readonly renderDomId?: string
  /** The nonce of the page's policy; copied from the page's own scripts unless given. */
  readonly nonce?: string
  /** How long it may take, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  /** How many logins may be asked for; 3 unless told, 1 with a literal login. */
  readonly attempts?: number
  readonly signal?: AbortSignal
  /**
   * What to do where another tab has the same agent: take the agent over, which closes the workbench
   * there, or refuse with `ALREADY_OPEN`, the default.
   */
  readonly takeOver?: boolean
}

/** The agent workbench, logged in. */
export interface Workbench extends WorkbenchMethods {
  /** The agent; empty once closed. */
  readonly userId: string
  /** The vendor's own global, for what is not typed here; `undefined` once closed. */
  readonly raw: unknown
  /** The agent's calls and chats, from the events. */
  readonly sessions: Sessions
  /**
   * Settles once the workbench is closed: with `undefined` after `close()`, with why where it was lost
   * (`TOKEN_EXPIRED`, `ALREADY_OPEN` because another tab took over, what a new login failed with).
   */
  readonly closed: Promise<CalldockError | undefined>
  /** Listens; returns how to stop. */
  on<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
  ): () => void
  /** Listens for the next one only; returns how to stop. */
  once<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
  ): () => void
  /** Stops a listener that was added by `on` or `once`. */
  off<E extends WorkbenchEventName>(event: E, listener: (payload: WorkbenchEvents[E]) => void): void
  /**
   * The events from now on, to loop over: `for await (const call of workbench.events('callIn'))`. Ends
   * when the loop is left or the workbench closed. Without a name, every event with its name.
   */
  events<E extends WorkbenchEventName>(event: E): AsyncIterableIterator<WorkbenchEvents[E]>
  events(): AsyncIterableIterator<WorkbenchEvent>
  /**
   * Logs another agent in, in the place of this one; listeners stay. Until the new login is there, the
   * agent before stays too.
   *
   * @throws {CalldockError} as {@link openWorkbench}; `ABORTED` where the workbench was closed meanwhile
   */
  switchAgent(login: LoginSource<SdkLogin>): Promise<void>
  /**
   * Takes away what is Calldock's: listeners, subscriptions, the script element. The vendor publishes
   * no destroy, so its interface (`<t3c-sdk>`) and its global stay; opening again for the same agent
   * attaches to them.
   */
  close(): void
}

/** The one workbench of the page, opening or open, and how many callers still wait for it. */
interface Shared {
  readonly workbench: Promise<Workbench>
  readonly progress: Progress
  readonly stop: AbortController
  waiting: number
}

let shared: Shared | undefined

/**
 * Opens the agent workbench: asks for a login, runs the vendor's script, waits until the agent is
 * logged in (seeds 002 and 003). A second call, at the same time or later, gives the first workbench.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER`, `INSECURE_CONTEXT`, `SECRET_IN_PAGE`, `LOGIN_FAILED`,
 * `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`, `GLOBAL_MISSING`, `TOKEN_EXPIRED`,
 * `VENDOR_REJECTED`, `ALREADY_OPEN`, `TIMEOUT`, `ABORTED`; nothing of ours is left in the page then
 */
export async function openWorkbench(options: OpenWorkbenchOptions): Promise<Workbench> {
  if (typeof options !== 'object' || !options) throw invalid('options', '{login, …}', options)
  checkLogin(options.login, LOGIN_MEMBERS)
  const timeoutMs = deadline(options.timeoutMs, 15_000)
  const attempts = options.attempts ?? 3
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 10)
    throw invalid('attempts', 'a whole number from 1 to 10', attempts)
  checkSignal(options.signal)
  requirePage()

  shared ??= begin(options, timeoutMs, attempts)
  const opening = shared
  opening.waiting += 1
  return settle(opening.workbench, {
    what: 'openWorkbench',
    timeoutMs,
    signal: options.signal,
    progress: opening.progress,
    left: () => {
      opening.waiting -= 1
      // The last one to leave stops the work; whoever comes next begins anew.
      if (opening.waiting === 0) forget(opening)
    },
  })
}

function begin(options: OpenWorkbenchOptions, timeoutMs: number, attempts: number): Shared {
  const { login } = options
  const stop = new AbortController()
  const progress: Progress = { stage: 'core', attempts: [] }
  // The login travels while the core starts, so that the core is not in its way.
  const first = askLogin(login, 1, stop.signal)
  first.catch(() => {})
  const ask = (attempt: number) => (attempt === 1 ? first : askLogin(login, attempt, stop.signal))
  const renewable = isRenewable(login)
  const terms = { ...options, timeoutMs, attempts: renewable ? attempts : 1, renewable }
  let docked: Docked | undefined
  const tab = new Tab(options.takeOver === true, (error) => {
    docked?.lose(error)
    stop.abort(error)
  })
  const workbench = startCore()
    .then(async (core) => {
      const handle = await core.openWorkbench(terms, ask, tab.hold, stop.signal, progress)
      const gone = () => forget(opening)
      docked = new Docked({ core, handle, login, timeoutMs, tab, gone })
      // Everyone has left while it was becoming ready.
      if (stop.signal.aborted) docked.close()
      return docked
    })
    .catch((error) => {
      tab.release()
      throw error
    })
  const opening: Shared = { workbench, progress, stop, waiting: 0 }
  workbench.catch(() => forget(opening))
  return opening
}

function forget(opening: Shared): void {
  if (shared === opening) shared = undefined
  opening.stop.abort()
}
