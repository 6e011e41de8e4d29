import { computed, type Ref, shallowRef } from 'vue'
import type { CalldockError } from '../index.js'
import { type CallOut, type CallOutResult, callOut, type MessageOptions } from '../tccc.js'

/** A `callOut` with its state. */
export interface CallOutComposable {
  /** As `callOut`, but never rejects: `undefined` where it failed; see `error`. */
  readonly callOut: (call: string | CallOut) => Promise<CallOutResult | undefined>
  /** Whether a call is being requested. */
  readonly pending: Readonly<Ref<boolean>>
  /** The error of the latest request. */
  readonly error: Readonly<Ref<CalldockError | null>>
}

/**
 * Returns a function that requests a call from the workbench around this page. On the page that has the
 * workbench itself, use `workbench.value.call.startOutbound`.
 *
 * @example
 * const { callOut, pending, error } = useCallOut()
 */
export function useCallOut(options: MessageOptions = {}): CallOutComposable {
  const count = shallowRef(0)
  const error = shallowRef<CalldockError | null>(null)
  let turn = 0
  const call = async (number: string | CallOut) => {
    turn += 1
    const mine = turn
    count.value += 1
    error.value = null
    try {
      return await callOut(number, options)
    } catch (found) {
      if (mine === turn) error.value = found as CalldockError
      return undefined
    } finally {
      count.value -= 1
    }
  }
  return { callOut: call, pending: computed(() => count.value > 0), error }
}
