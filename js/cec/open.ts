// Opens CEC's chat step by step (seed 001, chapters 1 and 2). What was done is undone when a step fails or
// the caller stops waiting.

import { isList, own } from '../check.js'
import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { cec } from '../core/roles/cec.js'
import type { Deadline } from '../core/wait.js'
import { CEC_LOGIN } from '../generated/tables.js'
import type { CecLogin, OpenChatOptions } from '../generated/types.js'
import type { CecChat } from '../glue/cec.js'
import { resolveAddress } from '../page/address.js'
import { requestLogin } from '../page/login.js'
import { whenActivated } from '../page/prerender.js'
import { Observed } from './report.js'
import { injectScript, runScript } from './script.js'

const FIRST = 'thirdPartyClient.js'
const SECOND = 'newThirdPartyClient.js'

/** What all copies of the package on a page know of its chat. */
export interface PageChat {
  /** The visitor whose chat has begun to run: the vendor's scripts run once a page. */
  ranFor?: string | undefined
}

/** How to open, after the options were checked. */
export interface OpenTerms {
  readonly options: OpenChatOptions
  readonly page: Window
  readonly chatOfPage: PageChat
  readonly stop: AbortSignal
  readonly deadline: Deadline
  /** Names the step that is reached. */
  readonly enter: (stage: string) => void
}

/** A chat that was opened. */
export interface Opened {
  readonly chat: CecChat
  readonly customerId: string
  readonly observed: Observed
  /** Removes what is Calldock's: globals and script elements. */
  undo(): void
}

/** Returns the address of `contextPath`; what is none is refused by the core, in its own words. */
export function addressOf(contextPath: string): string {
  try {
    return resolveAddress('contextPath', contextPath).href
  } catch {
    return contextPath
  }
}

/** Whether both scripts are requested in Authorization mode; copied before the first `await`. */
export function readScripts(scripts: unknown): boolean {
  if (scripts === undefined) return false
  const names = isList(scripts) ? scripts : []
  const both = names[0] === FIRST && names[1] === SECOND && names.length === 2
  if (both || (names[0] === SECOND && names.length === 1)) return both
  const expected = `['${SECOND}'] or both scripts in their order`
  throw failure('INVALID_OPTION', 'openChat.scripts', expected, 'another list')
}

/**
 * Opens the chat.
 *
 * @throws {CalldockError} as `openChat`; nothing of ours is left in the page then
 */
