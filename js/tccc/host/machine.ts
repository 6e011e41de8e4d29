// The one state machine of the workbench: it logs an agent in, keeps the agent logged in, and closes.
//
//   core → login → lock → script → global → ready → live → closed
//
// A new login of a live workbench (an expired token, another agent) goes through the same steps.

import { emitter } from '../../core/emitter.js'
import {
  type CalldockError,
  type FailedAttempt,
  failure,
  isCalldockError,
  report,
} from '../../core/errors.js'
import { listening, log } from '../../core/log.js'
import { hidden, hiddenUrl, vendorText } from '../../core/redact.js'
import { host } from '../../core/roles/host.js'
import { type Deadline, deadline, NativePromise, sleep, wait } from '../../core/wait.js'
import { LOGGED_MEMBERS, SDK_LOGIN } from '../../generated/tables.js'
import type {
  SdkLogin,
  SwitchAgentOptions,
  WorkbenchEvent,
  WorkbenchEvents,
  WorkbenchOptions,
} from '../../generated/types.js'
import type { Callers } from '../../page/callers.js'
import { isRenewable, isRetryable, type LoginSource, requestLogin } from '../../page/login.js'
import { abortable, aborted } from '../../page/until.js'
import { type AgentLock, type HeldAgent, holdAgent } from './agent-lock.js'
import { type RunMethod, sessionList } from './sessions.js'
import { hideParts, type Live, startScript } from './start.js'
import * as vendors from './vendor.js'

/** The step that the machine has reached. */
export type Stage = 'core' | 'login' | 'lock' | 'script' | 'global' | 'ready' | 'live' | 'closed'

/** What outlives a workbench in one window. */
export interface HostPage {
  readonly window: Window
  /** The workbench that is opening or open. */
  machine?: Machine | undefined
  /** Whether a script of ours has run: Calldock must remove what it left. */
  ran?: boolean
  /** The vendor's workbench that is logged in: it goes on after `close()`. */
  running?: { readonly vendor: vendors.Vendor; readonly agent: vendors.Agent } | undefined
  /** Stops the watch of its token, which begins with `close()`. */
  unwatch?: () => void
  /** Whether a script was left that has run, and may still register its global. */
  late?: boolean
}

/** Checked options. */
export interface MachineOptions extends Omit<WorkbenchOptions, 'signal' | 'window'> {
  readonly attempts: number
  readonly timeoutMs: number
}

/** A login under way. */
interface LoginWork {
  readonly source: LoginSource<SdkLogin> | undefined
  readonly signal: AbortSignal
  readonly deadline: Deadline
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /** The attempts that have failed. */
  readonly failed: FailedAttempt[]
  /** Refuses another agent: the token of this one has expired. */
  readonly sameAgent: boolean
}

export class Machine {
  stage: Stage = 'core'
  readonly failed: FailedAttempt[] = []
  readonly sessions: ReturnType<typeof sessionList>
  /** Events by their name, and all of them under `*`. */
  readonly events = emitter<WorkbenchEvents & { '*': WorkbenchEvent }>((error, event) => {
    log('error', 'listener.threw', { event })
    report(error)
  })
  /** Resolves once the agent is logged in. Where it rejects, the machine must be closed. */
  readonly opened: Promise<void>
  source: LoginSource<SdkLogin> | undefined
  agent: vendors.Agent = { sdkAppId: '', agentId: '' }
  readonly page: HostPage
  readonly options: MachineOptions
  readonly #end = new AbortController()
  readonly #held: HeldAgent
  #removeTrapListener = () => {}
  readonly #closed: Promise<CalldockError | undefined>
  #resolveClosed: (why?: CalldockError) => void = () => {}
  /** Whether code waits for `closed`: then an error that closes it is not reported besides. */
  #observed = false
  #live: Live | undefined
  /** The new logins, one after the other. */
  #logins: Promise<void> | undefined
  #renewal: AbortController | undefined
  /** Whether the token of the agent who is logged in has expired. */
  #expired = false

