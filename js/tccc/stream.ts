// Events as something to loop over: `for await (const call of workbench.events('callIn'))`.

/**
 * What `subscribe` hands over, in order, from now on: nothing is lost between two steps of the loop. It
 * ends with `closed`, or when the loop is left; `subscribe` returns a stop function.
 *
 * @internal
 */
export function stream<T>(
  subscribe: (push: (value: T) => void) => () => void,
  closed: AbortSignal,
): AsyncIterableIterator<T> {
  const queue: T[] = []
  const waiting: ((result: IteratorResult<T, undefined>) => void)[] = []
  const done = { done: true, value: undefined } as const
  let over = false
  const stop = subscribe((value) => {
    const next = waiting.shift()
    if (next) next({ done: false, value })
    else queue.push(value)
  })
  const end = () => {
    if (over) return
    over = true
    stop()
    closed.removeEventListener('abort', end)
    for (const next of waiting.splice(0)) next(done)
  }
  closed.addEventListener('abort', end)
  if (closed.aborted) end()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      const value = queue.shift()
      if (value !== undefined) return Promise.resolve({ done: false, value })
      if (over) return Promise.resolve(done)
      return new Promise((resolve) => waiting.push(resolve))
    },
    return() {
      queue.length = 0
      end()
      return Promise.resolve(done)
    },
  }
}
