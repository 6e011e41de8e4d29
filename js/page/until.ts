// Waits that a signal ends, for one caller and for several.

import { failure, isCalldockError } from '../core/errors.js'
import { NativePromise, settle } from '../core/wait.js'

/**
 * Waits for a callback until the signal aborts. `start` returns how to clean up, which runs in any case.
 *
 * @throws {CalldockError} `ABORTED`, and what `reject` is called with
 */
export async function until<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  let cleanUp = () => {}
  let abort = () => {}
  try {
    return await new NativePromise<T>((resolve, reject) => {
      abort = () => reject(aborted(signal))
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      else cleanUp = start(resolve, reject)
    })
  } finally {
    signal.removeEventListener('abort', abort)
    cleanUp()
  }
}

/** Waits for a promise until the signal aborts: one that never settles does not keep its caller. */
export function abortable<T>(signal: AbortSignal, work: PromiseLike<T>): Promise<T> {
  return until(signal, (resolve, reject) => {
    settle(work, resolve, reject)
    return () => {}
  })
}

/** Makes the error of work whose signal has aborted: the reason, if that is one of Calldock's errors. */
export function aborted(signal: AbortSignal): unknown {
  if (isCalldockError(signal.reason)) return signal.reason
  return failure('ABORTED', 'the work', 'to be finished', 'that it was stopped', {
    cause: signal.reason,
  })
}

/**
 * Makes work that several calls wait for: it begins with the first one, and stops when the last one has left.
 *
 * @param forget called once, where it fails or is stopped: the next call must start over
 * @returns waits for it until the call's own signal aborts
 */
export function joint<T>(
  begin: (stop: AbortSignal) => Promise<T>,
  forget: () => void,
): (signal: AbortSignal) => Promise<T> {
  const stop = new AbortController()
  stop.signal.addEventListener('abort', forget)
  const end = () => stop.abort()
  let work: Promise<T> | undefined
  let waiting = 0
  return async (signal) => {
    if (!work) {
      work = begin(stop.signal)
      settle(work, undefined, end)
    }
    waiting += 1
    try {
      return await abortable(signal, work)
    } catch (error) {
      waiting -= 1
      if (!waiting) end()
      throw error
    }
  }
}