  constructor(page: HostPage, options: MachineOptions, run: RunMethod, together: Callers) {
    page.unwatch?.()
    this.page = page
    this.options = options
    this.source = options.login
    this.sessions = sessionList(run)
    this.#closed = new NativePromise((resolve) => {
      this.#resolveClosed = resolve
    })
    const { signal } = this.#end
    const onLost = (error: CalldockError) => this.#lose(error)
    const steal = options.takeOver === true
    this.#held = holdAgent({ page: page.window, steal, onLost, signal })
    this.#removeTrapListener = host.onPoisoned((error) => this.#finish(error))
    const { login: source } = options
    const { failed } = this
    const { onQueued } = together
    const terms = { source, signal, onQueued, failed, deadline: together, sameAgent: false }
    this.opened = this.#logIn(terms)
  }

  /** Resolves once it is closed. */
  get closed(): Promise<CalldockError | undefined> {
    this.#observed = true
    return this.#closed
  }

  get signal(): AbortSignal {
    return this.#end.signal
  }

  /** The vendor's global, if an agent is logged in. */
  get vendor(): vendors.Vendor | undefined {
    return this.#live?.vendor
  }

  /** Settles when the new logins that are under way are done. */
  get loggingIn(): Promise<void> | undefined {
    return this.#logins
  }

  /**
   * Logs another agent in, after the logins that are under way.
   *
   * @throws {CalldockError} `ABORTED` if it is closed meanwhile, and as opening
   */
  switchAgent(source: LoginSource<SdkLogin>, options: SwitchAgentOptions): Promise<void> {
    const { timeoutMs = this.options.timeoutMs, signal, onQueued } = options
    if (!signal?.aborted) this.#renewal?.abort()
    const terms = { what: 'switchAgent', source, timeoutMs, onQueued, sameAgent: false }
    return this.#logInAgain(terms, signal)
  }

  /** Closes it. The vendor publishes no destroy: its interface stays and can be attached to. */
  close(): void {
    this.#finish()
  }

  /** Closes it for a reason: the vendor's interface can no longer be used, or belongs to another tab. */
  #lose(why: CalldockError): void {
    if (this.stage === 'closed') return
    const vendor = this.#live?.vendor
    this.#finish(why)
    if (vendor) vendors.tearDown(this.page.window, vendor)
    this.page.running = undefined
    log('error', 'workbench.lost', { code: why.code, message: why.message })
    if (!this.#observed) report(why)
  }

  #finish(why?: CalldockError): void {
    if (this.stage === 'closed') return
    this.stage = 'closed'
    if (this.page.machine === this) this.page.machine = undefined
    this.#end.abort(why)
    this.#removeTrapListener()
    if (this.#live) log('workbench', 'workbench.closed')
    this.#leave()
    this.#held.keep(undefined)
    this.events.clear()
    if (!why && this.page.running)
      import('./rare.js').then(
        ({ watchExpiry }) => watchExpiry(this.page),
        () => {},
      )
    this.#resolveClosed(why)
  }

  /** Removes what Calldock added for the agent who is logged in; returns the vendor's global. */
  #leave(): vendors.Vendor | undefined {
    const live = this.#live
    this.#live = undefined
    live?.stop()
    live?.script?.remove()
    this.sessions.clear()
    return live?.vendor
  }

  /** Makes attempts until one succeeds. */
  async #logIn(work: LoginWork): Promise<void> {
    const { source, signal, failed } = work
    const renewable = source !== undefined && isRenewable(source)
    let attaches = this.options.attach && this.stage === 'core'
    let renewed = false
    for (let attempt = 1; ; attempt++) {
      try {
        return await (attaches ? this.#attach(work) : this.#attempt(work, attempt))
      } catch (error) {
        if (!isCalldockError(error) || signal.aborted) throw error
        const { code, message } = error
        log('error', 'attempt.failed', { attempt, code, message })
        attaches = false
        // One new login for a token that the vendor found expired. Otherwise a script that has run is final.
        const expired = code === 'TOKEN_EXPIRED' && renewable && !renewed
        const unloaded = code === 'NETWORK' && this.stage === 'script'
        const again =
          renewable && attempt < this.options.attempts && (unloaded || isRetryable(error))
        if (!expired && !again) throw Object.assign(error, { attempts: failed })
        failed.push({ code, message })
        if (expired) renewed = true
        // Give or take a half, so that many pages do not come back at once.
        else await sleep(200 * 2 ** Math.min(attempt - 1, 4) * (0.5 + Math.random()), signal)
      }
    }
  }

  /** One attempt: one login, one script, one global, one `ready`. */
  async #attempt(work: LoginWork, attempt: number): Promise<void> {
    const { signal, deadline, sameAgent } = work
    const { attempts, dataset: unlisted } = this.options
    if (unlisted) (await import('./rare.js')).checkDataset(this.page.window, unlisted)
    // It may have been left before this attempt, or between two.
    if (signal.aborted) throw aborted(signal)
    this.#findRunning()
    // The login is requested while the core starts.
    const source = work.source as LoginSource<SdkLogin>
    const requested = requestLogin(SDK_LOGIN, source, { ...work, attempt, attempts })
    requested.catch(() => {})
    await abortable(signal, host.start())
    this.stage = 'login'
    const login = await abortable(signal, requested)
    const { sdkUrl } = login
    host.call((core) => core.readText('login.sdkUrl', sdkUrl))
    const dataset = vendors.datasetOf(login, this.options)
    // A renewal by an address alone may not say whose it is.
    const agent = vendors.agentOf(login, sameAgent ? this.agent : undefined)
    const { agentId } = agent
    log('login', 'login.checked', { attempt, sdkUrl: hiddenUrl(sdkUrl), agentId: hidden(agentId) })
    if (sameAgent && this.agent.agentId && agentId !== this.agent.agentId)
      throw failure('LOGIN_FAILED', 'login', 'the agent whose token expired', 'another agent')
    await this.#holding(agent, signal, async () => {
      const running = this.#findRunning()
      const isSame = agentId && running?.agent.agentId === agentId
      if (isSame && running.agent.sdkAppId === agent.sdkAppId) {
        log('workbench', 'workbench.reattached')
        const { vendor } = running
        hideParts(this.options, vendor)
        return { vendor, stop: vendors.subscribe(vendor, this.hear), script: undefined }
      }
      const { page } = this
      const { window } = page
      if (page.late) await (await import('./rare.js')).takeAway(page, deadline, signal)
      // Our listeners end while the vendor's global still stands.
      vendors.tearDown(window, this.#leave() ?? vendors.findVendor(window))
      page.running = undefined
      return startScript(this, sdkUrl, dataset, signal, deadline)
    })
  }

  async #attach({ signal, deadline }: LoginWork): Promise<void> {
    const { agentInPage, startAttached } = await abortable(signal, import('./rare.js'))
    const agent = agentInPage(this.page.window)
    await this.#holding(agent, signal, () => startAttached(this, signal, deadline))
  }

  /** Finishes an attempt while the agent is locked, and keeps the lock if that succeeds. */
  async #holding(
    agent: vendors.Agent,
    signal: AbortSignal,
    work: () => Promise<Live>,
  ): Promise<void> {
    this.stage = 'lock'
    let lock: AgentLock | undefined
    try {
      // Who is logged in by an address alone may be unknown.
      if (agent.agentId)
        lock = await this.#held.take(`calldock.tccc.${agent.sdkAppId}.${agent.agentId}`)
      if (signal.aborted) throw aborted(signal)
      this.#live = await work()
      if (signal.aborted) {
        vendors.tearDown(this.page.window, this.#leave())
        throw aborted(signal)
      }
      this.#expired = false
    } catch (error) {
      this.#held.drop(lock)
      throw error
    }
    this.#held.keep(lock)
    this.agent = agent
    this.page.running = { vendor: this.#live.vendor, agent }
    this.stage = 'live'
  }

  /**
   * Finds the vendor's workbench that the page has closed and that goes on.
   *
   * @throws {CalldockError} `ALREADY_OPEN` for one that other code of the page has injected
   */
  #findRunning(): HostPage['running'] {
    const { window, running, ran } = this.page
    if (this.#live) return undefined
    const present = vendors.findVendor(window)
    if (present && running?.vendor.object === present.object) return running
    if (ran || this.options.attach || !(present || vendors.hasInterface(window))) return undefined
    const where = present ? `window.${present.name}` : "the vendor's element"
    const found = 'one of other code; attach uses it'
    throw failure('ALREADY_OPEN', where, 'no workbench yet', found)
  }

  /** Takes an event of the vendor's. */
  readonly hear = (event: WorkbenchEvent): void => {
    const { event: name, payload } = event
    if (listening()) logEvent(name, payload)
    if (name === 'tokenExpired') {
      this.page.running = undefined
      this.#expired = true
    }
    this.sessions.follow(event)
    this.events.emit(name, payload as never)
    this.events.emit('*', event)
    // The page's listeners first: what cannot be renewed ends with them.
    if (this.#expired && this.stage === 'live') this.#renew()
  }

  /** Requests one new login for an expired token; if that fails, the workbench is closed. */
  #renew(): void {
    if (this.#logins) return
    const { source } = this
    if (source === undefined || !isRenewable(source)) {
      const expected = 'a login that can be requested again'
      const found = source ? 'a literal one' : 'none'
      this.#lose(failure('TOKEN_EXPIRED', 'the workbench', expected, found))
      return
    }
    const { timeoutMs, onQueued } = this.options
    const what = 'the renewal of the login'
    this.#renewal = new AbortController()
    const terms = { what, source, timeoutMs, onQueued, sameAgent: true }
    this.#logInAgain(terms, this.#renewal.signal).catch(() => {})
  }

  #logInAgain(
    terms: { what: string; timeoutMs: number } & Pick<
      LoginWork,
      'source' | 'onQueued' | 'sameAgent'
    >,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { what, source, sameAgent } = terms
    const stop = new AbortController()
    const abort = () => stop.abort(this.signal.reason)
    this.signal.addEventListener('abort', abort)
    const end = deadline(terms.timeoutMs)
    const failed: FailedAttempt[] = []
    const logIn = async (before: Promise<void> | undefined) => {
      await before
      await this.#logIn({ ...terms, signal: stop.signal, deadline: end, failed })
      this.source = source
      log('workbench', 'workbench.renewed')
    }
    const work = logIn(this.#logins)
    const settled = work
      .catch((error) => {
        if (this.stage === 'closed') return
        // A switch has taken the place of the renewal. An agent who cannot be switched to leaves the one
        // before in place.
        const replaced = sameAgent && signal?.aborted
        if (!replaced && (sameAgent || !this.#live)) this.#lose(error)
        else if (this.#live) this.stage = 'live'
      })
      .finally(() => {
        this.signal.removeEventListener('abort', abort)
        if (this.#logins !== settled) return
        this.#logins = undefined
        // The switch that has taken the place of its renewal has failed.
        if (this.#expired && this.stage === 'live') this.#renew()
      })
    this.#logins = settled
    return wait(work, {
      what,
      timeoutMs: end,
      signal,
      stage: () => this.stage,
      attempts: failed,
      onAbandoned: (error) => stop.abort(error),
      role: host,
    })
  }
}

function logEvent(name: string, payload: object): void {
  const detail: Record<string, string | number | boolean> = {}
  for (const member of LOGGED_MEMBERS) {
    const value = (payload as Record<string, unknown>)[member]
    // A session's id is a number of the vendor's; the rest may quote a customer.
    if (typeof value === 'string')
      detail[member] = member === 'sessionId' ? value : vendorText(value)
    else if (typeof value === 'boolean') detail[member] = value
  }
  log('event', `event.${name}`, detail)
}
