import type { CallOutState } from '../wire.js'

/** The message was posted. The vendor's workbench never responds, so its outcome is not known. */
export interface Posted {
  readonly acknowledged: false
  /** The origin the message was posted to. */
  readonly targetOrigin: string
  /** The number as it was posted, for a callOut. */
  readonly phoneNumber?: string
}

/** A host page that uses Calldock has done what the message asks for. */
export interface Acknowledged {
  readonly acknowledged: true
  /** The origin of the host page. */
  readonly targetOrigin: string
  /** The number as it was dialled, for a callOut. */
  readonly phoneNumber?: string
  /** The call's session; empty where the message started none, or the vendor did not name it. */
  readonly sessionId: string
  /**
   * The call's states, from its start until it has ended or the host page is gone. A signal that aborts ends the
   * loop before.
   *
   * @example
   * if (result.acknowledged) for await (const { state } of result.states()) show(state)
   */
  states(options?: {
    readonly signal?: AbortSignal | undefined
  }): AsyncIterableIterator<CallOutState>
}

/** The result of a message. */
export type MessageResult = Posted | Acknowledged

/** The result of a callOut. */
export type CallOutResult = MessageResult & { readonly phoneNumber: string }
