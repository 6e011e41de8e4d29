// Events as an async iterator, with a bounded buffer.

import { NativePromise } from './wait.js'

/** How to make a stream. */
export interface StreamOptions<T> {
  /** Starts to deliver events to `push`; returns a stop function. `end` ends the stream. */
  readonly subscribe: (push: (event: T) => void, end: () => void) => () => void
  /** Events that are kept while no one reads. @defaultValue 1,000 */
  readonly limit?: number
  /** Called once for each event that was dropped because the buffer was full: the oldest. */
  readonly onDropped?: (event: T) => void
  /** The first ends it at once, as leaving the loop does; the others are its source's. */
  readonly signals?: readonly (AbortSignal | undefined)[]
}

/**
 * Makes an async iterator over events. It subscribes at once, so that no event between the call and the
 * first `next()` is lost; when the buffer is full, the oldest event is dropped. It ends by `return()` (a
 * `break` in `for await`), by the signal or by its source; after the last the events in the buffer can still be
 * read.
 */
export function stream<T>(options: StreamOptions<T>): AsyncIterableIterator<T> {
  // Own members only, as in `wait`.
  const own = { __proto__: null, ...options } as StreamOptions<T>
  const { subscribe, limit = 1000, onDropped, signals = [] } = own
  const buffer: T[] = []
  const readers: ((result: IteratorResult<T, undefined>) => void)[] = []
  let done = false
  let stop = () => {}
  const end = () => {
    if (done) return
    done = true
    stop()
    for (const each of signals) each?.removeEventListener('abort', end)
    for (const reader of readers.splice(0)) reader({ done, value: undefined })
  }
  const push = (event: T) => {
    if (done) return
    const reader = readers.shift()
    if (reader) return reader({ done: false, value: event })
    buffer.push(event)
    if (buffer.length > limit) onDropped?.(buffer.shift() as T)
  }
  stop = subscribe(push, end)
  // Ended while it subscribed.
  if (done) stop()
  for (const each of signals) {
    if (each?.aborted) end()
    if (!done) each?.addEventListener('abort', end)
  }
  return {
    next: () =>
      new NativePromise((resolve) => {
        if (signals[0]?.aborted) buffer.length = 0
        if (buffer.length > 0) resolve({ done: false, value: buffer.shift() as T })
        else if (done) resolve({ done, value: undefined })
        else readers.push(resolve)
      }),
    return: async () => {
      buffer.length = 0
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
