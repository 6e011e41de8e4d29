// Sends a message to the window around the page: the core decides and posts, this waits.

import { read } from '../../check.js'
import { failure, isCalldockError } from '../../core/errors.js'
import { listening, log } from '../../core/log.js'
import { hidden } from '../../core/redact.js'
import { requirePage } from '../../core/role.js'
import { frame } from '../../core/roles/frame.js'
import { checkSignal, checkTimeout, wait } from '../../core/wait.js'
import { MESSAGE_OPTIONS } from '../../generated/tables.js'
import type { MessageOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import { KNOCK, QUIET } from '../wire.js'
import { type HostLink, hostLink, presentLink } from './host-link.js'
import type { MessageResult, Posted } from './result.js'

/** How long, in ms, a host page may take by default. */
const TIMEOUT = 45_000

/** A message whose members were checked and copied. */
export interface Message {
  readonly event: string
  /** The number, of a callOut. */
  readonly phoneNumber?: string
  /** The other members, or the text. */
  readonly body: unknown
}

/** How far a message has got. */
interface Progress {
  /** The caller has its error already. */
  givenUp: boolean
  /** The result if no host page responds. */
  posted: Posted | undefined
  /** Whether a host page has received it. */
  asked: boolean
}

/** Checks and copies the options of a message. */
export function messageOptions(options: MessageOptions): MessageOptions {
  const checked = read(MESSAGE_OPTIONS, options, 'options')
  checkSignal(checked.signal)
  checkTimeout(checked.timeoutMs, TIMEOUT)
  return checked
}

/**
 * Sends a message.
 *
 * @internal
 */
export async function send(message: Message, options: MessageOptions): Promise<MessageResult> {
  requirePage()
  const { timeoutMs = TIMEOUT, signal } = options
  const progress: Progress = { givenUp: false, posted: undefined, asked: false }
  const onAbandoned = () => {
    progress.givenUp = true
  }
  const work = deliver(message, options, windowOf(options), progress)
  try {
    return await wait(work, { what: message.event, timeoutMs, signal, onAbandoned, role: frame })
  } catch (error) {
    if (!isCalldockError(error)) throw error
    const { code, where, expected, found, cause } = error
    const { posted, asked } = progress
    // No host page has responded, so the outcome is the same as with the vendor's workbench.
    if (code === 'TIMEOUT' && posted && !asked) return posted
    if (message.event !== 'callOut' || !posted || !/TIMEOUT|ABORTED/.test(code)) throw error
    const unknown = failure('OUTCOME_UNKNOWN', where, expected, found, { cause })
    if (code === 'TIMEOUT') throw unknown
    throw failure(code, where, expected, found, { cause, remedy: unknown.remedy })
  }
}

async function deliver(
  message: Message,
  options: MessageOptions,
  page: Window,
  progress: Progress,
): Promise<MessageResult> {
  if (!frame.running) await frame.start()
  checkOpen(message, progress)
  const body = json(message.body)
  let link = options.targetOrigin === '*' ? undefined : presentLink(page)
  if (link?.port) return ask(link, message, body, options, page, progress)

  let sent = post(message, body, options, page, link?.quiet ? QUIET : KNOCK, undefined)
  if (!sent) {
    link = hostLink(page)
    const known = await link.ask()
    checkOpen(message, progress)
    if (link.port) return ask(link, message, body, options, page, progress)
    sent = post(message, body, options, page, QUIET, known) as Sent
  }
  const { mayRespond, ...result } = sent
  progress.posted = { acknowledged: false, ...result }
  if (!mayRespond) return progress.posted
  link = hostLink(page)
  if (!(await link.connected())) return progress.posted
  checkOpen(message, progress)
  return ask(link, message, body, options, page, progress)
}

/** A call costs money: none is made for a caller that has its error already. */
function checkOpen({ event }: Message, { givenUp }: Progress): void {
  if (givenUp) throw failure('ABORTED', event, 'a caller', 'none')
}

/** Sends a message over the port of a host page, and waits for its response. */
async function ask(
  link: HostLink,
  message: Message,
  body: string,
  options: MessageOptions,
  page: Window,
  progress: Progress,
): Promise<MessageResult> {
  const { port, origin } = link
  if (!port) throw failure('PEER_GONE', 'the host page', 'a response', 'that it serves no more')
  const id = link.nextId()
  const sent = post(message, body, options, page, id, origin, port, progress.posted)
  const { mayRespond: _, ...result } = sent as Sent
  progress.posted ??= { acknowledged: false, ...result }
  progress.asked = true
  const sessionId = await link.response(id, message.event === 'callOut')
  return { acknowledged: true, ...result, sessionId, states: () => link.states(sessionId) }
}

interface Sent {
  readonly targetOrigin: string
  readonly phoneNumber?: string
  readonly mayRespond: boolean
}


/** Lets the core post; `undefined` if it needs to know the parent's origin first. */
function post(
  message: Message,
  body: string,
  options: MessageOptions,
  page: Window,
  id: number,
  known: string | undefined,
  port?: MessagePort,
  before?: Posted,
): Sent | undefined {
  const { event, phoneNumber } = message
  const { targetOrigin: target, allowParents = [] } = options
  const allowed = allowParents.length > 0 ? allowParents.join('\n') : undefined
  const { parent, location: here, document } = page
  const framed = parent !== page
  const text = frame.call((core) =>
    phoneNumber === undefined
      ? core.post(parent, framed, here, document, port, known, allowed, target, id, event, body)
      : core.callOut(parent, framed, here, document, port, known, allowed, target, id, phoneNumber, body),
  ) as string
  if (!text) return undefined
  const [targetOrigin = '', dialled = '', mayRespond] = text.split('\n')
  if (!before && listening())
    log('message', 'message.posted', {
      event,
      targetOrigin,
      ...(dialled && { phoneNumber: hidden(dialled) }),
    })
  return { targetOrigin, ...(dialled && { phoneNumber: dialled }), mayRespond: mayRespond === '1' }
}

/** JSON of a checked copy, whatever `toJSON` other code has put on its prototypes. */
const json = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key) {
    return this[key]
  })
