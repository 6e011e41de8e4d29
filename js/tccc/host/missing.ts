// A script that has registered no global.

import { type CalldockError, failure, kind } from '../../core/errors.js'
import { memberOf } from '../../page/script.js'

/** Makes the error, which names what stands in the global's place and what the script threw. */
export function globalMissing(
  page: Window,
  names: readonly string[],
  thrown: string | undefined,
): CalldockError {
  const wrong = names.find((name) => memberOf(page, name) !== undefined)
  return failure(
    'GLOBAL_MISSING',
    "the vendor's script",
    `it to register window.${names.join(' or window.')}`,
    (wrong ? `window.${wrong} to be ${kind(memberOf(page, wrong))} of another shape` : 'none') +
      (thrown ? `; the script threw ${thrown}` : ''),
  )
}
