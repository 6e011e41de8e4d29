// A call that was stopped once it had left.

import { type CalldockError, failure } from './errors.js'
import { whenDescribed } from './wait.js'

/** Returns the error of an aborted call that may have been made all the same, with the fix that fits it. */
export async function maybeCalled(error: CalldockError): Promise<CalldockError> {
  const { code, where, expected, found, cause } = error
  const unknown = failure('OUTCOME_UNKNOWN', where, expected, found)
  await whenDescribed(unknown)
  return failure(code, where, expected, found, { cause, remedy: unknown.remedy })
}
