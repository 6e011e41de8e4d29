// A call for whose response nobody waits any more, once it had left.

import { type CalldockError, failure } from './errors.js'
import { whenDescribed } from './wait.js'

/** Returns the error of a call that may have been made all the same: of an aborted one its own, with the fix that fits. */
export async function maybeCalled(error: CalldockError): Promise<CalldockError> {
  const { code, where, expected, found, cause } = error
  const unknown = failure('OUTCOME_UNKNOWN', where, expected, found, { cause: error })
  await whenDescribed(unknown)
  if (code === 'TIMEOUT') return unknown
  return failure(code, where, expected, found, { cause, remedy: unknown.remedy })
}
