// Opens CEC's chat step by step (CEC guide, chapters 1 and 2). What was done is undone when a step fails or
// the caller stops waiting.

import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { hiddenUrl } from '../core/redact.js'
import { cec } from '../core/roles/cec.js'
import { NativePromise } from '../core/wait.js'
import { CEC_LOGIN } from '../generated/tables.js'
import type { CecLogin, OpenChatOptions } from '../generated/types.js'
import type { CecChat } from '../glue/cec.js'
import { resolveAddress } from '../page/address.js'
import type { Callers } from '../page/callers.js'
import { requestLogin } from '../page/login.js'
import { abortable } from '../page/until.js'
import { checkGlobals } from './globals.js'
import { Observed } from './report.js'
import { FIRST, fetchAndRun, rare, SECOND } from './vendor-scripts.js'

/** What all copies of the package on a page know of its chat. */
export interface PageChat {
  /** The visitor whose chat has begun to run ({@link visitorOf}): the vendor's scripts run once a page. */
  ranFor?: string | undefined
}

/** The options of a call, checked. */
export interface Checked extends OpenChatOptions {
  readonly timeoutMs: number
  /** Whether both scripts are requested in Authorization mode. */
  readonly bothScripts: boolean
}

/** How to open, after the options were checked. */
export interface OpenTerms {
  readonly options: Checked
  readonly page: Window
  readonly own: PageChat
  readonly stop: AbortSignal
  /** The calls that wait. */
  readonly together: Callers
  /** Names the step that is reached. */
  readonly enter: (stage: string) => void
}

/**
 * A chat that was opened.
 *
 * @internal
 */
export interface Opened {
  readonly chat: CecChat
  readonly customerId: string
  readonly observed: Observed
  /** Removes what is Calldock's: globals and script elements. */
  readonly undo: () => void
}

/**
 * Returns the whole address of `contextPath`; the core checks it.
 *
 * @throws {CalldockError} `INVALID_OPTION`
 */
export function addressOf(contextPath: string): string {
  try {
    return resolveAddress('contextPath', contextPath).href
  } catch {
    const expected = 'a path or an https address with /service-cloud (http only for localhost)'
    throw failure('INVALID_OPTION', 'contextPath', expected, hiddenUrl(contextPath))
  }
}

/**
 * Whether the core accepts an address, as far as a look can tell: a login is requested before it has started.
 * What this does not know, such as http without a port, it may accept too.
 */
