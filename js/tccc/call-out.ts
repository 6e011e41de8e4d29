import { type Acknowledged, type MessageOptions, type Posted, say } from './message.js'

/** A number to call. */
export interface CallOut {
  /** `13800000000`, `0086…`, `+86…`, `0755-…` or an extension. */
  readonly phoneNumber: string
  /** What the workbench shows in place of the number; at most 256 characters. */
  readonly desc?: string
}

/** What is known of a callOut. */
export type CallOutResult = Posted | Acknowledged

/**
 * Asks the workbench around this page to call a number: its dial pad opens (seed 004). The vendor's own
 * workbench never answers; a host page that serves callOuts does, and tells of the call from then on.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a number or an origin that is none; `ORIGIN_REFUSED`
 * where the frame around this page is neither the vendor's nor in `allowParents`: nothing was posted
 * then. What a host page failed with, `VENDOR_REJECTED` for example.
 */
export function callOut(
  call: string | CallOut,
  options: MessageOptions = {},
): Promise<CallOutResult> {
  return say('callOut', typeof call === 'string' ? { phoneNumber: call } : call, options)
}
