/**
 * Lets `using` close an object, where the engine knows `Symbol.dispose`.
 */
export function disposable<T extends object>(object: T, close: () => unknown): T {
  const { dispose } = Symbol as { dispose?: symbol }
  if (dispose) Object.defineProperty(object, dispose, { value: () => void close() })
  return object
}
