import { computed, type Ref, shallowRef } from 'vue'
import type { CalldockError } from '../core/errors.js'
import { type CallOut, type CallOutResult, callOut } from '../tccc/call-out.js'
import type { MessageOptions } from '../tccc/message.js'

/** A `callOut` with its state. */
export interface CallOutComposable {
  /** As `callOut`, but never rejects: `undefined` where it failed, and `error` says why. */
  readonly callOut: (call: string | CallOut) => Promise<CallOutResult | undefined>
  /** Whether one is under way. */
  readonly pending: Readonly<Ref<boolean>>
  /** What the latest one failed with. */
  readonly error: Readonly<Ref<CalldockError | null>>
}

/**
 * Asks the workbench around this page to call a number. On the page that has the workbench itself, it is
 * `workbench.value.call.startOutbound`.
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