export const isSure = (address: string): boolean =>
  /^http(s:\/\/|:\/\/localhost:)[^?#]*?\/service-cloud(\/[^?#]*)?$/.test(address)

/** Reads the option `scripts`: whether both are requested in Authorization mode. */
export function readScripts(names: readonly string[] = [SECOND]): boolean {
  const list = names.join()
  if (list === SECOND || list === `${FIRST},${SECOND}`) return list !== SECOND
  const expected = `['${SECOND}'] or both scripts in their order`
  throw failure('INVALID_OPTION', 'openChat.scripts', expected, 'another list')
}

/** Whom a login is for: the same id in another tenant or channel is another visitor. No text has the commas in it. */
export const visitorOf = ({ thirdUserId, tenantSpaceId, channelConfigId }: CecLogin): string =>
  [thirdUserId, tenantSpaceId, channelConfigId].map(encodeURIComponent).join()

/**
 * Opens the chat.
 *
 * @throws {CalldockError} as `openChat`; nothing of ours is left in the page then
 * @internal
 */
export async function open(terms: OpenTerms): Promise<Opened> {
  const { options, page, own, stop, together, enter } = terms
  const { locale, mapService, nonce } = options
  const address = addressOf(options.contextPath)
  const observed = new Observed(page)
  observed.browser(options.refusePhones === true)
  const { onQueued } = together
  const request = () => {
    const by = { attempt: 1, signal: stop, onQueued, deadline: together }
    const requested = requestLogin(CEC_LOGIN, options.login, by)
    requested.catch(() => {})
    return requested
  }
  // The login travels while the core starts, but where one of the refusals below would waste it.
  const early = own.ranFor === undefined && isSure(address) ? request() : undefined
  const part = options.cobrowse || options.globals ? rare() : undefined
  part?.catch(() => {})
  const core = await abortable(stop, cec.start())
  const chat = cec.call(() => new core.CecChat(page, address, locale, mapService, nonce))
  const undoing = [() => cec.call(() => chat.restore())]
  const undo = () => {
    for (const step of undoing.splice(0).reverse()) withoutError(step)
  }
  try {
    observed.address(chat.address)
    refuseASecondRun(own)
    enter('login')
    const login = await abortable(stop, early ?? request())
    observed.login(login.thirdUserId)
    setLogin(chat, login)
    if (part && options.cobrowse) {
      enter('cobrowse')
      const { loadCobrowse } = await abortable(stop, part)
      undoing.push(await loadCobrowse(page, core, chat, stop))
    }
    await abortable(stop, runScripts(terms, chat, login, observed))
    log('workbench', 'chat.open', { mode: login.mode })
    return { chat, customerId: login.thirdUserId, observed, undo }
  } catch (error) {
    undo()
    throw error
  }
}

/** Assigns the globals and runs the vendor's scripts of the login's mode. */
async function runScripts(
  { options, page, own, stop, enter }: OpenTerms,
  chat: CecChat,
  login: CecLogin,
  observed: Observed,
): Promise<void> {
  const beforeRun = () => {
    const before = own.ranFor
    own.ranFor = visitorOf(login)
    return () => {
      own.ranFor = before
    }
  }
  const { origin } = new URL(chat.address)
  const json = options.contentType === 'json'
  const place = { chat, page, origin, json, stop, beforeRun }
  const run = async (name: string, data: object) => {
    enter(name)
    const result = await fetchAndRun(name, data, place)
    observed.scripts.push(result)
    return result.threw
  }
  const userData = cec.call(() => chat.userData())
  const validate = thirdValidate()
  const importScript = cec.enter((text: unknown) => void chat.run(String(text)))
  const slash = options.contextPathSlash !== false
  const { globals = {} } = options
  for (const name of Object.keys(globals)) cec.call(() => chat.put(name, globals[name]))
  const assign = () => chat.assign(slash, userData, validate.global, importScript)
  const assigned = new Map(cec.call(assign) as [name: string, value: unknown][])
  observed.globals = [...assigned.keys()]
  const names = options.globals
    ? (await rare()).checkable(assigned, page, options.globals)
    : observed.globals
  await checkGlobals(chat, page, assigned, names)
  if (login.mode !== 'token' && !options.bothScripts) {
    await run(SECOND, userData)
    return
  }
  const threw = await run(FIRST, userData)
  // The guide's page offers thirdValidate and never calls it: the first script does.
  enter('thirdValidate')
  if (threw !== undefined && !validate.isCalled())
    throw failure('VENDOR_REJECTED', FIRST, 'it to call thirdValidate', `it throw "${threw}"`)
  const { data } = await abortable(stop, validate.called)
  await run(SECOND, typeof data === 'object' && data !== null ? data : userData)
}

/** The global that the first script calls, and a promise of what it is called with. */
function thirdValidate() {
  let isCalled = false
  let resolve = (_call: { data: unknown }) => {}
  const called = new NativePromise<{ data: unknown }>((done) => {
    resolve = done
  })
  const global = (data: unknown) => {
    isCalled = true
    // Wrapped, because a vendor's object may have a member `then`.
    resolve({ data })
  }
  return { global, isCalled: () => isCalled, called }
}

function setLogin(chat: CecChat, login: CecLogin): void {
  const { mode, thirdUserId, thirdUserName, tenantSpaceId, channelConfigId } = login
  const isToken = mode === 'token'
  const secret = isToken ? login.token : login.authorization
  cec.call(() =>
    chat.setLogin(isToken, secret, thirdUserId, thirdUserName, tenantSpaceId, channelConfigId),
  )
}

/** The vendor's scripts cannot run twice in one page. */
function refuseASecondRun({ ranFor }: PageChat): void {
  if (ranFor === undefined) return
  const found = 'one that has run already'
  throw failure('ALREADY_OPEN', 'the chat', "a page in which the vendor's chat has not run", found)
}

/** A step that cannot be undone must not prevent the others. */
function withoutError(work: () => void): void {
  try {
    work()
  } catch {
    // The core has trapped, or the page refuses.
  }
}
