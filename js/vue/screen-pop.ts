import { type Ref, shallowRef } from 'vue'
import { type CallContext, onScreenPop, type ScreenPopOptions } from '../tccc.js'
import { live } from './live.js'

/**
 * Returns the call this page is shown for, in the vendor's workbench: the latest one; `null` before the
 * first, on a server and until the component is mounted. To handle each of several calls use `onScreenPop`.
 *
 * @param options `onError` is called with the errors of hashes that cannot be read; by default they are
 * reported as uncaught; `window` is the main application's, in a micro-frontend
 * @example
 * const call = useScreenPop()
 * watch(call, () => show(call.value?.mobile))
 */
export function useScreenPop(
  options: Partial<Pick<ScreenPopOptions, 'onError' | 'window'>> = {},
): Readonly<Ref<CallContext | null>> {
  const call = shallowRef<CallContext | null>(null)
  live(() =>
    onScreenPop((found) => {
      call.value = found
    }, options),
  )
  return call
}
