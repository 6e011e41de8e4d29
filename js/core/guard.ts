import type { CalldockError } from './errors.js'
import type { Exports } from './load.js'

/**
 * Makes exports that notice a trap by themselves. A module with futures is entered from microtasks, past
 * `call` and `enter`.
 */
export function guard(
  exports: Exports,
  isTrap: (thrown: unknown) => boolean,
  poison: (cause: unknown) => CalldockError,
): Exports {
  const guarded: Exports = {}
  let poisoned: CalldockError | undefined
  for (const [name, value] of Object.entries(exports)) {
    guarded[name] =
      typeof value !== 'function'
        ? value
        : (...args: unknown[]) => {
            if (poisoned) throw poisoned
            try {
              return value(...args)
            } catch (thrown) {
              if (!isTrap(thrown)) throw thrown
              poisoned = poison(thrown)
              throw poisoned
            }
          }
  }
  return guarded
}
