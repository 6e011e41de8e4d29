// Sends a message to the window around the page: the core decides and posts, this waits.

import { read } from '../../check.js'
import { failure, isCalldockError } from '../../core/errors.js'
import { listening, log, moment } from '../../core/log.js'
import { maybeCalled } from '../../core/maybe-called.js'
import { hidden } from '../../core/redact.js'
import { requirePage } from '../../core/role.js'
import { frame } from '../../core/roles/frame.js'
import { checkSignal, checkTimeout, deadline, NativePromise, wait } from '../../core/wait.js'
import { MESSAGE_OPTIONS } from '../../generated/tables.js'
import type { MessageOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import { WANTS_NO_PORT, WANTS_PORT } from '../wire.js'
import type { HostLink } from './host-link.js'
import type { MessageResult, Posted } from './result.js'

/** How long, in ms, a host page may take by default. */
const TIMEOUT = 45_000

/** What host pages need, which a page in the vendor's own workbench never loads. */
let hostPage: typeof import('./host-page.js') | undefined

/** A message whose members were checked and copied. */
export interface Message {
  readonly event: string
  /** The members, or the text. */
  readonly body: unknown
}

/** A message's place among those of its window that have not left yet. */
interface Turn {
  /** Settles once the messages before it have left, or have failed. */
  readonly earlier: Promise<unknown> | undefined
  /** The message has left, or has failed. */
  readonly end: () => void
}

const turns = new WeakMap<Window, Promise<unknown>>()

/** How far a message has got. */
export interface Progress {
  /** The caller has its error already. */
  givenUp: boolean
  /** The result if no host page responds. */
  posted: Posted | undefined
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
  const { event } = message
  const { timeoutMs = TIMEOUT, signal } = options
  const page = windowOf(options)
  const end = deadline(timeoutMs)
  const progress: Progress = { givenUp: false, posted: undefined }
  const onAbandoned = () => {
    progress.givenUp = true
  }
  let link = !signal?.aborted && frame.running && !turns.has(page) && linkOf(page, options)
  let turn: Turn | undefined
  try {
    if (!link) {
      const mine = takeTurn(page)
      turn = mine
      const work = () => inTurn(requestPort(message, options, page, progress), mine)
      const terms = { what: event, timeoutMs: end, signal, onAbandoned, role: frame }
      const found = await wait(work, terms)
      // A hidden page's timers are late: nothing is sent for a caller whose time is over.
      if (end.remaining() <= 0)
        throw failure('TIMEOUT', event, `an end within ${timeoutMs} ms`, 'none')
      link = found
    }
    const result = link && hostPage?.ask(link, message, options, end, progress)
    turn?.end()
    return result ? await result : (progress.posted as Posted)
  } catch (error) {
    turn?.end()
    if (!isCalldockError(error)) throw error
    const { code } = error
    // No host page has responded, so the outcome is the same as with the vendor's workbench.
    if (code === 'TIMEOUT' && progress.posted && !link) return progress.posted
    if (code !== 'ABORTED' || event !== 'callOut' || !progress.posted) throw error
    throw await maybeCalled(error)
  }
}

/** Puts a message behind those of its window that have not left yet. */
function takeTurn(page: Window): Turn {
  const earlier = turns.get(page)
  let end = () => {}
  const own = new NativePromise<void>((resolve) => {
    end = resolve
  })
  // Awaited, not chained: a page that replaces `then` for a moment stops no later message.
  const leave = async () => {
    await earlier
    await own
    if (turns.get(page) === all) turns.delete(page)
  }
  const all = leave()
  turns.set(page, all)
  return { earlier, end }
}

/** Lets a host page, once it responds, receive messages in the order in which they were sent. */
async function inTurn(connecting: Promise<HostLink | undefined>, { earlier }: Turn) {
  const link = await connecting
  if (link) await earlier
  return link
}

/** The connection over which a message goes, if there is one. */
function linkOf(page: Window, options: MessageOptions): HostLink | undefined {
  const link = options.targetOrigin === '*' ? undefined : hostPage?.presentLink(page)
  return link?.port && link
}

/** Posts a message to the parent; returns the connection to a host page that responds with a port. */
async function requestPort(
  message: Message,
  options: MessageOptions,
  page: Window,
  progress: Progress,
): Promise<HostLink | undefined> {
  if (!frame.running) await frame.start()
  // A call costs money: none is made for a caller that has its error already.
  const checkOpen = () => {
    if (progress.givenUp) throw failure('ABORTED', message.event, 'a caller', 'none')
  }
  checkOpen()
  let link = linkOf(page, options)
  if (link) return link
  const mark = () =>
    hostPage ? (hostPage.presentLink(page)?.quiet ? WANTS_NO_PORT : WANTS_PORT) : 0
  let mayRespond = post(message, options, page, mark(), undefined, progress)
  if (mayRespond === undefined) {
    // Not the vendor's workbench: be ready for a response before anything is posted.
    hostPage = await loadHostPage()
    checkOpen()
    link = hostPage.hostLink(page)
    if (link.port) return link
    mayRespond = post(message, options, page, mark(), undefined, progress)
  }
  if (mayRespond === undefined && link) {
    // The browser does not tell the parent's origin.
    const known = await link.askOrigin()
    checkOpen()
    if (link.port) return link
    mayRespond = post(message, options, page, WANTS_NO_PORT, known, progress)
  }
  if (!mayRespond || !hostPage) return undefined
  link = hostPage.hostLink(page)
  const connected = await link.connected()
  checkOpen()
  return connected ? link : undefined
}

let loading: Promise<typeof import('./host-page.js')> | undefined

/** Loads them once: a browser does not settle several imports of one file in the order of the imports. */
async function loadHostPage() {
  try {
    loading ??= import('./host-page.js')
    return await loading
  } catch (cause) {
    loading = undefined
    throw failure('NETWORK', 'a part of the package', 'to be loaded', 'a failure', { cause })
  }
}

/**
 * Lets the core post to the parent. Returns whether a host page may respond; `undefined`, without having
 * posted, if the page has to be ready for a response first, or has to ask for the parent's origin.
 */
function post(
  { event, body }: Message,
  options: MessageOptions,
  page: Window,
  mark: number,
  known: string | undefined,
  progress: Progress,
): boolean | undefined {
  const { parent, location, document } = page
  const [allowed, target] = [lines(options), options.targetOrigin]
  const number = event === 'callOut' ? (body as { phoneNumber: string }).phoneNumber : undefined
  /** JSON of a checked copy, whatever `toJSON` other code has put on its prototypes. */
  const json = JSON.stringify(body, function (this: Record<string, unknown>, key) {
    return this === body && key === 'phoneNumber' && number !== undefined ? undefined : this[key]
  })
  const framed = parent !== page
  const at = moment()
  const sent = frame.call((core) =>
    number === undefined
      ? core.post(parent, framed, location, document, known, allowed, target, mark, event, json)
      : core.callOut(
          parent,
          framed,
          location,
          document,
          known,
          allowed,
          target,
          mark,
          number,
          json,
        ),
  ) as string
  if (!sent) return undefined
  const [targetOrigin = '', phoneNumber, mayRespond] = sent.split('\n')
  progress.posted = { acknowledged: false, targetOrigin, ...(phoneNumber && { phoneNumber }) }
  note(event, targetOrigin, phoneNumber, at)
  return mayRespond === '1'
}

/** The origins of `allowParents`, one in a line. */
export function lines({ allowParents = [] }: MessageOptions): string | undefined {
  return allowParents.length > 0 ? allowParents.join('\n') : undefined
}

/** Tells the log that a message has left; `at` is a moment before, since who receives it runs beside this page. */
export function note(
  event: string,
  targetOrigin: string,
  phoneNumber: string | undefined,
  at: number,
): void {
  if (!listening()) return
  const number = phoneNumber && { phoneNumber: hidden(phoneNumber) }
  log('message', 'message.posted', { event, targetOrigin, ...number }, at)
}
