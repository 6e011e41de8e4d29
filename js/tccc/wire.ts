// What a page and a host page say to each other where both are Calldock's. The first message is the
// vendor's own, so that a workbench that knows nothing of this takes it; a port goes with it, and on the
// port the rest is said: nobody else can speak there.

/** The mark of the vendor's envelope (seed 004). */
export const SOURCE = 'ccc-sdk'

/** The mark of a message that brings a port. */
export const BRIDGE = 1

/** What the vendor's envelope holds. */
export interface Payload {
  readonly event: string
  readonly message: unknown
}

/** The first message. */
export interface Opening {
  readonly source: typeof SOURCE
  readonly payload: Payload
  readonly calldock: typeof BRIDGE
}

/** From the page. */
export type Asked =
  /** The first message was number 0. */
  | { readonly type: 'ask'; readonly id: number; readonly payload: Payload }
  | { readonly type: 'ping' }

/** From the host page. */
export type Said =
  /** The port is taken; the answer to number 0 follows. */
  | { readonly type: 'welcome' }
  | { readonly type: 'pong' }
  | { readonly type: 'done'; readonly id: number; readonly sessionId?: string }
  | {
      readonly type: 'failed'
      readonly id: number
      readonly code: string
      readonly message: string
      readonly remedy: string
    }
  | ({ readonly type: 'state'; readonly sessionId: string } & CallOutState)
  /** No more is served. */
  | { readonly type: 'bye' }

/** Where a call that was asked for stands. */
export interface CallOutState {
  /** `lost`: the host page is gone or serves no more. */
  readonly state: 'ringing' | 'connected' | 'ended' | 'lost'
  /** Who ended it. */
  readonly closeBy?: string
  /** How long it was connected, in seconds. */
  readonly duration?: number
}
