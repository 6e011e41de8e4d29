/**
 * Tencent Cloud Contact Center.
 *
 * On a host page `openWorkbench`; on a page inside the vendor's workbench `onScreenPop`, `currentCall`
 * and `callOut`.
 *
 * @packageDocumentation
 */
export { type CallOut, type CallOutOptions, type CallOutResult, callOut } from './tccc/call-out.js'
export type * from './tccc/events.js'
export type { Login, SdkLogin } from './tccc/login.js'
export {
  type CallContext,
  type CallStatus,
  currentCall,
  onScreenPop,
  type ScreenPopOptions,
  type ServiceType,
} from './tccc/screen-pop.js'
export {
  type OpenWorkbenchOptions,
  type OutboundCall,
  type OutboundCallOptions,
  openWorkbench,
  type Workbench,
} from './tccc/workbench.js'
