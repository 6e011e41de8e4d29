/**
 * Huawei Cloud's Customer Engagement Center: the web chat and cobrowsing on a shop's page, screen pop and
 * one-click dial on a page inside the agent workbench.
 *
 * @packageDocumentation
 */

// Pages inside the agent workbench.
export { type AgentCallOutResult, callOut } from './cec/agent/call-out.js'
export { screenPopCompatibility } from './cec/agent/compatibility.js'
export {
  type AgentCall,
  currentCall,
  onScreenPop,
  type ReadCallOptions,
} from './cec/agent/screen-pop.js'
export { type AgentSupport, type AgentSupportEvent, agentSupport } from './cec/agent/support.js'
// Chat and cobrowsing.
export { type Chat, openChat } from './cec/chat.js'
export { startCobrowse } from './cec/cobrowse.js'
export type { ChatCompatibilityReport } from './cec/compatibility.js'
export type { ChatReport, ChatWarning, ScriptRun } from './cec/report.js'
export type { WaitOptions } from './core/wait.js'
export type {
  AgentCallOut,
  AgentCallOutOptions,
  AgentScreenPopOptions,
  CecLogin,
  ChannelConfig,
  ChannelOptions,
  ChannelResponse,
  OpenChatOptions,
  StartCobrowseOptions,
} from './generated/types.js'
export type { LoginSource } from './page/login.js'
export type { ScreenPopReport, SeenShape } from './page/seen.js'
