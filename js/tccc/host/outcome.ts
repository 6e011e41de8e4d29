// What is known of a call for whose response nobody waits any more.

import { type CalldockError, failure } from '../../core/errors.js'
import { maybeCalled } from '../../core/maybe-called.js'
import { whenDescribed } from '../../core/wait.js'

/** Returns the error of a call that the vendor has received. */
export async function outcomeOf(cause: CalldockError, timeoutMs: number): Promise<CalldockError> {
  const { code, where } = cause
  if (code === 'ABORTED') return maybeCalled(cause)
  if (code !== 'TIMEOUT') return cause
  const expected = `the vendor to respond within ${timeoutMs} ms`
  const unknown = failure('OUTCOME_UNKNOWN', where, expected, 'no response', { cause })
  await whenDescribed(unknown)
  return unknown
}
