/**
 * Tencent Cloud Contact Center (TCCC).
 *
 * On a host page `openWorkbench`; on a page inside the vendor's workbench `onScreenPop`, `currentCall`
 * and `callOut`; on a shop's page the online chat.
 *
 * @packageDocumentation
 */

export type { WaitOptions } from './core/wait.js'
// The workbench.
// The online chat.
// Pages inside the vendor's workbench.
export type {
  AdminMethods,
  AgentMethods,
  AgentStatus,
  AgentStatusChanged,
  AgentStatusOptions,
  Answered,
  CallContext,
  CallMethods,
  CallOut,
  CallStatus,
  ChatCard,
  ChatLinkOptions,
  ChatLogin,
  ChatMethods,
  ChatOptions,
  ChatOrder,
  ChatWidgetOptions,
  CommandOptions,
  Completed,
  CustomMessage,
  DevicesMethods,
  DigitsOptions,
  Ended,
  ImIncoming,
  Incoming,
  InternalCallOptions,
  InternalIncoming,
  IvrStep,
  MessageOptions,
  MethodName,
  OutboundCallOptions,
  Outgoing,
  PhoneIncoming,
  ScreenPopOptions,
  SdkLogin,
  SendCardOptions,
  SendOrderOptions,
  ServerType,
  ServiceType,
  SkillGroup,
  StartedCall,
  SwitchAgentOptions,
  TokenExpired,
  TransferOptions,
  Transferred,
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
export type { ScreenPopReport, SeenShape } from './page/seen.js'
export { type EmbeddedChat, embedChat } from './tccc/chat/iframe.js'
export { chatLink } from './tccc/chat/link.js'
export { inspectUserSig, type UserSigReport } from './tccc/chat/user-sig.js'
export { type ChatWidget, type ChatWidgetEvent, loadChatWidget } from './tccc/chat/widget.js'
export { openChatWindow } from './tccc/chat/window.js'
export { callOut } from './tccc/frame/call-out.js'
export { screenPopCompatibility } from './tccc/frame/compatibility.js'
export { sendCard, sendCustomMessage, sendMessage, sendTextMessage } from './tccc/frame/messages.js'
export type { Acknowledged, CallOutResult, MessageResult, Posted } from './tccc/frame/result.js'
export { currentCall, onScreenPop } from './tccc/frame/screen-pop.js'
export type { CompatibilityReport } from './tccc/host/compatibility.js'
export type { Session, SessionMethods, Sessions, TransferTarget } from './tccc/host/sessions.js'
export { type SharedWorkbench, shareWorkbench } from './tccc/host/share.js'
export { type OpenWorkbenchOptions, openWorkbench, type Workbench } from './tccc/host/workbench.js'
export type { CallOutState } from './tccc/wire.js'
