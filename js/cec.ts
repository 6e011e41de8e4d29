/**
 * Huawei Cloud's Customer Engagement Center: the web chat and cobrowsing.
 *
 * @packageDocumentation
 */
export {
  type CecLogin,
  type ChannelAnswer,
  type ChannelConfig,
  type Chat,
  type ChatLocale,
  type ChatReport,
  type ChatWarning,
  type OpenChatOptions,
  openChat,
} from './cec/chat.js'
export { type StartCobrowseOptions, startCobrowse } from './cec/cobrowse.js'
export type { LoginSource } from './login.js'
