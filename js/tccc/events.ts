// The workbench's events (vendor/tccc.md §1), as a listener gets them from either envelope.

/** The kind of seat a telephone session runs on. */
export type ServerType =
  | 'staffSeat'
  | 'staffPhoneSeat'
  | 'miniProgramSeat'
  | 'staffExtensionSeat'
  | (string & {})

/** What the agent is doing. */
export type AgentStatus =
  | 'free'
  | 'busy'
  | 'arrange'
  | 'notReady'
  | 'rest'
  | 'offline'
  | (string & {})

/** One key a caller pressed in the voice menu. */
export interface IvrStep {
  readonly key: string
  readonly label: string
}

interface Ringing {
  readonly sessionId: string
  /** How long it rings, in seconds; 0 is for ever. */
  readonly timeout: number
  readonly remark?: string
}

/** A telephone call rings. */
export interface PhoneCallIn extends Ringing {
  readonly type: 'phone'
  readonly calleePhoneNumber: string
  readonly serverType: ServerType
  readonly callerPhoneNumber?: string
  readonly callerLocation?: string
  readonly ivrPath?: readonly IvrStep[]
  readonly protectedCallee?: string
  readonly protectedCaller?: string
}

/** A text chat rings. */
export interface ImCallIn extends Ringing {
  readonly type: 'im'
  readonly nickname: string
  readonly avatar?: string
  readonly peerSource?: string
  readonly channelName?: string
  /** What the chat link was signed with, read; absent where it is no JSON object. */
  readonly clientData?: Readonly<Record<string, unknown>>
  /** The same as the vendor sent it: a JSON text. */
  readonly clientDataText?: string
}

/** An internet call rings. */
export interface VoipCallIn extends Ringing {
  readonly type: 'voip'
  readonly callee: string
  readonly userId: string
  readonly calleeRemark?: string
  readonly nickname?: string
  readonly avatar?: string
  readonly peerSource?: string
  readonly ivrPath?: readonly IvrStep[]
}

/** A video call rings. */
export interface VideoCallIn extends Ringing {
  readonly type: 'video'
  readonly userId: string
  readonly nickname?: string
  readonly avatar?: string
}

/** A colleague calls. */
export interface InternalCallIn extends Ringing {
  readonly type: 'internal'
  readonly peerUserId: string
}

/** Something rings; `type` tells what. */
export type CallIn = PhoneCallIn | ImCallIn | VoipCallIn | VideoCallIn | InternalCallIn

/** An event that says no more than which session it is about. */
export interface SessionEvent {
  readonly sessionId: string
}

/** A session is over. */
export interface SessionEnded extends SessionEvent {
  readonly closeBy: 'client' | 'seat' | 'admin' | 'timer' | (string & {})
  readonly mainReason?: string
  readonly subReason?: string
  readonly type?: string
  /** How long it was, in seconds. */
  readonly duration?: number
}

/** An outbound call was started; the far end does not ring yet. */
export interface CallOuted extends SessionEvent {
  readonly calleePhoneNumber?: string
  readonly callerPhoneNumber?: string
  readonly protectedCallee?: string
  readonly remark?: string
}

/** A session was handed on. */
export interface Transferred extends SessionEvent {
  readonly skillGroupId?: string
  readonly userId?: string
}

/** Every event of the workbench, and what its listener gets. */
export interface WorkbenchEvents {
  /** The agent is logged in again, after a renewal; the first one ends `openWorkbench`. */
  ready: Record<string, never>
  /** The token is no longer accepted; Calldock asks for a new login by itself. */
  tokenExpired: { readonly message?: string }
  callIn: CallIn
  /** The agent has answered. */
  userAccessed: SessionEvent
  /** An unanswered session went on to another agent. */
  autoTransfer: SessionEvent
  sessionEnded: SessionEnded
  /** The work after a session is over too. */
  sessionCompleted: SessionEvent
  callOuted: CallOuted
  /** The far end has answered an outbound call. */
  calloutAccepted: SessionEvent
  transfer: Transferred
  statusChanged: { readonly status: AgentStatus }
}

/** Any event with its name: a union to tell apart by `event`. */
export type WorkbenchEvent = {
  [E in WorkbenchEventName]: { readonly event: E; readonly payload: WorkbenchEvents[E] }
}[WorkbenchEventName]

/** The name of an event. */
export type WorkbenchEventName = keyof WorkbenchEvents
