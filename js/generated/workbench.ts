// Written by `cargo xtask generate` from contract/src/tables/; do not edit.
// How a shape is written is described in ../check.ts.

import type { Shape } from '../check.js'
import type * as T from './types.js'

export const OUTBOUND_CALL_OPTIONS: Shape<T.OutboundCallOptions> = { phoneNumber: 1, 'phoneDesc?': 0, 'uui?': 0, 'skillGroupId?': 2, 'callerPhoneNumber?': 0, 'servingNumberGroupIds?': 3, 'phoneEncodeType?': 'number' }

export const INTERNAL_CALL_OPTIONS: Shape<T.InternalCallOptions> = { 'agentId:calleeUserId': 0, 'useMobile?': 4 }

export const SESSION_OPTIONS: Shape<T.SessionOptions> = { sessionId: 0 }

export const TRANSFER_OPTIONS: Shape<T.TransferOptions> = { sessionId: 0, 'skillGroupId?': 2, 'agentId?:userId': 0, '+': 'skillGroupId|agentId' }

export const DIGITS_OPTIONS: Shape<T.DigitsOptions> = { sessionId: 0, dtmfText: 6 }

export const SEND_CARD_OPTIONS: Shape<T.SendCardOptions> = { sessionId: 0, payload: { header: 0, desc: 0, pic: 0, url: 0 } }

export const SEND_ORDER_OPTIONS: Shape<T.SendOrderOptions> = { sessionId: 0, payload: { 'guide?': 0, 'name?': 0, 'desc?': 0, 'pic?': 0, 'customField?': 7 } }

export const AGENT_STATUS_OPTIONS: Shape<T.AgentStatusOptions> = { status: 'free|rest|arrange|notReady|stopNotReady', 'restReason?': 0 }

/**
 * The workbench's methods: what it takes (a shape, 0 nothing, 1 anything, 2 a function that is called for
 * each button), what it responds with if anything, the vendor's call where it is not the same name in the
 * vendor's group (`call.accept`: `Call.accept`).
 */
export const METHODS: Readonly<Record<T.MethodName, readonly [takes: Shape | 0 | 1 | 2, response?: T.MethodResponse, vendor?: string]>> = {
  'call.startOutbound': [OUTBOUND_CALL_OPTIONS, 'session', 'Call.startOutboundCall'],
  'call.startInternal': [INTERNAL_CALL_OPTIONS, 'session', 'Call.startInternalCall'],
  'call.accept': [SESSION_OPTIONS],
  'call.hangUp': [SESSION_OPTIONS, 'nothing', 'Call.hungUp'],
  'call.delete': [SESSION_OPTIONS, 'nothing', 'Call.deleteCall'],
  'call.muteMic': [SESSION_OPTIONS],
  'call.unmuteMic': [SESSION_OPTIONS],
  'call.isMicMuted': [SESSION_OPTIONS, 'flag'],
  'call.hold': [SESSION_OPTIONS],
  'call.unhold': [SESSION_OPTIONS, 'nothing', 'Call.unHold'],
  'call.transfer': [TRANSFER_OPTIONS],
  'call.sendDigits': [DIGITS_OPTIONS],
  'call.end': [1, 'anything'],
  'call.kick': [1, 'anything'],
  'chat.accept': [SESSION_OPTIONS],
  'chat.end': [SESSION_OPTIONS],
  'chat.transfer': [TRANSFER_OPTIONS],
  'chat.sendCard': [SEND_CARD_OPTIONS, 'nothing', 'Chat.sendCardMessage'],
  'chat.sendOrder': [SEND_ORDER_OPTIONS, 'nothing', 'Chat.sendOrderMessage'],
  'video.accept': [SESSION_OPTIONS],
  'video.end': [SESSION_OPTIONS],
  'video.transfer': [TRANSFER_OPTIONS],
  'video.muteMic': [SESSION_OPTIONS],
  'video.unmuteMic': [SESSION_OPTIONS],
  'video.muteVideo': [SESSION_OPTIONS],
  'video.unmuteVideo': [SESSION_OPTIONS],
  'agent.online': [0],
  'agent.offline': [0],
  'agent.setStatus': [AGENT_STATUS_OPTIONS],
  'agent.getStatus': [0, 'text'],
  'admin.getSkillGroups': [0, 'list'],
  'devices.isBrowserSupported': [0, 'flag'],
  'devices.isEnvSupported': [0, 'flag', 'isEnvSupported'],
  'devices.getMicrophones': [0, 'list'],
  'devices.getSpeakers': [0, 'list'],
  'ui.show': [0],
  'ui.hide': [0],
  'ui.showWorkbench': [0],
  'ui.hideWorkbench': [0],
  'ui.showFloatButton': [0, 'nothing', 'UI.showfloatButton'],
  'ui.hideFloatButton': [0, 'nothing', 'UI.hidefloatButton'],
  'ui.mount': [1, 'anything'],
  'ui.configureButtons': [2, 'nothing', 'overrideButtonConfig'],
}

/** The vendor's events: our name, the vendor's members that have another name here, a member that is added. */
export const EVENTS: Readonly<Record<string, readonly [name: T.WorkbenchEventName, renames: Readonly<Record<string, string>>, adds?: Readonly<Record<string, boolean>>]>> = {
  ready: ['ready', {}],
  tokenExpired: ['tokenExpired', {}],
  callIn: ['incoming', { userId: 'customerId', peerUserId: 'agentId' }],
  userAccessed: ['answered', {}, { outbound: false }],
  calloutAccepted: ['answered', {}, { outbound: true }],
  callOuted: ['outgoing', {}],
  sessionEnded: ['ended', {}],
  sessionCompleted: ['completed', {}],
  transfer: ['transferred', { userId: 'agentId' }, { automatic: false }],
  autoTransfer: ['transferred', { userId: 'agentId' }, { automatic: true }],
  statusChanged: ['agentStatus', {}],
}
