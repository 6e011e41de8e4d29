// Every promise settles: with its result, or with an error by its deadline.

import {
  type CalldockError,
  type FailedAttempt,
  failure,
  hasTexts,
  invalid,
  isCalldockError,
  loadTexts,
} from './errors.js'
import { log } from './log.js'
import type { Role } from './role.js'

// Taken at import: a page that replaces them later keeps no deadline from passing.
export const {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  Promise: NativePromise,
} = globalThis
const { then } = NativePromise.prototype
const now = performance.now.bind(performance)

/** How long an operation may take; a queue can give it more time. */
export interface Deadline {
  /** The time that was asked for, in ms. */
  readonly timeoutMs: number
  /**
   * Ends the operation no earlier than in `ms` from now: a server has given it a place in a queue. With 0 its turn
   * has come, and the time that was asked for begins.
   */
  stretch(ms: number): void
  /** The remaining time, in ms. */
  remaining(): number
}

/** How long a function waits for a part of the package. */
export interface WaitOptions {
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
}

/** How to wait for an operation. */
export interface Terms {
  /** The operation, for the message. */
  what: string
  /** How long, in ms, or a deadline that can be stretched. */
  timeoutMs: number | Deadline
  signal?: AbortSignal | undefined
  /** Names the step that the operation has reached, for the message of the deadline. */
  stage?: () => string
  /** The attempts that have failed so far. */
  attempts?: readonly FailedAttempt[]
  /** Called when the wait ends before the operation does. */
  onAbandoned?: (error: CalldockError) => void
  /** The part of the core that works on it: if it traps, the wait ends. */
  role?: Role
}

interface Stretchable extends Deadline {
  queued: boolean
  endsAt: number
  rearm: () => void
}

/** Makes a deadline that {@link wait} and the login share. */
export function deadline(timeoutMs: number): Deadline {
  const own: Stretchable = {
    timeoutMs,
    queued: false,
    endsAt: now() + timeoutMs,
    rearm: () => {},
    stretch(ms) {
      own.queued = ms > 0
      const end = now() + (ms || timeoutMs)
      own.endsAt = ms ? Math.max(own.endsAt, end) : Math.min(own.endsAt, end)
      own.rearm()
    },
    remaining: () => own.endsAt - now(),
  }
  return own
}

/**
 * Waits for an operation until it is done, its deadline passes, its signal aborts or its role traps. A function is
 * not called where the signal has aborted before.
 *
 * @throws {CalldockError} the operation's own error, `TIMEOUT` (`QUEUE_FULL` while it has a place in a
 * queue), `ABORTED`, `INTERNAL`
 */
export function wait<T>(work: PromiseLike<T> | (() => PromiseLike<T>), terms: Terms): Promise<T> {
  // Own members only: what other code has put on Object.prototype is no option.
  const own = { __proto__: null, ...terms } as Terms
  const { what, signal, stage, attempts = [], onAbandoned, role } = own
  const end = (
    typeof own.timeoutMs === 'number' ? deadline(own.timeoutMs) : own.timeoutMs
  ) as Stretchable
  return new NativePromise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let removeListener = () => {}
    let over = false
    const finish = () => {
      over = true
      clearTimeout(timer)
      end.rearm = () => {}
      signal?.removeEventListener('abort', abort)
      removeListener()
    }
    const leave = (error: CalldockError) => {
      if (over) return
      finish()
      log('error', 'error', { code: error.code, message: error.message })
      rejectWithTexts(error, reject)
      onAbandoned?.(error)
    }
    const abort = () =>
      leave(
        failure('ABORTED', what, 'to be finished', 'that its signal aborted it', {
          cause: signal?.reason,
        }),
      )
    const late = () => {
      // The clock of a hidden page is throttled, and a stretched deadline has moved.
      if (end.remaining() >= 1) return arm()
      const found = `it still in the stage '${stage?.() || what}'`
      leave(
        end.queued
          ? failure('QUEUE_FULL', what, 'its turn in the queue', found, { attempts })
          : failure('TIMEOUT', what, `an end within ${end.timeoutMs} ms`, found, { attempts }),
      )
    }
    const arm = () => {
      clearTimeout(timer)
      timer = setTimeout(late, Math.min(Math.max(end.remaining(), 1), 2 ** 31 - 1))
    }
    end.rearm = arm
    arm()
    const done = (value: T) => {
      if (over) return
      finish()
      resolve(value)
    }
    const failed = (cause: unknown) => {
      if (over) return
      finish()
      // All else has become an error of Calldock where it was thrown.
      const error = isCalldockError(cause)
        ? cause
        : failure('NETWORK', 'a part of the package', 'to be loaded', 'a failure', { cause })
      rejectWithTexts(error, reject)
    }
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    else if (role) removeListener = role.onPoisoned(leave)
    const begun = typeof work === 'function' ? !over && work() : work
    settle(begun, done, failed)
  })
}

/** Calls a function once a promise is settled, by the browser's own `then`. */
export function settle<T>(
  work: T,
  done?: (value: Awaited<T>) => void,
  failed?: (error: unknown) => void,
): void {
  Reflect.apply(then, NativePromise.resolve(work), [done, failed])
}

/** How long, in ms, an error may wait for the text that describes its fix. */
const TEXTS_PATIENCE = 300

/** Waits until the fix of an error can be read, or for 300 ms. */
export function whenDescribed(error: unknown): Promise<void> {
  return new NativePromise((resolve) => rejectWithTexts(error, () => resolve()))
}

/** Runs a function of the package; its error is thrown once its fix can be read. */
export async function described<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await whenDescribed(error)
    throw error
  }
}

/** Waits for the texts of the page's language, or for 300 ms. */
export function awaitTexts(): Promise<void> {
  return new NativePromise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, TEXTS_PATIENCE)
    settle(loadTexts(), end)
  })
}

function rejectWithTexts(error: unknown, reject: (error: unknown) => void): void {
  if (!isCalldockError(error) || error.code === 'ABORTED' || hasTexts()) {
    reject(error)
    return
  }
  settle(awaitTexts(), () => reject(error))
}

/** Waits for some ms, or until the signal aborts. Resolves in either case. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new NativePromise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1))
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}

/** Refuses what is not an `AbortSignal`, before anything is started; returns what is one. */
export function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  try {
    if (signal === undefined || typeof signal.removeEventListener === 'function') return signal
  } catch {
    // A revoked proxy.
  }
  throw invalid('signal', 'an AbortSignal', signal)
}

/** Checks the options of a function that waits, before anything is started. */
export function termsOf(
  what: string,
  { timeoutMs, signal }: WaitOptions,
  byDefault = 15_000,
): Terms & { timeoutMs: number } {
  return { what, timeoutMs: checkTimeout(timeoutMs, byDefault), signal: checkSignal(signal) }
}

/** Returns the deadline that was passed in, or the default, in ms. */
export function checkTimeout(timeoutMs: number | undefined, byDefault: number): number {
  if (timeoutMs === undefined) return byDefault
  // setTimeout counts in 31 bits: beyond, it would fire at once.
  if (Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs < 2 ** 31) return timeoutMs
  throw invalid('timeoutMs', 'a number of ms above 0', timeoutMs)
}
