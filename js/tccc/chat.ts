import { requirePage, startCore } from '../core.js'
import { CalldockError } from '../errors.js'
import { log } from '../log.js'
import { checkLogin, type LoginSource, takeLogin } from '../login.js'
import { deadline, invalid, settle } from '../settle.js'

/** What a chat is opened with: the answer of your server (seed 000, steps 3 and 4). */
export interface ChatLogin {
  /** The web channel: 32 hexadecimal digits. */
  readonly webAppId: string
  /** The customer's data exactly as it was signed: a JSON text with `peerSource`, `nickName`, `uid`. */
  readonly clientData: string
  /** The vendor's signature over it. */
  readonly userSig: string
  /** When it ends, in seconds since 1970. */
  readonly expiresAt?: number
}

/** What the chat page is to be like. */
export interface ChatLinkOptions {
  readonly title?: string
  /** The vendor's chat page; its public one unless told. */
  readonly chatPage?: string
}

/** How to open the chat. */
export interface ChatOptions extends ChatLinkOptions {
  readonly login: LoginSource<ChatLogin>
  /** How long the login may take, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a signature says of itself. */
export interface UserSigReport {
  /** The customer it is for. */
  readonly uid: string
  readonly identifier: string
  readonly sdkAppId: number
  /** In seconds since 1970. */
  readonly issuedAt: number
  /** In seconds since 1970. */
  readonly expiresAt: number
  /** The text that was signed. */
  readonly clientData: string | null
  /** Why the vendor will refuse it: all that apply. */
  readonly faults: readonly ('EXPIRED' | 'OTHER_USER' | 'OTHER_TEXT')[]
}

/** A chat in the page. */
export interface EmbeddedChat {
  readonly frame: HTMLIFrameElement
  /** Takes it out of the page again. */
  close(): void
}

/**
 * The address of a chat. `clientData` is encoded once and otherwise unchanged; the query is inside the
 * hash, as the vendor wants it.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `LOGIN_FAILED`, `SECRET_IN_PAGE`
 */
export async function chatLink(login: ChatLogin, options: ChatLinkOptions = {}): Promise<string> {
  const core = await settle(startCore(), { what: 'chatLink', timeoutMs: 15_000 })
  return core.chatLink(login, options)
}

/**
 * Opens the chat in a window of its own. Call it in a click's handler: the window is opened at once, and
 * filled when the login has come, so that no pop-up blocker bites.
 *
 * @throws {CalldockError} `UNSUPPORTED_BROWSER` where the window was blocked, and as {@link chatLink}
 */
export async function openChatWindow(options: ChatOptions): Promise<Window> {
  check(options)
  const chat = window.open('', '_blank')
  if (!chat)
    throw new CalldockError(
      'UNSUPPORTED_BROWSER',
      'openChatWindow: expected a new window, found it blocked; call it in the handler of a click',
    )
  try {
    // The chat must not be able to lead this page elsewhere.
    chat.opener = null
    const link = await linkFor(options, 'openChatWindow')
    chat.location.replace(link)
    return chat
  } catch (error) {
    chat.close()
    throw error
  }
}

/**
 * Puts the chat into an element of the page.
 *
 * @throws {CalldockError} as {@link chatLink}; nothing is left in the element then
 */
export async function embedChat(element: Element, options: ChatOptions): Promise<EmbeddedChat> {
  check(options)
  if (!(element instanceof Element)) throw invalid('element', 'an element', element)
  const link = await linkFor(options, 'embedChat')
  const frame = document.createElement('iframe')
  frame.src = link
  frame.title = options.title ?? 'chat'
  frame.allow = 'microphone; camera'
  element.append(frame)
  log('script', 'chat.embedded')
  return { frame, close: () => frame.remove() }
}

/**
 * Says without a key what a signature is for, and why the vendor will refuse it: expired, for another
 * user, for another text.
 *
 * @throws {CalldockError} `INVALID_OPTION` where it is no signature; `UNSUPPORTED_BROWSER` where the
 * browser cannot inflate
 */
export async function inspectUserSig(userSig: string, clientData?: string): Promise<UserSigReport> {
  const core = await settle(startCore(), { what: 'inspectUserSig', timeoutMs: 15_000 })
  if (typeof DecompressionStream !== 'function')
    throw new CalldockError(
      'UNSUPPORTED_BROWSER',
      'inspectUserSig: expected DecompressionStream, found none',
    )
  let inflated: string
  let signed: string | undefined
  try {
    inflated = await inflate(bytes(userSig.replace(/[*\-_]/g, (c) => SIGNS[c] as string)))
    signed = new TextDecoder().decode(bytes(JSON.parse(inflated)['TLS.userbuf'] ?? ''))
  } catch (cause) {
    throw new CalldockError(
      'INVALID_OPTION',
      'userSig: expected a signature of CreateUserSig, found another text',
      { cause },
    )
  }
  return core.inspectUserSig(inflated, clientData, signed, Date.now() / 1000) as UserSigReport
}

const MEMBERS = '{webAppId, clientData, userSig}'

/** The vendor's base64 in the usual one. */
const SIGNS: Record<string, string> = { '*': '+', '-': '/', _: '=' }

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

function inflate(deflated: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Response(stream).text()
}

function check(options: ChatOptions): void {
  requirePage()
  if (typeof options !== 'object' || !options) throw invalid('options', '{login, …}', options)
  checkLogin(options.login, MEMBERS)
}

async function linkFor(options: ChatOptions, what: string): Promise<string> {
  const stop = new AbortController()
  const core = startCore()
  const work = takeLogin(core, options.login, MEMBERS, stop.signal).then(async (login) => {
    const { title, chatPage } = options
    return (await core).chatLink(login, { title, chatPage })
  })
  return settle(work, {
    what,
    timeoutMs: deadline(options.timeoutMs, 15_000),
    signal: options.signal,
    left: () => stop.abort(),
  })
}
