/**
 * One business page for the workbenches of both vendors: TCCC's writes the call into the page's hash, CEC's
 * into its query. One listener, one way to call.
 *
 * @packageDocumentation
 */

import { namedOrigins } from './cec/agent/call-out.js'
import * as cec from './cec.js'
import { isList, read, readLoosely } from './check.js'
import { invalid } from './core/errors.js'
import { requirePage } from './core/role.js'
import { checkTimeout, deadline } from './core/wait.js'
import { ANY_CALL_OUT_OPTIONS, ANY_SCREEN_POP_OPTIONS } from './generated/tables.js'
import type { AnyCallOutOptions, AnyScreenPopOptions } from './generated/types.js'
import { originOf, topOrigin } from './page/origin.js'
import { windowOf } from './page/realm.js'
import * as tccc from './tccc.js'

/** A call, whichever workbench it is in. */
export type AnyCall = {
  /** Where the call stands; `null` where the workbench does not tell. */
  readonly status: string | null
  /** The customer's number, or its id where TCCC's number mapping is on. */
  readonly number: string | null
  /** The call's id; TCCC gives none. */
  readonly callId: string | null
  /** The agent's name. */
  readonly agent: string | null
} & (
  | { readonly vendor: 'tccc'; readonly call: tccc.CallContext }
  | { readonly vendor: 'cec'; readonly call: cec.AgentCall }
)

export type { AnyCallOutOptions, AnyScreenPopOptions } from './generated/types.js'

/**
 * Calls `listener` with every call of either workbench.
 *
 * @returns a function that stops it
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER`
 * @example
 * const stop = onScreenPop(({ vendor, number, status }) => show(vendor, number, status))
 */
export function onScreenPop(
  listener: (call: AnyCall) => void,
  options: AnyScreenPopOptions = {},
): () => void {
  if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
  const { call: form, ...shared } = read(ANY_SCREEN_POP_OPTIONS, options, 'options')
  const stopCec = cec.onScreenPop(
    (call) => {
      const { status, callerNum: number, callid: callId, agentName: agent } = call
      listener({ vendor: 'cec', status, number, callId, agent, call })
    },
    form === undefined ? shared : { ...shared, call: form },
  )
  const stopTccc = tccc.onScreenPop((call) => {
    const { status, mobile: number, agentNickName, agentEmail } = call
    const agent = agentNickName ?? agentEmail
    listener({ vendor: 'tccc', status, number, callId: null, agent, call })
  }, shared)
  return () => {
    stopTccc()
    stopCec()
  }
}

/**
 * Calls a number by the workbench that this page is in: CEC's where the page's address or the form has its call,
 * where the top window is of `allowOrigins`, or where `origin` is (by default the address's); else TCCC's. Not
 * every Firefox tells a page its top window's origin: pass `origin` where the address has lost it.
 *
 * @param call the number, or an object with it, as the workbench's own `callOut` takes it
 * @throws {CalldockError} as `callOut` of `calldock/cec` and of `calldock/tccc`
 * @example
 * await callOut('13800000000', { allowOrigins: ['https://cec.example.com'] })
 */
export async function callOut(
  call: string | tccc.CallOut | cec.AgentCallOut,
  options: AnyCallOutOptions,
): Promise<tccc.CallOutResult | cec.AgentCallOutResult> {
  // The page may change the object while this waits. The workbench's own function checks it.
  const isObject = typeof call === 'object' && call && !isList(call)
  const number = isObject ? (readLoosely(call) as unknown as typeof call) : call
  const given = read(ANY_CALL_OUT_OPTIONS, options, 'options')
  const { allowOrigins, allowParents, origin, call: form, timeoutMs, ...others } = given
  const end = timeoutMs === undefined ? undefined : deadline(checkTimeout(timeoutMs, 0))
  /** With what is left of the time: it is for all steps together. */
  const shared = () => (end ? { ...others, timeoutMs: Math.max(1, end.remaining()) } : others)
  requirePage()
  const { location } = windowOf(others)
  const allowed = allowOrigins.map(originOf)
  const named = [...(origin ? [origin] : namedOrigins(location)), topOrigin(location)]
  const inCec =
    named.some((text) => text && allowed.includes(originOf(text))) ||
    (await cec.currentCall(form === undefined ? shared() : { ...shared(), call: form })) !== null
  return inCec
    ? cec.callOut(number, { ...shared(), allowOrigins, ...(origin && { origin }) })
    : tccc.callOut(number, allowParents ? { ...shared(), allowParents } : shared())
}
