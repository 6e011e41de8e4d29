// What a page in a frame and the host page around it say to each other (`calldock/bridge`):
//
// 1. The page posts the vendor's message with a mark. A host page that does not know Calldock handles it as
//    the vendor's workbench does, and never responds.
// 2. A host page that serves responds with a port. It does not serve the marked message itself. An application of
//    the page may run in a frame of its own there (wujie), and ask for itself: the port goes to the page, whose
//    connection that waits takes it.
// 3. The page sends the message over the port, if it still waits. So a call that the page has reported as
//    not acknowledged is never made, however late the host page starts.
//
// The port belongs to the document that it was given to: see `prove`.

/** The mark of the vendor's envelope (screen-pop guide). */
export const SOURCE = 'ccc-sdk'

/** Marks a message to which a host page may respond with a port. */
export const WANTS_PORT = 1

/** Marks a message for which no port is needed: the page waits for one already, or does not wait. */
export const WANTS_NO_PORT = 2

/** A message of the vendor's. */
export interface Payload {
  readonly event: string
  readonly message: unknown
}

/** From the page in the frame to the host page's window, outside the vendor's envelope: asks for a port. */
export type PortRequest = { readonly calldock: 'open' }

/** From the host page's window to the page's. */
export type Reply =
  /** The host page has started to serve. */
  | { readonly calldock: 'serving' }
  /** A port comes with the message. */
  | { readonly calldock: 'port' }
  /** The page must send the text back over its port, as proof that the port is still its own. */
  | { readonly calldock: 'prove'; readonly proof: string }

/** From the page, over the port. */
export type FrameRequest =
  /** Each `id` is greater than the one before. */
  | { readonly type: 'ask'; readonly id: number; readonly payload: Payload }
  | { readonly type: 'proof'; readonly proof: string }
  | { readonly type: 'ping' }
  /** The application that asked for the port is gone. */
  | { readonly type: 'bye' }

/** From the host page, over the port. */
export type HostResponse =
  | { readonly type: 'pong' }
  | { readonly type: 'done'; readonly id: number; readonly sessionId?: string | undefined }
  | {
      readonly type: 'failed'
      readonly id: number
      readonly code: string
      readonly where: string
      readonly expected: string
      readonly found: string
      readonly remedy: string
    }
  | ({ readonly type: 'state'; readonly sessionId: string } & CallOutState)
  /** The host page serves no more. What has no response yet was not done. */
  | { readonly type: 'bye' }

/** The state of a call that a page in a frame requested. */
export interface CallOutState {
  /** `lost`: the host page is gone or serves no more, or has logged another agent in. */
  readonly state: 'ringing' | 'connected' | 'ended' | 'lost'
  /** Who ended it: `client`, `seat`, `admin`, `timer`; `transfer` or `autoTransfer` where it went on to another agent. */
  readonly closeBy?: string | undefined
  /** How long it was connected, in seconds. */
  readonly duration?: number | undefined
}
