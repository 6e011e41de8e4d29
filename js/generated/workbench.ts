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
 * The workbench's methods: the vendor's call, what it takes (a shape, 0 nothing, 1 anything, 2 a
 * function that is asked about each button), what it responds with.
 */
export const METHODS: Readonly<Record<T.MethodName, readonly [vendor: string, takes: Shape | 0 | 1 | 2, response: T.MethodResponse]>> = {
  'call.startOutbound': ['Call.startOutboundCall', OUTBOUND_CALL_OPTIONS, 'session'],
  'call.startInternal': ['Call.startInternalCall', INTERNAL_CALL_OPTIONS, 'session'],
  'call.accept': ['Call.accept', SESSION_OPTIONS, 'nothing'],
  'call.hangUp': ['Call.hungUp', SESSION_OPTIONS, 'nothing'],
  'call.delete': ['Call.deleteCall', SESSION_OPTIONS, 'nothing'],
  'call.muteMic': ['Call.muteMic', SESSION_OPTIONS, 'nothing'],
  'call.unmuteMic': ['Call.unmuteMic', SESSION_OPTIONS, 'nothing'],
  'call.isMicMuted': ['Call.isMicMuted', SESSION_OPTIONS, 'flag'],
  'call.hold': ['Call.hold', SESSION_OPTIONS, 'nothing'],
  'call.unhold': ['Call.unHold', SESSION_OPTIONS, 'nothing'],
  'call.transfer': ['Call.transfer', TRANSFER_OPTIONS, 'nothing'],
  'call.sendDigits': ['Call.sendDigits', DIGITS_OPTIONS, 'nothing'],
  'call.end': ['Call.end', 1, 'anything'],
  'call.kick': ['Call.kick', 1, 'anything'],
  'chat.accept': ['Chat.accept', SESSION_OPTIONS, 'nothing'],
  'chat.end': ['Chat.end', SESSION_OPTIONS, 'nothing'],
  'chat.transfer': ['Chat.transfer', TRANSFER_OPTIONS, 'nothing'],
  'chat.sendCard': ['Chat.sendCardMessage', SEND_CARD_OPTIONS, 'nothing'],
  'chat.sendOrder': ['Chat.sendOrderMessage', SEND_ORDER_OPTIONS, 'nothing'],
  'video.accept': ['Video.accept', SESSION_OPTIONS, 'nothing'],
  'video.end': ['Video.end', SESSION_OPTIONS, 'nothing'],
  'video.transfer': ['Video.transfer', TRANSFER_OPTIONS, 'nothing'],
  'video.muteMic': ['Video.muteMic', SESSION_OPTIONS, 'nothing'],
  'video.unmuteMic': ['Video.unmuteMic', SESSION_OPTIONS, 'nothing'],
  'video.muteVideo': ['Video.muteVideo', SESSION_OPTIONS, 'nothing'],
  'video.unmuteVideo': ['Video.unmuteVideo', SESSION_OPTIONS, 'nothing'],
  'agent.online': ['Agent.online', 0, 'nothing'],
  'agent.offline': ['Agent.offline', 0, 'nothing'],
  'agent.setStatus': ['Agent.setStatus', AGENT_STATUS_OPTIONS, 'nothing'],
  'agent.getStatus': ['Agent.getStatus', 0, 'text'],
  'admin.getSkillGroups': ['Admin.getSkillGroups', 0, 'list'],
  'devices.isBrowserSupported': ['Devices.isBrowserSupported', 0, 'flag'],
  'devices.isEnvSupported': ['isEnvSupported', 0, 'flag'],
  'devices.getMicrophones': ['Devices.getMicrophones', 0, 'list'],
  'devices.getSpeakers': ['Devices.getSpeakers', 0, 'list'],
  'ui.show': ['UI.show', 0, 'nothing'],
  'ui.hide': ['UI.hide', 0, 'nothing'],
  'ui.showWorkbench': ['UI.showWorkbench', 0, 'nothing'],
  'ui.hideWorkbench': ['UI.hideWorkbench', 0, 'nothing'],
  'ui.showFloatButton': ['UI.showfloatButton', 0, 'nothing'],
  'ui.hideFloatButton': ['UI.hidefloatButton', 0, 'nothing'],
  'ui.mount': ['UI.mount', 1, 'anything'],
  'ui.configureButtons': ['overrideButtonConfig', 2, 'nothing'],
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
