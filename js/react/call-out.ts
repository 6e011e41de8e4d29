import { useCallback, useEffect, useRef, useState } from 'react'
import type { CalldockError } from '../index.js'
import { type CallOut, type CallOutResult, callOut, type MessageOptions } from '../tccc.js'

/** A `callOut` with its state. */
export interface CallOutHook {
  /** As `callOut`, but never rejects: `undefined` where it failed; see `error`. */
  readonly callOut: (call: string | CallOut) => Promise<CallOutResult | undefined>
  /** Whether a call is being requested. */
  readonly pending: boolean
  /** The error of the latest request. */
  readonly error: CalldockError | null
}

/**
 * Returns a function that requests a call from the workbench around this page. No provider is needed; on the
 * page that has the workbench itself, use `workbench.call.startOutbound`.
 *
 * @example
 * const { callOut, pending, error } = useCallOut()
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
