// Written by `cargo xtask generate` from contract/src/tables/; do not edit.
// How a shape is written is described in ../check.ts.

import type { Shape } from '../check.js'
import type * as T from './types.js'

/** Names of members that only a server may have, in lower case. */
export const SECRETS: readonly string[] = ['secretkey', 'secretid', 'secret', 'accesskey', 'accesskeyid']

/** The parameters of a screen pop that TCCC documents. */
export const PARAMETERS: readonly string[] = ['status', 'type', 'mobile', 'userId', 'nickName', 'avatar', 'agentEmail', 'agentMobile', 'agentNickName', 'agentRoleId', 'sdkAppId']

/** The parameters that CEC's agent workbench gives a page. */
export const AGENT_PARAMETERS: readonly string[] = ['callerNum', 'calledNum', 'callid', 'mediaType', 'callType', 'workNo', 'callskill', 'callskillid', 'agentName', 'origin']

/** Members of events that may be logged as they are. */
export const LOGGED_MEMBERS: readonly string[] = ['sessionId', 'type', 'closeBy', 'status', 'serverType', 'automatic', 'outbound']

/** Names of members whose values are private, whatever they hold. */
export const PRIVATE_NAME = /token|secret|passw|pwd|sig$|signature|credential|authoriz|cookie|api[-_ ]?key|private[-_ ]?key|phone|mobile|tel$|mail|nick|avatar|caller|callee|address|identity|user[-_ ]?id|uid$|open[-_ ]?id|customer[-_ ]?id|agent[-_ ]?id|desc$|remark|^name$|user[-_ ]?name$|customer[-_ ]?name$|full[-_ ]?name$|first[-_ ]?name$|last[-_ ]?name$|real[-_ ]?name$|display[-_ ]?name$|contact[-_ ]?name$|agent[-_ ]?name$/i

/** A word of this many characters is a token. */
export const PRIVATE_LENGTH = 32

/** TCCC's chat page. */
export const CHAT_PAGE = 'https://tccc.qcloud.com/web/im/index.html'

/** TCCC's chat widget. */
export const CHAT_WIDGET = 'https://tccc.qcloud.com/web/im/imPublish.js'

/** The chat widget's one global. */
export const WIDGET_GLOBAL = 'customerServiceIframe'

/** The first script of Token mode. */
export const FIRST_SCRIPT = 'thirdPartyClient.js'

/** The script of Authorization mode, and the second of Token mode. */
export const SECOND_SCRIPT = 'newThirdPartyClient.js'

/** The chat widget's events, with the vendor's names. */
export const WIDGET_EVENTS = { agentJoined: 'seatJoin', agentLeft: 'seatLeave' } as const

/** What AICCSupport.js reports. */
export const SUPPORT_EVENTS = ['Init', 'Ringing', 'Talking', 'Release', 'Switch'] as const

/** A CEC user id longer than this, in characters, causes a warning. */
export const USER_ID_ADVICE = 32

export const SDK_LOGIN: Shape<T.SdkLogin> = { 'sdkUrl=sdkURL=SdkURL': 4096, 'token?': 4096, 'sdkAppId?': 2, 'userId?': 4096, 'expiresAt?': 9, '>': 'token|sdkAppId|userId', '*': 1 }

export const CHAT_LOGIN: Shape<T.ChatLogin> = { webAppId: 0, 'clientData?': 8192, 'userSig?': 8192, 'expiresAt?': 9, '=': 'clientData|userSig', '*': 1 }

export const CEC_LOGIN: Shape<T.CecLogin> = { mode: 'token|authorization', 'token?': 4096, 'authorization?': 4096, thirdUserId: 4096, thirdUserName: 4096, tenantSpaceId: 4096, channelConfigId: 4096, 'expiresAt?': 9, '#': 'mode', '*': 1 }

export const COMMAND_OPTIONS: Shape<T.CommandOptions> = { 'timeoutMs?': 5, 'signal?': 9, 'unlisted?': 4 }

export const WORKBENCH_OPTIONS: Shape<T.WorkbenchOptions> = { 'login?': 9, 'attach?': 4, 'showWorkbenchAtFirstLogin?': 4, 'renderDomId?': 0, 'dataset?': 7, 'nonce?': 0, 'timeoutMs?': 5, 'attempts?': 5, 'signal?': 9, 'onQueued?': 8, 'takeOver?': 4, 'hideFloatButton?': 4, 'hideWorkbench?': 4, 'window?': 9 }

export const SWITCH_AGENT_OPTIONS: Shape<T.SwitchAgentOptions> = { 'timeoutMs?': 5, 'signal?': 9, 'onQueued?': 8 }

