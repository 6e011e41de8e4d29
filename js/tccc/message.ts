// What a page says to the workbench around it, and what comes back.

import { startCore } from '../core.js'
import { settle } from '../settle.js'
import { Line } from './line.js'
import { BRIDGE, type CallOutState, type Opening, SOURCE } from './wire.js'

/** Who may be asked. */
export interface MessageOptions {
  /** Origins that may embed this page, beside the vendor's two: `https://crm.example.com`. */
  readonly allowParents?: readonly string[]
  /** Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the message. */
  readonly targetOrigin?: string
}

/** The message is on its way; nobody says what becomes of it. */
export interface Posted {
  /** The vendor's workbench never answers. */
  readonly acknowledged: false
  /** The origin the message was posted to. */
  readonly targetOrigin: string
}

/** A host page has done it. */
export interface Acknowledged {
  readonly acknowledged: true
  readonly targetOrigin: string
  /** The call's session; empty where the message began none. */
  readonly sessionId: string
  /** Where the call stands, from its beginning until it has ended or the host page is gone. */
  states(): AsyncIterableIterator<CallOutState>
}

/** What the core has checked. */
interface Composed {
  readonly body: unknown
  readonly targetOrigin: string
  readonly vendor: boolean
}

/** How long, in ms, a host page may take to say that it is one. */
const PATIENCE = 500

/** How long, in ms, it may take to do what it was asked. */
const TIMEOUT = 45_000

/** The port to the host page around this page, and whether one that was offered found no ear. */
let line: Line | undefined
let deaf = false

/**
 * Says something to the workbench around this page.
 *
 * @internal
 */
export function say(
  event: string,
  body: unknown,
  options: MessageOptions,
): Promise<Posted | Acknowledged> {
  let given = true
  const said = startCore().then((core) => {
    // A call costs money: none is made for somebody who has already been told that it failed.
    if (!given) throw new Error('left')
    return post(event, core.composeMessage(event, body, options) as Composed)
  })
  const left = () => {
    given = false
  }
  return settle(said, { what: event, timeoutMs: TIMEOUT, left })
}

async function post(event: string, composed: Composed): Promise<Posted | Acknowledged> {
  const { body, targetOrigin, vendor } = composed
  const payload = { event, message: body }
  const posted: Posted = { acknowledged: false, targetOrigin }
  if (vendor || targetOrigin === '*') {
    window.parent.postMessage({ source: SOURCE, payload }, targetOrigin)
    return posted
  }
  if (line && !line.over) return acknowledged(line, line.ask(payload), targetOrigin)
  const { port1, port2 } = new MessageChannel()
  const offered = new Line(port1)
  const first = offered.first()
  first.catch(() => {})
  const opening: Opening = { source: SOURCE, payload, calldock: BRIDGE }
  window.parent.postMessage(opening, targetOrigin, [port2])
  const welcomed = offered.welcomed.then(() => {
    line = offered
    deaf = false
    return true
  })
  if (deaf || !(await Promise.race([welcomed, wait(PATIENCE)]))) {
    deaf = line === undefined
    return posted
  }
  return acknowledged(offered, first, targetOrigin)
}

async function acknowledged(
  line: Line,
  answer: Promise<{ sessionId?: string | undefined }>,
  targetOrigin: string,
): Promise<Acknowledged> {
  const { sessionId = '' } = await answer
  return { acknowledged: true, targetOrigin, sessionId, states: () => line.states(sessionId) }
}

const wait = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms))
