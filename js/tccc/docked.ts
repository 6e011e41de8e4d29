// The open workbench: what it does, the core does.

import type { Core } from '../core.js'
import { CalldockError, report } from '../errors.js'
import { log } from '../log.js'
import { askLogin, checkLogin, isRenewable, type LoginSource } from '../login.js'
import { invalid, type Progress, settle } from '../settle.js'
import type { WorkbenchEvent, WorkbenchEventName, WorkbenchEvents } from './events.js'
import { groupMethods, type WorkbenchMethods } from './methods.js'
import { SessionList } from './sessions.js'
import { stream } from './stream.js'
import type { Tab } from './tab.js'
import type { SdkLogin, Workbench } from './workbench.js'

type Handle = Core['WorkbenchHandle']['prototype']

/** The vendor's answer to a command may take this long, in ms. */
const COMMAND_TIMEOUT = 30_000

/** What an open workbench is made of. */
export interface Parts {
  readonly core: Core
  readonly handle: Handle
  readonly login: LoginSource<SdkLogin>
  readonly timeoutMs: number
  readonly tab: Tab
  /** Called once it is closed. */
  readonly gone: () => void
}

/** The members of a login, for messages. */
export const LOGIN_MEMBERS = '{token, sdkUrl, sdkAppId, userId}'

export class Docked implements Workbench {
  readonly call: WorkbenchMethods['call']
  readonly chat: WorkbenchMethods['chat']
  readonly video: WorkbenchMethods['video']
  readonly agent: WorkbenchMethods['agent']
  readonly admin: WorkbenchMethods['admin']
  readonly devices: WorkbenchMethods['devices']
  readonly ui: WorkbenchMethods['ui']
  readonly sessions = new SessionList()
  readonly closed: Promise<CalldockError | undefined>
  readonly #parts: Parts
  readonly #names: readonly WorkbenchEventName[]
  readonly #over = new AbortController()
  #login: LoginSource<SdkLogin>
  #loggingIn: { readonly stop: AbortController; readonly done: Promise<void> } | undefined
  #close: (why?: CalldockError) => void = () => {}

  constructor(parts: Parts) {
    const { core, handle } = parts
    this.#parts = parts
    this.#login = parts.login
    this.#names = core.workbenchEvents() as WorkbenchEventName[]
    const methods = groupMethods(core.workbenchMethods() as string[], async (name, options) => {
      // While an agent is logged in anew, commands wait.
      await this.#loggingIn?.done
      return settle(handle.command(name, options), { what: name, timeoutMs: COMMAND_TIMEOUT })
    })
    this.call = methods.call
    this.chat = methods.chat
    this.video = methods.video
    this.agent = methods.agent
    this.admin = methods.admin
    this.devices = methods.devices
    this.ui = methods.ui
    this.closed = new Promise((resolve) => {
      this.#close = resolve
    })
    this.#listenToAll((event) => this.sessions.heard(event))
    handle.on('tokenExpired', () => this.#renew(), false)
    const { signal } = this.#over
    let wake = () => {}
    const hidden = ({ persisted }: PageTransitionEvent) => {
      if (persisted) wake = parts.tab.sleep()
    }
    const shown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) wake()
    }
    addEventListener('pagehide', hidden, { signal })
    addEventListener('pageshow', shown, { signal })
  }

  get userId(): string {
    return this.#parts.handle.userId
  }

  get raw(): unknown {
    return this.#parts.handle.raw
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
    this.#parts.handle.off(event, listener)
  }

  events<E extends WorkbenchEventName>(event: E): AsyncIterableIterator<WorkbenchEvents[E]>
  events(): AsyncIterableIterator<WorkbenchEvent>
  events(event?: WorkbenchEventName): AsyncIterableIterator<unknown> {
    return stream<unknown>(
      (push) => (event === undefined ? this.#listenToAll(push) : this.#listen(event, push, false)),
      this.#over.signal,
    )
  }

  async switchAgent(login: LoginSource<SdkLogin>): Promise<void> {
    checkLogin(login, LOGIN_MEMBERS)
    this.#loggingIn?.stop.abort()
    await this.#loggingIn?.done
    this.#login = login
    await this.#logIn('switchAgent', false)
  }

  close(): void {
    this.#end()
  }

  /** Ends it for a reason: the vendor's interface is of no use any more, or another tab's. */
  lose(error: CalldockError): void {
    if (this.#over.signal.aborted) return
    this.#parts.handle.leave()
    this.#end(error)
    log('error', 'workbench.lost', { code: error.code, message: error.message })
    report(error)
  }

  #end(why?: CalldockError): void {
    if (this.#over.signal.aborted) return
    this.#loggingIn?.stop.abort()
    this.#parts.handle.close()
    this.#over.abort()
    this.#parts.tab.release()
    this.sessions.clear()
    this.#parts.gone()
    this.#close(why)
  }

  #listen(event: string, listener: unknown, once: boolean): () => void {
    if (typeof event !== 'string') throw invalid('event', 'the name of an event', event)
    if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
    const id = this.#parts.handle.on(event, listener, once)
    return () => this.#parts.handle.forget(id)
  }

  #listenToAll(listener: (event: WorkbenchEvent) => void): () => void {
    const stops = this.#names.map((event) =>
      this.#listen(event, (payload: never) => listener({ event, payload }), false),
    )
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** One new login for an expired token; if it fails, the workbench is closed. */
  #renew(): void {
    if (this.#loggingIn) return
    if (isRenewable(this.#login)) {
      this.#logIn('the renewal of the login', true).catch(() => {})
      return
    }
    const found =
      'the workbench: expected a login that can be asked anew, found a literal one, whose token has expired'
    this.lose(new CalldockError('TOKEN_EXPIRED', found))
  }

  #logIn(what: string, same: boolean): Promise<void> {
    const { handle, tab, timeoutMs } = this.#parts
    const stop = new AbortController()
    const progress: Progress = { stage: 'login', attempts: [] }
    const ask = (attempt: number) => askLogin(this.#login, attempt, stop.signal)
    const left = () => stop.abort()
    const terms = { what, timeoutMs, signal: stop.signal, progress, left }
    const work = settle<void>(handle.logIn(ask, tab.hold, same, stop.signal, progress), terms)
    const done = work.then(
      () => {},
      (error) => {
        if (stop.signal.aborted && error.code === 'ABORTED') return
        // An agent who could not be switched to leaves the one before in place.
        if (same || !this.userId) this.lose(error)
      },
    )
    const loggingIn = { stop, done }
    this.#loggingIn = loggingIn
    done.then(() => {
      if (this.#loggingIn === loggingIn) this.#loggingIn = undefined
    })
    return work.then(() => this.sessions.clear())
  }
}
