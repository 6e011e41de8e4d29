// What a framework shows of the workbench: a state that changes, and how to listen to it. Uses what a page
// could use.

import type { CalldockError } from '../index.js'
import {
  type LoginSource,
  type SdkLogin,
  type Session,
  shareWorkbench,
  type Workbench,
  type WorkbenchOptions,
} from '../tccc.js'

/** Where a workbench comes from. */
export type WorkbenchSource =
  | {
      readonly login: LoginSource<SdkLogin>
      readonly options?: Omit<WorkbenchOptions, 'login'> | undefined
      readonly workbench?: undefined
    }
  | {
      /**
       * In the place of a login: a workbench that is open already, or a function in the place of
       * `openWorkbench`, such as `fakeWorkbench().open` of `calldock/testing`.
       */
      readonly workbench: Workbench | (() => Promise<Workbench>)
      readonly login?: undefined
      readonly options?: undefined
    }

/** The state of a component's workbench. */
export type WorkbenchState =
  /** It is being opened; also on a server and while a page is hydrated. */
  | { readonly status: 'opening'; readonly workbench: null; readonly error: null }
  | { readonly status: 'open'; readonly workbench: Workbench; readonly error: null }
  /** Closed by `close()`, or lost for a reason. */
  | { readonly status: 'closed'; readonly workbench: null; readonly error: CalldockError | null }
  /** It could not be opened. */
  | { readonly status: 'failed'; readonly workbench: null; readonly error: CalldockError }

/** The state of a server, of a page being hydrated and of the beginning. */
export const OPENING: WorkbenchState = /* @__PURE__ */ Object.freeze({
  status: 'opening',
  workbench: null,
  error: null,
})

type LoginFunction = Extract<LoginSource<SdkLogin>, (...args: never) => unknown>

/** The sessions of no workbench. */
export const NO_CALLS: readonly Session[] = /* @__PURE__ */ Object.freeze([])

/** Listens to nothing. */
export const nothing = () => () => {}

/** How long, in ms, what a function has opened waits for the next holder: as long as `shareWorkbench` lets it. */
const LINGER = 1000

/** The workbench while components hold it: opened for the first, let go of after the last. */
export class WorkbenchStore {
  readonly #source: () => WorkbenchSource
  readonly #listeners = new Set<() => void>()
  #state = OPENING
  #holders = 0
  #leave = () => {}
  /** What the function in the place of a login has opened, and until when it is handed out again. */
  #kept: { readonly workbench: Promise<Workbench>; until: number } | undefined

  /** @param source called at every opening, so that it may change meanwhile */
  constructor(source: () => WorkbenchSource) {
    this.#source = source
  }

  get state(): WorkbenchState {
    return this.#state
  }

  // Bound, so that a framework can pass it on.
  readonly subscribe = (listener: () => void): (() => void) => {
    const added = () => listener()
    this.#listeners.add(added)
    return () => void this.#listeners.delete(added)
  }

  /** Holds the workbench; returns a function that lets it go. */
  hold(): () => void {
    this.#holders += 1
    if (this.#holders === 1) this.#open()
    let holding = true
    return () => {
      if (!holding) return
      holding = false
      this.#holders -= 1
      if (this.#holders > 0) return
      this.#leave()
      this.#become(OPENING)
    }
  }

  /** Opens again what has failed or is closed. */
  readonly retry = (): void => {
    const { status } = this.#state
    if (this.#holders === 0 || (status !== 'failed' && status !== 'closed')) return
    this.#leave()
    this.#become(OPENING)
    this.#open()
  }

  #open(): void {
    let holding = true
    this.#leave = () => {
      holding = false
    }
    const become = (state: WorkbenchState) => {
      if (holding) this.#become(state)
    }
    const failed = (error: CalldockError) => become({ status: 'failed', workbench: null, error })
    const opened = (workbench: Workbench) => {
      become({ status: 'open', workbench, error: null })
      workbench.closed.then((error) =>
        become({ status: 'closed', workbench: null, error: error ?? null }),
      )
    }
    try {
      const { workbench, release } = this.#take()
      this.#leave = () => {
        holding = false
        release()
      }
      if ('then' in workbench) workbench.then(opened, failed)
      else opened(workbench)
    } catch (error) {
      // Options of no use: a state too, or the whole application would come down.
      failed(error as CalldockError)
    }
  }

  #become(state: WorkbenchState): void {
    if (state === this.#state) return
    this.#state = Object.freeze(state)
    for (const listener of [...this.#listeners]) listener()
  }

  /** What is given now: own members only, as in `read` of check.ts. */
  #given(): WorkbenchSource {
    return { __proto__: null, ...this.#source() } as object as WorkbenchSource
  }

  /** Opens a workbench, or takes the one that is open. */
  #take(): { workbench: Workbench | Promise<Workbench>; release(): void } {
    const { login, options, workbench } = this.#given()
    // Neither is closed here: it is the caller's own.
    if (typeof workbench === 'function') return this.#call(workbench)
    if (workbench) return { workbench, release() {} }
    // A component may have another function at each render: the latest is called.
    const latest: LoginFunction = (request) => {
      const now = this.#given().login
      return (typeof now === 'function' ? now : (login as LoginFunction))(request)
    }
    return shareWorkbench({ ...options, login: typeof login === 'function' ? latest : login })
  }

  /** Calls the function once for holders that soon follow each other, until what it has opened fails or closes. */
  #call(open: () => Promise<Workbench>): { workbench: Promise<Workbench>; release(): void } {
    if (this.#kept && performance.now() > this.#kept.until) this.#kept = undefined
    this.#kept ??= { workbench: Promise.resolve(open()), until: 0 }
    const kept = this.#kept
    kept.until = Number.POSITIVE_INFINITY
    const forget = () => {
      if (this.#kept === kept) this.#kept = undefined
    }
    kept.workbench.then(({ closed }) => closed.then(forget), forget)
    const release = () => {
      kept.until = performance.now() + LINGER
    }
    return { workbench: kept.workbench, release }
  }
}
