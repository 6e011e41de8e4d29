/**
 * Tencent Cloud Contact Center (TCCC).
 *
 * On a host page `openWorkbench`; on a page inside the vendor's workbench `onScreenPop`, `currentCall`
 * and `callOut`; on a shop's page the online chat.
 *
 * @packageDocumentation
 */

// The workbench.
export type {
  AdminMethods,
  AgentMethods,
  AgentStatus,
  AgentStatusChanged,
  AgentStatusOptions,
  Answered,
  CallMethods,
  ChatCard,
  ChatMethods,
  ChatOrder,
  CommandOptions,
  Completed,
  DevicesMethods,
  DigitsOptions,
  Ended,
  ImIncoming,
  Incoming,
  InternalCallOptions,
  InternalIncoming,
  IvrStep,
  MethodName,
  OutboundCallOptions,
  Outgoing,
  PhoneIncoming,
  SdkLogin,
  SendCardOptions,
  SendOrderOptions,
  ServerType,
  SkillGroup,
  StartedCall,
  SwitchAgentOptions,
  TokenExpired,
  Transferred,
  TransferOptions,
  UiMethods,
  VideoIncoming,
  VideoMethods,
  VoipIncoming,
  WorkbenchButton,
  WorkbenchEvent,
  WorkbenchEventName,
  WorkbenchEvents,
  WorkbenchMethods,
  WorkbenchOptions,
} from './generated/types.js'
export type { LoginRequest, LoginSource } from './page/login.js'
export type { Session, SessionMethods, Sessions, TransferTarget } from './tccc/host/sessions.js'
export { type SharedWorkbench, shareWorkbench } from './tccc/host/share.js'
export { type OpenWorkbenchOptions, openWorkbench, type Workbench } from './tccc/host/workbench.js'
// The online chat.
export type {
  ChatLinkOptions,
  ChatLogin,
  ChatOptions,
  ChatWidgetOptions,
} from './generated/types.js'
export { type EmbeddedChat, embedChat } from './tccc/chat/iframe.js'
export { chatLink } from './tccc/chat/link.js'
export { inspectUserSig, type UserSigReport } from './tccc/chat/user-sig.js'
export { type ChatWidget, type ChatWidgetEvent, loadChatWidget } from './tccc/chat/widget.js'
export { openChatWindow } from './tccc/chat/window.js'
// Pages inside the vendor's workbench.
export type {
  CallContext,
  CallOut,
  CallStatus,
  CustomMessage,
  MessageOptions,
  ScreenPopOptions,
  ServiceType,
} from './generated/types.js'
export { callOut } from './tccc/frame/call-out.js'
export { sendCard, sendCustomMessage, sendMessage, sendTextMessage } from './tccc/frame/messages.js'
export type { Acknowledged, CallOutResult, MessageResult, Posted } from './tccc/frame/result.js'
export { currentCall, onScreenPop } from './tccc/frame/screen-pop.js'
export type { CallOutState } from './tccc/wire.js'
