import { type Ref, shallowRef } from 'vue'
import { type CallContext, onScreenPop, type ScreenPopOptions } from '../tccc/screen-pop.js'
import { live } from './live.js'

/**
 * The call this page is shown for, in the vendor's workbench: the latest one, `null` before the first,
 * on a server and until the component is mounted. Who needs each of them takes `onScreenPop`.
 *
 * `onError` takes the errors of hashes that could not be read; unless given, they are reported as
 * uncaught.
 */
export function useScreenPop(
  options: Pick<ScreenPopOptions, 'onError'> = {},
): Readonly<Ref<CallContext | null>> {
  const call = shallowRef<CallContext | null>(null)
  live(() =>
    onScreenPop((found) => {
      call.value = found
    }, options),
  )
  return call
}
