import { type Core, requirePage, startCore } from '../core.js'
import { CalldockError, report } from '../errors.js'
import { log } from '../log.js'
import { askLogin, checkLogin, isRenewable, type LoginSource } from '../login.js'
import { checkSignal, deadline, invalid, type Progress, settle } from '../settle.js'
import type { WorkbenchEventName, WorkbenchEvents } from './events.js'

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
}

/** The options of an outbound call, in the vendor's names. */
export interface OutboundCallOptions {
  readonly phoneNumber: string
  /** What the workbench shows in place of the number. */
  readonly phoneDesc?: string
  /** User-to-user information that travels with the call. */
  readonly uui?: string
  readonly skillGroupId?: string
  /** The number the far end sees. */
  readonly callerPhoneNumber?: string
  readonly servingNumberGroupIds?: readonly string[]
  /** Says that `phoneNumber` is one the vendor has encoded. */
  readonly phoneEncodeType?: 'number'
}

/** An outbound call that was started. */
export interface OutboundCall {
  readonly sessionId: string
  readonly calleePhoneNumber?: string
  readonly callerPhoneNumber?: string
  readonly serverType?: string
  readonly calleeLocation?: string
  readonly remark?: string
}

/** The agent workbench, logged in. */
export interface Workbench {
  /** The agent; empty once closed. */
  readonly userId: string
  /** The vendor's own global, for what is not typed here; `undefined` once closed. */
  readonly raw: unknown
  readonly call: {
    /**
     * Calls a number.
     *
     * @throws {CalldockError} `INVALID_OPTION`, `VENDOR_REJECTED` with the vendor's text, `TIMEOUT`
     */
    startOutbound(options: OutboundCallOptions): Promise<OutboundCall>
    /**
     * Ends a session.
     *
     * @throws {CalldockError} `INVALID_OPTION`, `VENDOR_REJECTED` with the vendor's text, `TIMEOUT`
     */
    hangUp(sessionId: string): Promise<void>
  }
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
   * Takes away what is Calldock's: listeners, subscriptions, the script element. The vendor publishes
   * no destroy, so its interface (`<t3c-sdk>`) and its global stay; opening again for the same agent
   * attaches to them.
   */
  close(): void
}

type Handle = Core['WorkbenchHandle']['prototype']

/** The vendor's answer to a command may take this long, in ms. */
const COMMAND_TIMEOUT = 30_000

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
  checkLogin(options.login, '{token, sdkUrl, sdkAppId, userId}')
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
  const workbench = startCore()
    .then((core) => core.openWorkbench(terms, ask, stop.signal, progress))
    .then((handle) => {
      const docked = new Docked(handle, login, timeoutMs, () => forget(opening))
      // Everyone has left while it was becoming ready.
      if (stop.signal.aborted) docked.close()
      return docked
    })
  const opening: Shared = { workbench, progress, stop, waiting: 0 }
  workbench.catch(() => forget(opening))
  return opening
}

function forget(opening: Shared): void {
  if (shared === opening) shared = undefined
  opening.stop.abort()
}

/** An open workbench; what it does, the core does. */
class Docked implements Workbench {
  readonly call: Workbench['call']
  readonly #handle: Handle
  readonly #login: LoginSource<SdkLogin>
  readonly #timeoutMs: number
  readonly #closed: () => void
  #renewal: AbortController | undefined

  constructor(handle: Handle, login: LoginSource<SdkLogin>, timeoutMs: number, closed: () => void) {
    this.#handle = handle
    this.#login = login
    this.#timeoutMs = timeoutMs
    this.#closed = closed
    this.call = {
      startOutbound: async (options) => command('startOutbound', handle.startOutbound(options)),
      hangUp: async (sessionId) => command('hangUp', handle.hangUp(String(sessionId ?? ''))),
    }
    handle.on('tokenExpired', () => this.#renew(), false)
  }

  get userId(): string {
    return this.#handle.userId
  }

  get raw(): unknown {
    return this.#handle.raw
  }

  on<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
  ): () => void {
    return this.#listen(event, listener, false)
  }

  once<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
  ): () => void {
    return this.#listen(event, listener, true)
  }

  off<E extends WorkbenchEventName>(
    event: E,
    listener: (payload: WorkbenchEvents[E]) => void,
  ): void {
    this.#handle.off(event, listener)
  }

  close(): void {
    this.#renewal?.abort()
    this.#handle.close()
    this.#closed()
  }

  #listen(event: string, listener: unknown, once: boolean): () => void {
    if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
    const id = this.#handle.on(event, listener, once)
    return () => this.#handle.forget(id)
  }

  /** One new login for an expired token; if it fails, the workbench is closed. */
  #renew(): void {
    if (this.#renewal) return
    if (!isRenewable(this.#login)) {
      this.close()
      report(
        new CalldockError(
          'TOKEN_EXPIRED',
          'the workbench: expected a login that can be asked anew, found a literal one, whose token has expired',
        ),
      )
      return
    }
    const stop = new AbortController()
    this.#renewal = stop
    const progress: Progress = { stage: 'login', attempts: [] }
    const ask = (attempt: number) => askLogin(this.#login, attempt, stop.signal)
    settle(this.#handle.renew(ask, stop.signal, progress), {
      what: 'the renewal of the login',
      timeoutMs: this.#timeoutMs,
      signal: stop.signal,
      progress,
      left: () => stop.abort(),
    })
      .catch((error) => {
        const closing = stop.signal.aborted && error.code === 'ABORTED'
        this.close()
        if (!closing) {
          log('error', 'workbench.lost', { code: error.code, message: error.message })
          report(error)
        }
      })
      .finally(() => {
        this.#renewal = undefined
      })
  }
}

function command<T>(what: string, answer: Promise<T>): Promise<T> {
  return settle(answer, { what, timeoutMs: COMMAND_TIMEOUT })
}
