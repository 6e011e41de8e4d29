// Globals of the page that come before the window's own members: `const`, `let` and `class` of its scripts.

import { own } from '../check.js'
import { type CalldockError, failure } from '../core/errors.js'
import { memberOf } from '../page/script.js'

/** Words that no script can declare. */
const RESERVED =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with)$/

/**
 * The names that are checked: not one of the page's own `globals` that no script can write as it is, or that the page
 * refuses, unless the guide assigns it too.
 */
export const checkable = (
  assigned: ReadonlyMap<string, unknown>,
  page: Window,
  globals: object,
): string[] =>
  [...assigned.keys()].filter(
    (name) =>
      /^[$_\p{ID_Start}][$\p{ID_Continue}]*$/u.test(name) &&
      !RESERVED.test(name) &&
      (own(globals, name) !== assigned.get(name) || memberOf(page, name) === assigned.get(name)),
  )

/** Makes the error of globals that the vendor's scripts would not find: they would chat for another visitor. */
export function shadowed(names: readonly string[]): CalldockError {
  const found = 'another value: the page declares it by const, let or class, or has locked it'
  return failure('GLOBAL_MISSING', names.join(', '), 'the value that was assigned', found)
}
