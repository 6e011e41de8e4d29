import { useEffect, useRef, useState } from 'react'
import { type CallContext, onScreenPop, type ScreenPopOptions } from '../tccc/screen-pop.js'

/**
 * The call this page is shown for, in the vendor's workbench: the latest one, `null` before the first,
 * on a server and while hydrating. Who needs each of them takes `onScreenPop`. No provider is needed.
 *
 * `onError` takes the errors of hashes that could not be read; unless given, they are reported as
 * uncaught.
 */
export function useScreenPop(options: Pick<ScreenPopOptions, 'onError'> = {}): CallContext | null {
  const [call, setCall] = useState<CallContext | null>(null)
  const latest = useRef(options.onError)
  useEffect(() => {
    latest.current = options.onError
  })
  const told = options.onError !== undefined
  useEffect(
    () => onScreenPop(setCall, told ? { onError: (error) => latest.current?.(error) } : {}),
    [told],
  )
  return call
}