export const MESSAGE_OPTIONS: Shape<T.MessageOptions> = { 'allowParents?': 3, 'targetOrigin?': 0, 'unlisted?': 4, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const SCREEN_POP_OPTIONS: Shape<T.ScreenPopOptions> = { 'signal?': 9, 'onError?': 8, 'window?': 9 }

export const SERVE_OPTIONS: Shape<T.ServeOptions> = { allow: 3, 'callsPerMinute?': 5, 'onRefused?': 8, 'signal?': 9, 'window?': 9 }

export const DIAL_TEL_LINKS_OPTIONS: Shape<T.DialTelLinksOptions> = { 'workbench?': 9, 'selector?': 0, 'desc?': 8, 'onResult?': 8, 'onError?': 8, 'announce?': 4, 'allowParents?': 3, 'targetOrigin?': 0, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const CALL_ELEMENT_OPTIONS: Shape<T.CallElementOptions> = { 'tag?': 0, 'allowParents?': 3, 'targetOrigin?': 0, 'timeoutMs?': 5, 'window?': 9 }

export const ATTENTION_OPTIONS: Shape<T.AttentionOptions> = { 'notification?': 9, 'title?': 9, 'signal?': 9, 'window?': 9 }

export const CHAT_LINK_OPTIONS: Shape<T.ChatLinkOptions> = { 'title?': 200, 'mobile?': 4, 'hideHeader?': 4, 'chatPage?': 0, 'unlisted?': 4 }

export const CHAT_OPTIONS: Shape<T.ChatOptions> = { login: 9, 'title?': 200, 'mobile?': 4, 'hideHeader?': 4, 'chatPage?': 0, 'unlisted?': 4, 'timeoutMs?': 5, 'signal?': 9, 'onQueued?': 8, 'window?': 9 }

export const CHAT_WIDGET_OPTIONS: Shape<T.ChatWidgetOptions> = { webAppId: 0, 'scriptUrl?': 0, 'unlisted?': 4, 'nonce?': 0, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const OPEN_CHAT_OPTIONS: Shape<T.OpenChatOptions> = { login: 9, contextPath: 0, locale: 'zh|en|ar|es|pt|fr', 'mapService?': 'tencent|google', 'cobrowse?': 4, 'nonce?': 0, 'contentType?': 'form|json', 'scripts?': 3, 'contextPathSlash?': 4, 'globals?': 9, 'refusePhones?': 4, 'timeoutMs?': 5, 'signal?': 9, 'onQueued?': 8, 'window?': 9 }

export const CHANNEL_OPTIONS: Shape<T.ChannelOptions> = { 'timeoutMs?': 5, 'signal?': 9 }

export const AGENT_SCREEN_POP_OPTIONS: Shape<T.AgentScreenPopOptions> = { 'call?': 9, 'signal?': 9, 'onError?': 8, 'window?': 9 }

export const AGENT_CALL_OUT: Shape<T.AgentCallOut> = { phoneNumber: 1, 'mediaType?': 0 }

export const AGENT_CALL_OUT_OPTIONS: Shape<T.AgentCallOutOptions> = { allowOrigins: 3, 'origin?': 0, 'unlisted?': 4, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const ANY_SCREEN_POP_OPTIONS: Shape<T.AnyScreenPopOptions> = { 'call?': 9, 'signal?': 9, 'onError?': 8, 'window?': 9 }

export const ANY_CALL_OUT_OPTIONS: Shape<T.AnyCallOutOptions> = { allowOrigins: 3, 'origin?': 0, 'call?': 9, 'allowParents?': 3, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const START_COBROWSE_OPTIONS: Shape<T.StartCobrowseOptions> = { contextPath: 0, 'nonce?': 0, 'timeoutMs?': 5, 'signal?': 9, 'window?': 9 }

export const CALL_OUT: Shape<T.CallOut> = { phoneNumber: 1, 'desc?': 256 }

export const CHAT_CARD: Shape<T.ChatCard> = { header: 0, desc: 0, pic: 0, url: 0 }

export const CUSTOM_MESSAGE: Shape<T.CustomMessage> = { title: 0, description: 0, iconUrl: 0, 'extension?': 7, 'fromPostMessage?': 5 }

/** The `ccc-sdk` messages: the shape of the body, or 0 for a text. */
export const MESSAGES: Readonly<Record<T.MessageName, Shape | 0>> = {
  callOut: CALL_OUT,
  sendCard: CHAT_CARD,
  sendCustomMessage: CUSTOM_MESSAGE,
  sendTextMessage: 0,
}

