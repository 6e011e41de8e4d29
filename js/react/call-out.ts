import { useCallback, useEffect, useRef, useState } from 'react'
import type { CalldockError } from '../core/errors.js'
import { type CallOut, type CallOutResult, callOut } from '../tccc/call-out.js'
import type { MessageOptions } from '../tccc/message.js'

/** A `callOut` with its state. */
export interface CallOutHook {
  /** As `callOut`, but never rejects: `undefined` where it failed, and `error` says why. */
  readonly callOut: (call: string | CallOut) => Promise<CallOutResult | undefined>
  /** Whether one is under way. */
  readonly pending: boolean
  /** What the latest one failed with. */
  readonly error: CalldockError | null
}

/**
 * Asks the workbench around this page to call a number. No provider is needed; on the page that has the
 * workbench itself, it is `workbench.call.startOutbound`.
 */
export function useCallOut(options: MessageOptions = {}): CallOutHook {
  const [pending, setPending] = useState(0)
  const [error, setError] = useState<CalldockError | null>(null)
  const latest = useRef(options)
  const turn = useRef(0)
  useEffect(() => {
    latest.current = options
  })
  const call = useCallback(async (number: string | CallOut) => {
    turn.current += 1
    const mine = turn.current
    setPending((count) => count + 1)
    setError(null)
    try {
      return await callOut(number, latest.current)
    } catch (error) {
      if (mine === turn.current) setError(error as CalldockError)
      return undefined
    } finally {
      setPending((count) => count - 1)
    }
  }, [])
  return { callOut: call, pending: pending > 0, error }
}
