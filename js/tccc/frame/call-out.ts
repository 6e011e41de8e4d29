import { read } from '../../check.js'
import { described } from '../../core/wait.js'
import { CALL_OUT } from '../../generated/tables.js'
import type { CallOut, MessageOptions } from '../../generated/types.js'
import type { CallOutResult } from './result.js'
import { messageOptions, send } from './send.js'

/**
 * Asks the workbench around this page to call a number: its dial pad opens (screen-pop guide). The vendor's own
 * workbench never responds. A host page that serves callOuts does (`serveCallOuts` of `calldock/bridge`), and
 * reports the states of the call.
 *
 * Only spaces and characters that cannot be seen are removed from the number; the result says what was
 * dialled.
 *
 * @throws {CalldockError} `INVALID_OPTION` for an invalid number or origin; `ORIGIN_REFUSED` where the
 * frame around this page is neither the vendor's nor in `allowParents` (nothing was posted then);
 * `OUTCOME_UNKNOWN` where a host page has received it and does not respond in time; `TOO_MANY`, `PEER_GONE`,
 * `ABORTED`, or the host page's own error, such as `VENDOR_REJECTED`; `NETWORK`, `TIMEOUT`,
 * `UNSUPPORTED_BROWSER`, `INTERNAL` where the core does not start
 * @example
 * const { phoneNumber, acknowledged } = await callOut('13800000000')
 * @example
 * await callOut({ phoneNumber: '0755-26888888', desc: 'order 7' }, { allowParents: ['https://crm.example.com'] })
 */
export function callOut(
  call: string | CallOut,
  options: MessageOptions = {},
): Promise<CallOutResult> {
  return described(async () => {
    const terms = messageOptions(options)
    const { unlisted = false } = terms
    // A text is a number alone, which the core reads.
    const body =
      typeof call === 'string'
        ? Object.assign(Object.create(null), { phoneNumber: call })
        : read(CALL_OUT, call, 'callOut', { unlisted })
    return (await send({ event: 'callOut', body }, terms)) as CallOutResult
  })
}
