/**
 * Tencent Cloud Contact Center.
 *
 * On a host page `openWorkbench`; on a page inside the vendor's workbench `onScreenPop`, `currentCall`
 * and `callOut`.
 *
 * @packageDocumentation
 */

export type { LoginSource } from './login.js'
export { type CallOut, type CallOutOptions, type CallOutResult, callOut } from './tccc/call-out.js'
export {
  type ChatLinkOptions,
  type ChatLogin,
  type ChatOptions,
  chatLink,
  type EmbeddedChat,
  embedChat,
  inspectUserSig,
  openChatWindow,
  type UserSigReport,
} from './tccc/chat.js'
export {
  type ChatWidget,
  type ChatWidgetEvent,
  type ChatWidgetOptions,
  loadChatWidget,
} from './tccc/chat-widget.js'
export type * from './tccc/events.js'
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
  type SdkLogin,
  type Workbench,
} from './tccc/workbench.js'
