import { isList, own, read, type Shape, WAIT, wellFormed } from '../../check.js'
import { invalid } from '../../core/errors.js'
import { requirePage } from '../../core/role.js'
import { host } from '../../core/roles/host.js'
import { type Deadline, deadline, termsOf, type WaitOptions, wait } from '../../core/wait.js'
import { CHAT_LINK_OPTIONS, CHAT_LOGIN, CHAT_OPTIONS, CHAT_PAGE } from '../../generated/tables.js'
import type { ChatLinkOptions, ChatLogin, ChatOptions } from '../../generated/types.js'
import { resolveAddress } from '../../page/address.js'
import { copyLogin, requestLogin } from '../../page/login.js'
import { abortable } from '../../page/until.js'

/** What a chat's data must have; the rest passes through. */
const CLIENT_DATA = { uid: 0, '*': 1 }

const LINK_OPTIONS: Shape<ChatLinkOptions & WaitOptions> = { ...CHAT_LINK_OPTIONS, ...WAIT }

/**
 * Builds the address of a chat. `clientData` is encoded once and otherwise unchanged; the query is inside
 * the hash, as the vendor wants it. Without `clientData` and `userSig` it is the address of an unsigned
 * chat.
 *
 * @param options what the chat page is to look like; how long it may wait for the core, by default 15,000 ms; a
 * signal that stops it
 * @throws {CalldockError} `INVALID_OPTION`, `LOGIN_FAILED`, `SECRET_IN_PAGE`, `TIMEOUT`, `ABORTED`, and as `ready`
 * @example
 * link.href = await chatLink(await (await fetch('/calldock/v1/tccc/chat', { method: 'POST' })).json())
 */
export async function chatLink(
  login: ChatLogin,
  options: ChatLinkOptions & WaitOptions = {},
): Promise<string> {
  const checked = readOptions(LINK_OPTIONS, options)
  const given = read(CHAT_LOGIN, login, 'login', { code: 'LOGIN_FAILED' })
  const terms = termsOf('chatLink', checked)
  requirePage()
  await wait(host.start, terms)
  return build(given, checked, pageOf(checked))
}

/** Reads options that may have unlisted members. */
export function readOptions<T extends object>(shape: Shape<T>, options: unknown): T {
  const copy = copyOf(options)
  const checked = read(shape, copy, 'options', { unlisted: own(copy, 'unlisted') === true })
  unlistedQuery(checked, shape)
  return checked
}

/** Copies an object's own members, each read once; what cannot be copied is reported by `read`. */
function copyOf(options: unknown): unknown {
  try {
    const isObject = typeof options === 'object' && options && !isList(options)
    return isObject ? Object.assign(Object.create(null), options) : options
  } catch {
    return options
  }
}

/**
 * Returns the unlisted members of checked options as parameters, each with a `&` in front.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a value that is no text, number or flag
 */
export function unlistedQuery(checked: object, shape: Shape): string {
  const listed = Object.keys(shape).map((key) => key.replace(/\W.*/, ''))
  let query = ''
  for (const [name, value] of Object.entries(checked)) {
    if (listed.includes(name)) continue
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw invalid(`options.${name}`, 'a text, a number, true or false', value)
    query += `&${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(value)}`
  }
  return query
}

/** Checks the options of a chat, before a window is opened or a login requested. */
export function readChatOptions(options: ChatOptions): ChatOptions {
  const checked = readOptions(CHAT_OPTIONS, options)
  const login = copyLogin(CHAT_LOGIN, checked.login)
  termsOf('chat', checked)
  return Object.assign(checked, { login })
}

/** What a chat is opened in. */
export interface ChatTerms {
  readonly signal: AbortSignal
  readonly deadline: Deadline
}

/** Runs the opening of a chat until it is done, its deadline passes or its signal aborts. */
export function openChat<T>(
  what: string,
  { timeoutMs, signal }: ChatOptions,
  work: (terms: ChatTerms) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const end = deadline(timeoutMs ?? 15_000)
  return wait(() => work({ signal: stop.signal, deadline: end }), {
    what,
    timeoutMs: end,
    signal,
    onAbandoned: (error) => stop.abort(error),
    role: host,
  })
}

/** Requests a login and builds the address of its chat. */
export async function linkFor(
  options: ChatOptions,
  { signal, deadline }: ChatTerms,
): Promise<string> {
  const { login, chatPage, onQueued } = options
  const starting = abortable(signal, host.start())
  starting.catch(() => {})
  // A login works once: what is wrong with the page's address is reported before.
  if (chatPage !== undefined) {
    await starting
    pageOf(options)
  }
  const requested = requestLogin(CHAT_LOGIN, login, { attempt: 1, signal, deadline, onQueued })
  const given = await abortable(signal, requested)
  await starting
  return build(given, options, pageOf(options))
}

function pageOf({ chatPage }: ChatLinkOptions): string {
  if (chatPage === undefined) return CHAT_PAGE
  const page = host.call((core) => core.readText('options.chatPage', chatPage))
  // What the core takes for an address may have a port or a host that no browser reads.
  resolveAddress('options.chatPage', page)
  return page.replace(/#.*/s, '')
}

function build(login: ChatLogin, options: ChatLinkOptions, page: string): string {
  const { webAppId, clientData, userSig } = login
  const { title, mobile = false, hideHeader = false } = options
  if (clientData !== undefined) readClientData(clientData)
  const link = host.call((core) =>
    core.chatLink(page, webAppId, title, clientData, userSig, mobile, hideHeader),
  )
  return link + unlistedQuery(options, CHAT_OPTIONS)
}

/** Reads the customer's id in a chat's data. The data is sent as it is; a wrong one is reported early. */
export function readClientData(clientData: string): string {
  let data: unknown
  try {
    data = JSON.parse(clientData)
  } catch {
    // Reported as nothing.
  }
  return (read(CLIENT_DATA, data, 'clientData') as { uid: string }).uid
}
