import { read } from '../../check.js'
import { requirePage } from '../../core/role.js'
import { agent } from '../../core/roles/agent.js'
import { termsOf, wait } from '../../core/wait.js'
import { windowOf } from '../../page/realm.js'
import type { ScreenPopReport } from '../../page/seen.js'
import { screenPopReport } from './parameters.js'
import { queryOf, READ_OPTIONS, type ReadCallOptions } from './screen-pop.js'

/**
 * Reports which parameters this page was opened with, and what AICCSupport.js has reported since the first report:
 * names and what the values look like, no value.
 *
 * @param options as {@link currentCall}'s
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`
 * @example
 * console.log(JSON.stringify(await screenPopCompatibility(), null, 2))
 */
export async function screenPopCompatibility(
  options: ReadCallOptions = {},
): Promise<ScreenPopReport> {
  const checked = read(READ_OPTIONS, options, 'options')
  const terms = termsOf('screenPopCompatibility', checked)
  requirePage()
  const page = windowOf(checked)
  const query = queryOf(page, checked.call)
  await wait(agent.start, terms)
  return screenPopReport(page, query)
}
