// Every promise settles: with its result, or with an error by its deadline.

import { onBroken } from './core.js'
import { CalldockError, type FailedAttempt } from './errors.js'
import { log } from './log.js'

/** On what terms a piece of work is waited for. */
export interface Terms {
  /** What is being done, for the message. */
  what: string
  /** How long, in ms. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** How far it is. */
  progress?: Progress
  /** Called when the wait ends before the work does. */
  left?: () => void
}

/** How far a piece of work is. */
export interface Progress {
  stage: string
  attempts: FailedAttempt[]
}

/** Waits for work until it is done, its deadline passes, its signal aborts or the core breaks. */
export function settle<T>(work: PromiseLike<T>, terms: Terms): Promise<T> {
  const { what, timeoutMs, signal, progress, left } = terms
  return new Promise((resolve, reject) => {
    checkSignal(signal)
    const over = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      mended()
    }
    const leave = (error: CalldockError) => {
      over()
      log('error', 'error', { code: error.code, message: error.message })
      reject(error)
      left?.()
    }
    const abort = () =>
      leave(
        new CalldockError('ABORTED', `${what}: stopped by its signal`, { cause: signal?.reason }),
      )
    const late = () => {
      const found = `it still in the stage '${progress?.stage ?? what}'`
      leave(
        new CalldockError(
          'TIMEOUT',
          `${what}: expected an end within ${timeoutMs} ms, found ${found}`,
          {
            attempts: progress?.attempts ?? [],
          },
        ),
      )
    }
    const timer = setTimeout(late, timeoutMs)
    let mended = () => {}
    work.then(
      (value) => {
        over()
        resolve(value)
      },
      (error) => {
        over()
        reject(error)
      },
    )
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    else mended = onBroken(leave)
  })
}

/** Refuses what is no signal; asked before anything has begun, too. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw invalid('signal', 'an AbortSignal', signal)
}

/** A deadline that was handed in, or the default. */
export function deadline(timeoutMs: number | undefined, byDefault: number): number {
  if (timeoutMs === undefined) return byDefault
  // setTimeout counts in 31 bits: beyond, it would fire at once.
  if (Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs < 2 ** 31) return timeoutMs
  throw invalid('timeoutMs', 'a number of ms above 0', timeoutMs)
}

/** The error of an option that is not of its form; its value is not repeated. */
export function invalid(option: string, expected: string, found: unknown): CalldockError {
  const kind = found === null ? 'null' : Array.isArray(found) ? 'a list' : typeof found
  const shown = typeof found === 'number' ? String(found) : kind
  return new CalldockError('INVALID_OPTION', `${option}: expected ${expected}, found ${shown}`)
}
