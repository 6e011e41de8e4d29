import { read } from '../../check.js'
import { requirePage } from '../../core/role.js'
import { frame } from '../../core/roles/frame.js'
import { checkSignal, wait } from '../../core/wait.js'
import { SCREEN_POP_OPTIONS } from '../../generated/tables.js'
import type { ScreenPopOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import type { ScreenPopReport } from '../../page/seen.js'
import { screenPopReport } from './parameters.js'

/**
 * Reports which parameters the screen pops of this page have had, with what their values look like and no value.
 * The first report reads the page's hash and begins to record.
 *
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`
 * @example
 * console.log(JSON.stringify(await screenPopCompatibility(), null, 2))
 */
export async function screenPopCompatibility(
  options: Pick<ScreenPopOptions, 'signal' | 'window'> = {},
): Promise<ScreenPopReport> {
  const checked = read(SCREEN_POP_OPTIONS, options, 'options')
  const { signal } = checked
  checkSignal(signal)
  requirePage()
  await wait(frame.start(), { what: 'screenPopCompatibility', timeoutMs: 15_000, signal })
  return screenPopReport(windowOf(checked), frame)
}
