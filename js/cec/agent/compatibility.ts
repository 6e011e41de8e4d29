import { read } from '../../check.js'
import { requirePage } from '../../core/role.js'
import { agent } from '../../core/roles/agent.js'
import { checkSignal, wait } from '../../core/wait.js'
import { AGENT_SCREEN_POP_OPTIONS } from '../../generated/tables.js'
import type { AgentScreenPopOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import type { ScreenPopReport } from '../../page/seen.js'
import { screenPopReport } from './parameters.js'
import { queryOf } from './screen-pop.js'

/**
 * Reports which parameters this page was opened with, and what AICCSupport.js has reported since the first report:
 * names and what the values look like, no value.
 *
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`
 * @example
 * console.log(JSON.stringify(await screenPopCompatibility(), null, 2))
 */
export async function screenPopCompatibility(
  options: Pick<AgentScreenPopOptions, 'call' | 'signal' | 'window'> = {},
): Promise<ScreenPopReport> {
  const checked = read(AGENT_SCREEN_POP_OPTIONS, options, 'options')
  const { signal } = checked
  checkSignal(signal)
  requirePage()
  const page = windowOf(checked)
  const query = queryOf(page, checked.call)
  await wait(agent.start(), { what: 'screenPopCompatibility', timeoutMs: 15_000, signal })
  return screenPopReport(page, query)
}