export async function open(terms: OpenTerms, bothScripts: boolean): Promise<Opened> {
  const { options, page, chatOfPage, stop, deadline, enter } = terms
  const { contextPath, locale, mapService, nonce, contentType, contextPathSlash } = options
  const undoing: (() => void)[] = []
  const undo = () => {
    for (const step of undoing.splice(0).reverse()) step()
  }
  const until = stoppable(stop)
  try {
    const observed = new Observed(page)
    observed.browser(options.refusePhones === true)
    await until(whenActivated(stop))
    enter('core')
    const { attempt, onQueued } = { attempt: 1, onQueued: options.onQueued }
    // The login travels while the core starts.
    const asked = requestLogin(CEC_LOGIN, options.login, {
      attempt,
      signal: stop,
      onQueued,
      deadline,
    })
    asked.catch(() => {})
    const core = await until(cec.start())
    const json = contentType === 'json'
    const slash = contextPathSlash !== false
    const chat = cec.call(
      () => new core.CecChat(page, addressOf(contextPath), locale, mapService, nonce, json, slash),
    )
    undoing.push(() => attempt_(() => chat.restore()))
    const { address } = chat
    observed.address(address)
    enter('login')
    const login = await until(asked)
    observed.login(login.thirdUserId)
    refuseASecondRun(chatOfPage, login)
    const secret = (login.mode === 'token' ? login.token : login.authorization) as string
    const { thirdUserId, thirdUserName, tenantSpaceId, channelConfigId } = login
    cec.call(() =>
      chat.setLogin(
        login.mode === 'token',
        secret,
        thirdUserId,
        thirdUserName,
        tenantSpaceId,
        channelConfigId,
      ),
    )
    for (const common of options.cobrowse ? [false, true] : []) {
      enter('cobrowse')
      const script = injectScript(() => chat.cobrowse(common), address, page)
      undoing.push(() => attempt_(() => core.withdraw(script.element)))
      await until(script.loaded)
    }

    const run = async (name: string, data: object): Promise<string | undefined> => {
      enter(name)
      const body = bodyOf(data)
      const text = await until(chat.fetch(name, body, stop).catch(translate))
      log('script', 'script.fetched', { url: name })
      const before = chatOfPage.ranFor
      chatOfPage.ranFor = thirdUserId
      log('script', 'script.injected', { url: name })
      try {
        const threw = await runScript(() => chat.run(text), page)
        if (threw !== undefined) log('error', 'script.threw', { url: name, message: threw })
        const bytes = new TextEncoder().encode(text).length
        observed.scripts.push({ name, bytes, ...(threw !== undefined && { threw }) })
        return threw
      } catch (error) {
        // It has not run, so the page may try again.
        chatOfPage.ranFor = before
        throw error
      }
    }

    const userData = cec.call(() => chat.userData())
    const validate = thirdValidate()
    const globals = (options.globals ?? {}) as Readonly<Record<string, unknown>>
    const importScript = cec.enter((text: unknown) => void chat.run(String(text)))
    const names = Object.keys(globals)
    const values = names.map((name) => globals[name])
    observed.globals = cec.call(() =>
      chat.assign(names, values, userData, validate.global, importScript),
    )
    let data: object = userData
    if (login.mode === 'token' || bothScripts) {
      const threw = await run(FIRST, userData)
      // The guide's page offers thirdValidate and never calls it: the first script does.
      enter('thirdValidate')
      if (threw !== undefined && !validate.isCalled())
        throw failure('VENDOR_REJECTED', FIRST, 'it to call thirdValidate', `it throw "${threw}"`)
      const theirs = await until(validate.called)
      if (typeof theirs === 'object' && theirs !== null) data = theirs
    }
    await run(SECOND, data)
    log('workbench', 'chat.open', { mode: login.mode })
    return { chat, customerId: thirdUserId, observed, undo }
  } catch (error) {
    undo()
    throw error
  }
}

/** The global that the first script calls, and a promise of what it is called with. */
function thirdValidate() {
  let isCalled = false
  let resolve = (_data: unknown) => {}
  const called = new Promise<unknown>((done) => {
    resolve = (data) => done({ data })
  })
  const global = (data: unknown) => {
    isCalled = true
    resolve(data)
  }
  // Wrapped, because a vendor's object may have a member `then`.
  return { global, isCalled: () => isCalled, called: called.then((it) => own(it, 'data')) }
}

/** The vendor's scripts cannot run twice in one page. */
function refuseASecondRun({ ranFor }: PageChat, { thirdUserId }: CecLogin): void {
  if (ranFor === undefined) return
  const found = `one that has run already${ranFor === thirdUserId ? '' : ' for another visitor'}`
  throw failure('ALREADY_OPEN', 'the chat', "a page in which the vendor's chat has not run", found)
}

function bodyOf(data: object): string {
  try {
    return JSON.stringify(data)
  } catch (cause) {
    const found = 'data that cannot be sent'
    throw failure('VENDOR_REJECTED', 'thirdValidate', 'the user data', found, { cause })
  }
}

/** Makes an error of what a future of the core rejected with. */
export function translate(thrown: unknown): never {
  return cec.call(() => {
    throw thrown
  })
}

/** Ends a wait when the signal aborts; what was waited for goes on and is ignored. */
function stoppable(stop: AbortSignal) {
  return <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const end = () =>
        reject(failure('ABORTED', 'openChat', 'to be finished', 'that its signal aborted it'))
      if (stop.aborted) end()
      stop.addEventListener('abort', end)
      const done = () => stop.removeEventListener('abort', end)
      work.then(resolve, reject).then(done)
    })
}

/** Undoing one thing must not keep the next from being undone. */
function attempt_(work: () => void): void {
  try {
    cec.call(work)
  } catch {
    // The core has trapped, or the page refuses.
  }
}
