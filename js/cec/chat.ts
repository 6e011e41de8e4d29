import { read, readLoosely } from '../check.js'
import { disposable } from '../core/dispose.js'
import { type CalldockError, failure, invalid } from '../core/errors.js'
import { log } from '../core/log.js'
import { shared } from '../core/registry.js'
import { requirePage } from '../core/role.js'
import { cec } from '../core/roles/cec.js'
import { type Deadline, deadline, termsOf, wait, whenDescribed } from '../core/wait.js'
import { CEC_LOGIN, CHANNEL_OPTIONS, OPEN_CHAT_OPTIONS } from '../generated/tables.js'
import type {
  CecLogin,
  ChannelConfig,
  ChannelOptions,
  ChannelResponse,
  OpenChatOptions,
} from '../generated/types.js'
import { copyLogin, requestLogin } from '../page/login.js'
import { windowOf } from '../page/realm.js'
import { abortable } from '../page/script.js'
import type { ChatCompatibilityReport } from './compatibility.js'
import { type Opened, open, type PageChat, readScripts } from './open.js'
import type { ChatReport } from './report.js'

/** An open chat. */
export interface Chat {
  /** The visitor the chat was opened for: `thirdUserId` of the login. */
  readonly customerId: string
  /**
   * Settles when the chat is closed: with `undefined` after {@link Chat.close}, with the error where the
   * core has trapped (`INTERNAL`).
   */
  readonly closed: Promise<CalldockError | undefined>
  /** Tells what was observed up to now. */
  report(): ChatReport
  /**
   * Tells how the tenant's CEC behaves: names and types only, to be attached to a report of a fault.
   *
   * @param options how long it may wait for the part that makes the report; a signal that stops it
   * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`
   * @example
   * console.log(JSON.stringify(await chat.compatibility(), null, 2))
   */
  compatibility(options?: ChannelOptions): Promise<ChatCompatibilityReport>
  /**
   * Ends the chat (the documented DISCONNECT) and removes Calldock's globals and script elements. The
   * vendor publishes no way to remove its own interface; another chat needs a reload.
   *
   * @throws {CalldockError} `NETWORK`, `VENDOR_REJECTED`, `TIMEOUT`, `ABORTED`: the chat is still open then
   */
  close(options?: ChannelOptions): Promise<void>
  /**
   * Transfers the visitor from the robot to an agent.
   *
   * @throws {CalldockError} as `close`, and `CLOSED`
   */
  toAgent(options?: ChannelOptions): Promise<void>
  /**
   * Starts a call from the chat.
   *
   * @throws {CalldockError} as `toAgent`, and `INVALID_OPTION`
   */
  clickToCall(media: 'voice' | 'video', options?: ChannelOptions): Promise<ChannelResponse>
  /**
   * Returns the channel's configuration.
   *
   * @throws {CalldockError} as `toAgent`
   */
  channelConfig(options?: ChannelOptions): Promise<ChannelConfig>
}

/** A chat that is opening or open. */
interface Opening {
  readonly chat: Promise<Chat>
  /** Stops the opening, once no call waits for it. */
  readonly stop: () => void
  /** How many calls wait for it. */
  waiting: number
}

/** What all copies of the package on a page share. */
interface Shared extends PageChat {
  opening?: Opening | undefined
}

/**
 * Opens the chat: requests a login, fetches the vendor's scripts and runs them once (CEC guide, chapters 1
 * and 2). A second call returns the first chat; for another visitor the page must be reloaded. In a prerendered
 * page it waits until the page is shown.
 *
 * @example
 * const chat = await openChat({
 *   login: '/calldock/v1/cec/login',
 *   contextPath: '/service-cloud',
 *   locale: 'zh',
 * })
 * leave.onclick = () => chat.close()
 *
 * @throws {CalldockError} `INVALID_OPTION`, `SECRET_IN_PAGE`, `LOGIN_FAILED`, `QUEUE_FULL`, `NETWORK`,
 * `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`, `VENDOR_REJECTED`, `ALREADY_OPEN`, `INSECURE_CONTEXT`,
 * `UNSUPPORTED_BROWSER`, `TIMEOUT`, `ABORTED`, `INTERNAL`; nothing of ours is left in the page then
 */
export async function openChat(options: OpenChatOptions): Promise<Chat> {
  try {
    return await openOrShare(options)
  } catch (error) {
    // Its fix is in the page's language, also where it failed before the core has started.
    await whenDescribed(error)
    throw error
  }
}

