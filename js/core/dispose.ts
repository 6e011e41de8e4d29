import { define } from './define.js'

/**
 * Lets `using` close an object, where the engine knows `Symbol.dispose`.
 */
export function disposable<T extends object>(object: T, close: () => unknown): T {
  const { dispose } = Symbol as { dispose?: symbol }
  if (dispose) define(object, dispose, () => void close())
  return object
}
