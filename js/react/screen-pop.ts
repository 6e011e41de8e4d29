import { useEffect, useRef, useState } from 'react'
import { type CallContext, onScreenPop, type ScreenPopOptions } from '../tccc.js'

/**
 * Returns the call this page is shown for, in the vendor's workbench: the latest one; `null` before the
 * first, on a server and while hydrating. To handle each of several calls use `onScreenPop`. No provider is
 * needed.
 *
 * @param options `onError` is called with the errors of hashes that cannot be read; by default they are
 * reported as uncaught; `window` is the main application's, in a micro-frontend
 * @example
 * const number = useScreenPop()?.mobile
 */
export function useScreenPop(
  options: Partial<Pick<ScreenPopOptions, 'onError' | 'window'>> = {},
): CallContext | null {
  // Own members only: what other code has put on Object.prototype is no option.
  const { onError, window: page } = { __proto__: null, ...options } as typeof options
  const [call, setCall] = useState<CallContext | null>(null)
  const latest = useRef(onError)
  useEffect(() => {
    latest.current = onError
  })
  const hasHandler = onError !== undefined
  useEffect(
    () =>
      onScreenPop(setCall, {
        ...(page && { window: page }),
        ...(hasHandler && { onError: (error) => latest.current?.(error) }),
      }),
    [hasHandler, page],
  )
  return call
}