async function openOrShare(options: OpenChatOptions): Promise<Chat> {
  const given = read(OPEN_CHAT_OPTIONS, options, 'openChat')
  const login = copyLogin(CEC_LOGIN, given.login)
  const terms = termsOf('openChat', given)
  const bothScripts = readScripts(given.scripts)
  // The copy stays one without a prototype: nothing inherited is an option.
  const checked = Object.assign(given, { login, globals: copyGlobals(given.globals) })
  requirePage()
  const page = windowOf(given)
  if (!page.isSecureContext)
    throw failure('INSECURE_CONTEXT', 'the page', 'HTTPS or localhost', 'an insecure context')
  const { document }: { document: Document & { prerendering?: boolean } } = page
  if (document.prerendering) {
    const part = import('../page/prerender.js')
    const { whenActivated } = await wait(part, { what: 'openChat', timeoutMs: 15_000 })
    await whenActivated(given.signal, document)
  }

  const own = shared<Shared>('cec-chat/2', () => ({}), page)
  const end = deadline(terms.timeoutMs)
  let stage = 'core'
  const present = own.opening
  const begin = (): Opening => {
    const stop = new AbortController()
    const enter = (next: string) => {
      stage = next
    }
    const parts = { options: checked, bothScripts, page, chatOfPage: own, deadline: end, enter }
    const chat = open({ ...parts, stop: stop.signal }).then((opened) => chatOf(opened, own))
    // Abandoned or failed, it is in no one's way; another may begin at once.
    const forget = () => {
      if (own.opening === opening) own.opening = undefined
    }
    chat.catch(forget)
    const opening: Opening = {
      chat,
      waiting: 0,
      stop() {
        stop.abort()
        forget()
      },
    }
    own.opening = opening
    return opening
  }
  const opening = present ?? begin()
  const left = new AbortController()
  opening.waiting += 1
  let waits = true
  // What another call waits for goes on; a call that has got its chat counts for ever.
  const leave = () => {
    if (waits) opening.waiting -= 1
    waits = false
    if (opening.waiting === 0) opening.stop()
  }
  const work = present ? again(own, present, checked, left.signal, end) : opening.chat
  work.catch(leave)
  return await wait(work, {
    ...terms,
    timeoutMs: end,
    stage: () => stage,
    role: cec,
    onAbandoned: () => {
      left.abort()
      leave()
    },
  })
}

/** The chat that is open, if it is this visitor's: a page must not show one visitor's chat to another. */
async function again(
  own: Shared,
  present: Opening,
  { login, onQueued }: OpenChatOptions,
  signal: AbortSignal,
  deadline: Deadline,
): Promise<Chat> {
  // A call that was aborted before requests no login.
  await abortable(signal, Promise.resolve())
  const terms = { attempt: 1, signal, onQueued, deadline }
  const requested: Promise<CecLogin> = requestLogin(CEC_LOGIN, login, terms)
  const [chat, { thirdUserId }] = await Promise.all([present.chat, requested])
  if (thirdUserId === chat.customerId && own.opening === present) return chat
  const found = 'another one, or a chat that was closed'
  throw failure('ALREADY_OPEN', 'the chat', 'the visitor it was opened for', found)
}

/** Copies the integrator's globals before the first `await`: own members, each read once. */
function copyGlobals(globals: unknown): Record<string, unknown> | undefined {
  if (globals === undefined || globals === null) return undefined
  read({ '*': 1 }, globals, 'openChat.globals')
  return readLoosely(globals)
}

function chatOf({ chat, customerId, observed, undo }: Opened, own: Shared): Chat {
  let state: 'open' | 'closed' = 'open'
  let closing: Promise<void> | undefined
  let settle = (_error?: CalldockError) => {}
  let removeListener = () => {}
  const closed = new Promise<CalldockError | undefined>((resolve) => {
    settle = (error) => {
      state = 'closed'
      removeListener()
      own.opening = undefined
      resolve(error)
    }
  })
  removeListener = cec.onPoisoned(settle)
  // Read before the first await: the page may change it later.
  const readTerms = (what: string, options?: ChannelOptions) =>
    termsOf(what, read(CHANNEL_OPTIONS, options ?? {}, what), 30_000)
  const command = async (what: string, method: string, value: string, options?: ChannelOptions) => {
    if (state === 'closed') throw failure('CLOSED', what, 'an open chat', 'one that was closed')
    const terms = readTerms(what, options)
    const { sendCommand } = await wait(() => import('./channel.js'), terms)
    return await sendCommand(chat, method, value, terms)
  }
  const control = async (what: string, value: string, options?: ChannelOptions) => {
    await command(what, 'sendMessageForWebChannel', value, options)
  }
  const handle: Chat = {
    customerId,
    closed,
    report: () => observed.report(),
    async compatibility(options) {
      const terms = readTerms('compatibility', options)
      const { compatibilityOf } = await wait(() => import('./compatibility.js'), terms)
      return compatibilityOf(observed.report())
    },
    close(options) {
      closing ??= (async () => {
        if (state === 'closed') return
        await control('close', 'DISCONNECT', options)
        undo()
        log('workbench', 'chat.closed')
        settle()
      })().catch((error) => {
        closing = undefined
        throw error
      })
      return closing
    },
    toAgent: (options) => control('toAgent', 'TRANS2AGENT', options),
    async clickToCall(media, options) {
      const ability = ['voice', 'video'].indexOf(media)
      if (ability < 0) throw invalid('clickToCall', "'voice' or 'video'", media)
      return await command('clickToCall', 'createClickToCall', `${ability}`, options)
    },
    channelConfig: (options) =>
      command(
        'channelConfig',
        'queryChannelConfigByChannelAndId',
        '',
        options,
      ) as Promise<unknown> as Promise<ChannelConfig>,
  }
  return disposable(handle, () => handle.close().catch(() => {}))
}
