import { startCore } from '../core.js'
import { settle } from '../settle.js'

/** A number to call. */
export interface CallOut {
  /** `13800000000`, `0086…`, `+86…`, `0755-…` or an extension. */
  readonly phoneNumber: string
  /** What the workbench shows in place of the number; at most 256 characters. */
  readonly desc?: string
}

/** Who may be asked to call. */
export interface CallOutOptions {
  /** Origins that may embed this page, beside the vendor's two: `https://crm.example.com`. */
  readonly allowParents?: readonly string[]
  /** Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the number. */
  readonly targetOrigin?: string
}

/** What is known of a callOut. */
export interface CallOutResult {
  /** The vendor's workbench never answers. */
  readonly acknowledged: false
  /** The origin the message was posted to. */
  readonly targetOrigin: string
}

/**
 * Asks the workbench around this page to call a number: its dial pad opens (seed 004).
 *
 * @throws {CalldockError} `INVALID_OPTION` for a number or an origin that is none; `ORIGIN_REFUSED`
 * where the frame around this page is neither the vendor's nor in `allowParents`. Nothing was posted.
 */
export function callOut(
  call: string | CallOut,
  options: CallOutOptions = {},
): Promise<CallOutResult> {
  let given = true
  const posted = startCore().then((core): CallOutResult => {
    // A call costs money: none is made for somebody who has already been told that it failed.
    if (!given) throw new Error('left')
    const asked = typeof call === 'string' ? { phoneNumber: call } : call
    return { acknowledged: false, targetOrigin: core.callOut(asked, options) }
  })
  const left = () => {
    given = false
  }
  return settle(posted, { what: 'callOut', timeoutMs: 15_000, left })
}
