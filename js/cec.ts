/**
 * Huawei Cloud's Customer Engagement Center: the web chat and cobrowsing.
 *
 * @packageDocumentation
 */
export { type Chat, openChat } from './cec/chat.js'
export { startCobrowse } from './cec/cobrowse.js'
export type { ChatReport, ChatWarning, ScriptRun } from './cec/report.js'
export type {
  CecLogin,
  ChannelConfig,
  ChannelOptions,
  ChannelResponse,
  OpenChatOptions,
  StartCobrowseOptions,
} from './generated/types.js'
export type { LoginSource } from './page/login.js'
