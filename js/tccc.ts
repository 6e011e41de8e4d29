/**
 * Tencent Cloud Contact Center.
 *
 * On a host page `openWorkbench`; on a page inside the vendor's workbench `onScreenPop`, `currentCall`
 * and `callOut`.
 *
 * @packageDocumentation
 */

export type { LoginSource } from './login.js'
export { type AttentionOptions, type CallInNotice, drawAttention } from './tccc/attention.js'
export { type RefusedMessage, type ServeOptions, serveCallOuts } from './tccc/bridge.js'
export { defineCallElement } from './tccc/call-element.js'
export { type CallOut, type CallOutResult, callOut } from './tccc/call-out.js'
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
export { type CustomMessage, sendCard, sendCustomMessage, sendTextMessage } from './tccc/desk.js'
export type * from './tccc/events.js'
export type { Acknowledged, MessageOptions, Posted } from './tccc/message.js'
export type {
  AdminMethods,
  AgentMethods,
  CallMethods,
  ChatCard,
  ChatMethods,
  ChatOrder,
  DeviceMethods,
  OutboundCallOptions,
  SkillGroup,
  StartedCall,
  TransferOptions,
  UiMethods,
  VideoMethods,
  WorkbenchButton,
  WorkbenchMethods,
} from './tccc/methods.js'
export {
  type CallContext,
  type CallStatus,
  currentCall,
  onScreenPop,
  type ScreenPopOptions,
  type ServiceType,
} from './tccc/screen-pop.js'
export type { Session, Sessions } from './tccc/sessions.js'
export { type SharedWorkbench, shareWorkbench } from './tccc/share.js'
export { type DialTelLinksOptions, dialTelLinks } from './tccc/tel-links.js'
export type { CallOutState } from './tccc/wire.js'
export {
  type OpenWorkbenchOptions,
  openWorkbench,
  type SdkLogin,
  type Workbench,
} from './tccc/workbench.js'
