// A role is one part of the Rust core (frame, host, cec or agent): its wasm module, its glue and its state.
// Everything that enters a module passes `call`, `enter` or a guarded export, so that a trap is noticed.

import { type CalldockError, failure, isCalldockError, report, Trap } from './errors.js'
import { language } from './language.js'
import { type Form, type Glue, instantiate } from './load.js'
import { log } from './log.js'
import { awaitTexts } from './wait.js'

/** The parts of the core. A page loads those whose functions it calls. */
export type RoleName = 'frame' | 'host' | 'cec' | 'agent'

/**
 * How a part of the core runs: `streaming` (compiled while it arrives), `buffer` (the server sent the wrong
 * content type, or the bytes were passed in), or `js` (the page's policy refuses WebAssembly).
 */
export type Engine = 'streaming' | 'buffer' | 'js'

/** One part of the core. */
// biome-ignore lint/suspicious/noExplicitAny: a list of roles has exports of several types
export interface Role<Exports = any> {
  readonly name: RoleName
  /** How it runs, once it does. */
  readonly engine: Engine | undefined
  /** The exports once it has started; `undefined` before, and after a trap. */
  readonly running: Exports | undefined
  /**
   * Starts it, or returns the start under way. A failed start can be tried again, a trap is final.
   *
   * @throws {CalldockError} `NETWORK`, `UNSUPPORTED_BROWSER`, `INTERNAL` after a trap
   */
  start(): Promise<Exports>
  /**
   * Calls into the module, synchronously.
   *
   * @throws {CalldockError} the module's own error; `UNSUPPORTED_BROWSER` for a missing browser API;
   * `INTERNAL` for a trap and after one
   */
  call<T>(work: (core: Exports) => T): T
  /** Wraps a callback of the browser that leads into the module, such as its own event listener. */
  enter<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void
  /** Calls the listener when the module traps, or soon if it has. Returns a function that removes it. */
  onPoisoned(listener: (error: CalldockError) => void): () => void
}

/** What a role is made of. */
export interface Parts<Exports> {
  readonly name: RoleName
  readonly glue: Exports
  /** The address of the wasm file. */
  readonly url: () => URL
  /** Imports the JavaScript form. */
  readonly script: () => Promise<Form>
  /** Hands the module what it needs of TypeScript, once it runs. */
  readonly prepare?: (glue: Exports) => void
  /** Makes exports that notice a trap by themselves, for a module with futures (guard.ts). */
  readonly guard?: typeof import('./guard.js').guard
}

/** The roles whose files the page has imported. */
export const roles = new Map<RoleName, Role>()

/** Refuses a server's rendering and a worker. Public functions call it before they start a role. */
export function requirePage(): void {
  if (typeof document === 'undefined')
    throw failure('UNSUPPORTED_BROWSER', 'the core', 'a page', 'none (a server or a worker)')
}

/** Makes a role. Nothing is loaded until it starts. */
export function defineRole<Exports extends object>(parts: Parts<Exports>): Role<Exports> {
  const { name, glue } = parts
  const core = glue as Exports & Glue
  const listeners = new Set<(error: CalldockError) => void>()
  let starting: Promise<Exports> | undefined
  let engine: Engine | undefined
  let exports: Record<string, unknown> | undefined
  let poisoned: CalldockError | undefined

  const poison = (cause: unknown): CalldockError => {
    if (poisoned) return poisoned
    poisoned = failure('INTERNAL', `the ${name} core`, 'to go on', 'that it trapped', { cause })
    log('error', 'core.trapped', { role: name })
    for (const listener of [...listeners]) {
      try {
        listener(poisoned)
      } catch (error) {
        report(error)
      }
    }
    listeners.clear()
    return poisoned
  }

  /** Translates an exception of the module into an error; only a trap ends the role. */
  const translate = (thrown: unknown): CalldockError => {
    if (isCalldockError(thrown)) return thrown
    if (isTrap(thrown)) return poison(thrown)
    if (Array.isArray(thrown) && thrown.length === 4) {
      const error = failure(...(thrown as Parameters<typeof failure>))
      log('error', 'error', { code: error.code, message: error.message })
      return error
    }
    const found = thrown instanceof Error ? `a ${thrown.name}` : 'an exception'
    // The glue names a class or a function that this browser does not have.
    if (thrown instanceof ReferenceError)
      return failure('UNSUPPORTED_BROWSER', 'the browser', 'all its APIs', thrown.message)
    return failure('INTERNAL', `the ${name} core`, 'a result', found, { cause: thrown })
  }

  const start = async (): Promise<Exports> => {
    // A Chinese sentence is made of the texts: they must be there before the first error.
    const loading = language() === 'zh' ? awaitTexts() : undefined
    const [form, instance] = await instantiate(parts, core)
    await loading
    exports = parts.guard?.(instance, isTrap, poison) ?? instance
    try {
      core.__wbg_set_wasm(exports)
      parts.prepare?.(glue)
    } catch (thrown) {
      throw translate(thrown)
    }
    engine = form
    log('core', 'core.started', { role: name, engine: form })
    return glue
  }

  const role: Role<Exports> = {
    name,
    get engine() {
      return poisoned ? undefined : engine
    },
    get running() {
      return engine && !poisoned ? glue : undefined
    },
    // Awaited, not chained: a page that replaces `then` for a moment ends no role.
    async start() {
      if (poisoned) throw poisoned
      starting ??= start()
      try {
        return await starting
      } catch (error) {
        starting = undefined
        throw error
      }
    },
    call(work) {
      if (poisoned) throw poisoned
      // An exception that passes the module leaves the module's stack where it was: put it back.
      const move = exports?.stack_pointer as ((by: number) => number) | undefined
      const top = move?.(0)
      try {
        return work(glue)
      } catch (thrown) {
        const error = translate(thrown)
        if (move && !poisoned) move((top as number) - move(0))
        throw error
      }
    },
    enter(callback) {
      return (...args) => {
        if (poisoned) return
        const informed = listeners.size > 0
        try {
          role.call(() => callback(...args))
        } catch (error) {
          if (error !== poisoned || !informed) report(error)
        }
      }
    },
    onPoisoned(listener) {
      listeners.add(listener)
      // Not at once: the caller does not have the function that removes it yet.
      const error = poisoned
      if (error) queueMicrotask(() => listeners.delete(listener) && listener(error))
      return () => {
        listeners.delete(listener)
      }
    },
  }
  roles.set(name, role)
  return role
}

function isTrap(thrown: unknown): boolean {
  return (
    thrown instanceof Trap ||
    (typeof WebAssembly === 'object' && thrown instanceof WebAssembly.RuntimeError)
  )
}
