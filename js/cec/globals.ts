// Whether the vendor's scripts find the globals that were assigned for them.

import { own } from '../check.js'
import type { CecChat } from '../glue/cec.js'
import { rare, runText } from './vendor-scripts.js'

/** What is kept for the check. */
const READERS = 'calldock.globals'

/**
 * Refuses a page in which scripts read another value by one of these names, which can be written as they are: its own
 * `const`, `let` or `class` comes before a member of the window, and it may have locked a member.
 *
 * @throws {CalldockError} `GLOBAL_MISSING`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`
 */
export async function checkGlobals(
  chat: CecChat,
  page: Window,
  assigned: ReadonlyMap<string, unknown>,
  names: readonly string[],
): Promise<void> {
  const text = `globalThis['${READERS}']=[${names.map((name) => `()=>${name}`)}]`
  await runText(() => chat.run(text), page)
  const readers = own(page, READERS) as readonly (() => unknown)[] | undefined
  Reflect.deleteProperty(page, READERS)
  const wrong = names.filter((name, at) => {
    try {
      return readers?.[at]?.() !== assigned.get(name)
    } catch {
      // A class of that name is declared further down.
      return true
    }
  })
  if (wrong.length) throw (await rare()).shadowed(wrong)
}
