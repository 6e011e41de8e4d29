import { read } from '../../check.js'
import { failure } from '../../core/errors.js'
import { listening, log } from '../../core/log.js'
import { hidden } from '../../core/redact.js'
import { requirePage } from '../../core/role.js'
import { agent } from '../../core/roles/agent.js'
import { described, termsOf, wait } from '../../core/wait.js'
import { AGENT_CALL_OUT, AGENT_CALL_OUT_OPTIONS } from '../../generated/tables.js'
import type { AgentCallOut, AgentCallOutOptions } from '../../generated/types.js'
import { originOf, topOrigin } from '../../page/origin.js'
import { windowOf } from '../../page/realm.js'

/** The result of {@link callOut}. CEC's workbench never responds. */
export interface AgentCallOutResult {
  readonly acknowledged: false
  /** The origin that the number was posted to. */
  readonly targetOrigin: string
  /** The number that is dialled. */
  readonly phoneNumber: string
}

/**
 * Asks CEC's agent workbench around this page to call a number. The page must be opened as “Embed” there.
 *
 * The number is posted to the top window, if `allowOrigins` has its origin. Where the browser does not tell that
 * origin, it is the one that the parameter `origin` of the page's address names.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a number or an origin that is none; `ORIGIN_REFUSED` where the
 * workbench is not in `allowOrigins`, or is not the top window (nothing was posted then); `NETWORK`, `TIMEOUT`,
 * `ABORTED`
 * @example
 * await callOut('13800000000', { allowOrigins: ['https://cec.example.com'] })
 */
export function callOut(
  call: string | AgentCallOut,
  options: AgentCallOutOptions,
): Promise<AgentCallOutResult> {
  return described(() => send(call, options))
}

async function send(
  call: string | AgentCallOut,
  options: AgentCallOutOptions,
): Promise<AgentCallOutResult> {
  const checked = read(AGENT_CALL_OUT_OPTIONS, options, 'options')
  const { unlisted = false, allowOrigins } = checked
  // A text is a number alone, which the core reads.
  const { phoneNumber: number, mediaType = 'audio' } =
    typeof call === 'string'
      ? { phoneNumber: call }
      : read<AgentCallOut>(AGENT_CALL_OUT, call, 'callOut')
  const terms = termsOf('callOut', checked)
  requirePage()
  const page = windowOf(checked)
  const { top, location } = page
  const claimed = checked.origin ?? claimedOrigin(location, allowOrigins)
  let givenUp = false
  const onAbandoned = () => {
    givenUp = true
  }
  const dial = async () => {
    await agent.start()
    if (givenUp) throw failure('ABORTED', 'callOut', 'a caller', 'none')
    return agent.call((core) =>
      core.dial(
        top as Window,
        top !== page,
        location,
        allowOrigins.length > 0 ? allowOrigins.join('\n') : undefined,
        claimed,
        number,
        mediaType,
        unlisted,
      ),
    ) as string
  }
  const sent = await wait(dial, { ...terms, onAbandoned, role: agent })
  const [targetOrigin = '', phoneNumber = ''] = sent.split('\n')
  if (listening())
    log('message', 'agent.callout', { targetOrigin, phoneNumber: hidden(phoneNumber) })
  return { acknowledged: false, targetOrigin, phoneNumber }
}

/** The values of the parameters `origin` in an address, in a query within its query and in its hash too. */
export function namedOrigins({ href }: Location): string[] {
  return new URLSearchParams(href.replace(/[?#]/g, '&')).getAll('origin')
}

/**
 * The workbench's origin as the page's address has it, where the browser does not tell the top window's; it is only
 * used if it is allowed. The page may have a parameter of that name of its own.
 */
function claimedOrigin(location: Location, allowed: readonly string[]): string | undefined {
  if (topOrigin(location)) return undefined
  const claimed = namedOrigins(location).filter((text) => /^https?:/i.test(text))
  const origins = allowed.map(originOf)
  return claimed.find((text) => origins.includes(originOf(text))) ?? claimed[0]
}
