// AICCSupport.js, the script that CEC's agent workbench gives to pages inside it (F12).

import { failure } from '../../core/errors.js'
import { requirePage } from '../../core/role.js'
import type { SUPPORT_EVENTS } from '../../generated/tables.js'
import { type WindowOption, windowOf } from '../../page/realm.js'

/** What happens in the workbench. */
export type AgentSupportEvent = (typeof SUPPORT_EVENTS)[number]

/** The global of AICCSupport.js. What the handlers are called with is not documented. */
export interface AgentSupport {
  addHandler(event: AgentSupportEvent, handler: (data: unknown) => void): void
  /** Removes a handler, or all of an event. Not every version has it. */
  removeHandler?(event: AgentSupportEvent, handler?: (data: unknown) => void): void
  clickToOutbound(call: { readonly mediaType: string; readonly calledNum: string }): void
}

declare global {
  interface Window {
    AICCSupport?: AgentSupport
  }
}

/** Returns the page's AICCSupport, if the script has been loaded. */
export function presentSupport(page: Window): AgentSupport | undefined {
  const support = page.AICCSupport as Partial<AgentSupport> | undefined
  return typeof support?.addHandler === 'function' ? (support as AgentSupport) : undefined
}

/**
 * Returns the global of AICCSupport.js, typed.
 *
 * @throws {CalldockError} `GLOBAL_MISSING` where the page has not loaded the script
 * @example
 * agentSupport().addHandler('Ringing', (call) => console.log(call))
 */
export function agentSupport(options: WindowOption = {}): AgentSupport {
  requirePage()
  const support = presentSupport(windowOf(options))
  if (support) return support
  throw failure(
    'GLOBAL_MISSING',
    'AICCSupport',
    'the script AICCSupport.js of the workbench before this call',
    'none',
  )
}
