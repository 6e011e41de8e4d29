// A second opening with another login; loaded only then.

import { failure } from '../../core/errors.js'
import { host } from '../../core/roles/host.js'
import { SDK_LOGIN } from '../../generated/tables.js'
import type { SdkLogin } from '../../generated/types.js'
import { type LoginSource, type LoginTerms, requestLogin } from '../../page/login.js'
import { type Agent, agentOf } from './vendor.js'

/**
 * Requests a login and refuses one of another agent than the one who is logged in.
 *
 * @throws {CalldockError} `ALREADY_OPEN`, and as `requestLogin`
 */
export async function confirmAgent(
  { agentId, sdkAppId }: Agent,
  login: LoginSource<SdkLogin>,
  terms: Omit<LoginTerms, 'attempt'>,
): Promise<void> {
  const found = await requestLogin(SDK_LOGIN, login, { attempt: 1, ...terms })
  host.call((core) => core.readText('login.sdkUrl', found.sdkUrl))
  const other = agentOf(found)
  const differs = (one: string, two: string) => one !== '' && two !== '' && one !== two
  if (!differs(other.agentId, agentId) && !differs(other.sdkAppId, sdkAppId)) return
  throw failure('ALREADY_OPEN', 'the workbench', 'the agent who is logged in', 'another agent', {
    remedy: 'Log the other agent in by workbench.switchAgent(login).',
  })
}
