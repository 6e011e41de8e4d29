// The workbench's methods, group by group: field-standard names over the vendor's exact calls. What they
// take and answer is checked by the core (contract/src/method/table.rs has the same list); each rejects
// with `INVALID_OPTION` before the vendor sees anything, with `VENDOR_REJECTED` and the vendor's text,
// with `TIMEOUT` after 30 s, or with `ABORTED` on a workbench that is closed.

import type { AgentStatus, ServerType } from './events.js'

/** The options of an outbound call, in the vendor's names. */
export interface OutboundCallOptions {
  readonly phoneNumber: string
  /** What the workbench shows in place of the number. */
  readonly phoneDesc?: string
  /** User-to-user information that travels with the call. */
  readonly uui?: string
  readonly skillGroupId?: string | number
  /** The number the far end sees. */
  readonly callerPhoneNumber?: string
  /** The groups of numbers to choose the caller's from. */
  readonly servingNumberGroupIds?: readonly string[]
  /** Says that `phoneNumber` is one the vendor has encoded. */
  readonly phoneEncodeType?: 'number'
}

/** A call that was started. */
export interface StartedCall {
  readonly sessionId: string
  readonly calleePhoneNumber?: string
  readonly callerPhoneNumber?: string
  readonly serverType?: ServerType
  readonly calleeLocation?: string
  readonly remark?: string
}

/** To whom a session is handed on: a group, an agent, or an agent of a group. */
export type TransferOptions = { readonly sessionId: string } & (
  | { readonly skillGroupId: string | number; readonly userId?: string }
  | { readonly userId: string; readonly skillGroupId?: string | number }
)

/** Telephone calls. */
export interface CallMethods {
  /** Calls a number: `Call.startOutboundCall`. */
  startOutbound(options: OutboundCallOptions): Promise<StartedCall>
  /** Calls a colleague: `Call.startInternalCall`. */
  startInternal(options: {
    readonly calleeUserId: string
    readonly useMobile?: boolean
  }): Promise<StartedCall>
  accept(sessionId: string): Promise<void>
  /** Ends a call: `Call.hungUp`. */
  hangUp(sessionId: string): Promise<void>
  /** Takes an ended call off the workbench: `Call.deleteCall`. */
  delete(sessionId: string): Promise<void>
  muteMic(sessionId: string): Promise<void>
  unmuteMic(sessionId: string): Promise<void>
  isMicMuted(sessionId: string): Promise<boolean>
  hold(sessionId: string): Promise<void>
  /** `Call.unHold`. */
  unhold(sessionId: string): Promise<void>
  transfer(options: TransferOptions): Promise<void>
  /** Presses telephone keys: digits, `*` and `#`. */
  sendDigits(options: { readonly sessionId: string; readonly dtmfText: string }): Promise<void>
  /** The vendor has it; what it takes and answers is not published. */
  end(options?: unknown): Promise<unknown>
  /** The vendor has it; what it takes and answers is not published. */
  kick(options?: unknown): Promise<unknown>
}

/** A card of the Desk edition. */
export interface ChatCard {
  readonly header: string
  readonly desc: string
  /** The address of its picture. */
  readonly pic: string
  /** Where it leads. */
  readonly url: string
}

/** An order of the Desk edition. */
export interface ChatOrder {
  readonly guide?: string
  readonly name?: string
  readonly desc?: string
  readonly pic?: string
  readonly customField?: string
}

/** Text chats. */
export interface ChatMethods {
  accept(sessionId: string): Promise<void>
  end(sessionId: string): Promise<void>
  transfer(options: TransferOptions): Promise<void>
  /** Desk: `Chat.sendCardMessage`. */
  sendCard(options: { readonly sessionId: string; readonly payload: ChatCard }): Promise<void>
  /** Desk: `Chat.sendOrderMessage`. */
  sendOrder(options: { readonly sessionId: string; readonly payload: ChatOrder }): Promise<void>
}

/** Video calls. */
export interface VideoMethods {
  accept(sessionId: string): Promise<void>
  end(sessionId: string): Promise<void>
  transfer(options: TransferOptions): Promise<void>
  muteMic(sessionId: string): Promise<void>
  unmuteMic(sessionId: string): Promise<void>
  muteVideo(sessionId: string): Promise<void>
  unmuteVideo(sessionId: string): Promise<void>
}

/** The agent. */
export interface AgentMethods {
  online(): Promise<void>
  offline(): Promise<void>
  /** `stopNotReady` ends `notReady`. */
  setStatus(options: {
    readonly status: 'free' | 'rest' | 'arrange' | 'notReady' | 'stopNotReady'
    readonly restReason?: string
  }): Promise<void>
  getStatus(): Promise<AgentStatus>
}

/** A group of agents. */
export interface SkillGroup {
  readonly skillGroupName: string
  readonly skillGroupId: string | number
}

/** The contact centre. */
export interface AdminMethods {
  /** Only in older editions of the vendor's script. */
  getSkillGroups(): Promise<readonly SkillGroup[]>
}

/** What the agent hears and speaks with. */
export interface DeviceMethods {
  isBrowserSupported(): Promise<boolean>
  getMicrophones(): Promise<readonly MediaDeviceInfo[]>
  getSpeakers(): Promise<readonly MediaDeviceInfo[]>
}

/** A button of the vendor's interface. */
export interface WorkbenchButton {
  readonly type:
    | 'transferSeat'
    | 'transferSkillGroup'
    | 'holdToggle'
    | 'forwardOut'
    | 'showKeyboard'
    | 'selfService'
    | (string & {})
  readonly active?: boolean
}

/** The vendor's interface. */
export interface UiMethods {
  show(): Promise<void>
  hide(): Promise<void>
  showWorkbench(): Promise<void>
  hideWorkbench(): Promise<void>
  /** `UI.showfloatButton`. */
  showFloatButton(): Promise<void>
  /** `UI.hidefloatButton`. */
  hideFloatButton(): Promise<void>
  /** The vendor has it; what it takes is not published. Repeated, it doubles the vendor's listeners. */
  mount(target?: unknown): Promise<unknown>
  /** Asks `choose` about every button: `overrideButtonConfig`. */
  configureButtons(choose: (button: WorkbenchButton) => { readonly active: boolean }): Promise<void>
}

/** Every group of methods. */
export interface WorkbenchMethods {
  readonly call: CallMethods
  readonly chat: ChatMethods
  readonly video: VideoMethods
  readonly agent: AgentMethods
  readonly admin: AdminMethods
  readonly devices: DeviceMethods
  readonly ui: UiMethods
}

/**
 * The groups, from the names the core knows (`call.hangUp`, …).
 *
 * @internal
 */
export function groupMethods(
  names: readonly string[],
  run: (name: string, options: unknown) => Promise<unknown>,
): WorkbenchMethods {
  const groups: Record<string, Record<string, (options?: unknown) => Promise<unknown>>> = {}
  for (const name of names) {
    const [group = '', method = ''] = name.split('.')
    groups[group] ??= {}
    groups[group][method] = (options) => run(name, options)
  }
  return groups as unknown as WorkbenchMethods
}
