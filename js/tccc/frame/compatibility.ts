import { read } from '../../check.js'
import { requirePage } from '../../core/role.js'
import { frame } from '../../core/roles/frame.js'
import { termsOf, type WaitOptions, wait } from '../../core/wait.js'
import type { ScreenPopOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import type { ScreenPopReport } from '../../page/seen.js'
import { screenPopReport } from './parameters.js'
import { READ_OPTIONS } from './screen-pop.js'

/**
 * Reports which parameters the screen pops of this page have had, with what their values look like and no value.
 * The first report reads the page's hash and begins to record.
 *
 * @param options how long it may wait for the core, by default 15,000 ms; a signal that stops it; the window to act
 * in
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`
 * @example
 * console.log(JSON.stringify(await screenPopCompatibility(), null, 2))
 */
export async function screenPopCompatibility(
  options: WaitOptions & Pick<ScreenPopOptions, 'window'> = {},
): Promise<ScreenPopReport> {
  const checked = read(READ_OPTIONS, options, 'options')
  const terms = termsOf('screenPopCompatibility', checked)
  requirePage()
  await wait(frame.start, terms)
  return screenPopReport(windowOf(checked), frame)
}
