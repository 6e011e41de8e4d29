import { read, readLoosely } from '../check.js'
import { disposable } from '../core/dispose.js'
import { type CalldockError, failure, invalid } from '../core/errors.js'
import { log } from '../core/log.js'
import { shared } from '../core/registry.js'
import { requirePage } from '../core/role.js'
import { cec } from '../core/roles/cec.js'
import { deadline, described, NativePromise, type Terms, termsOf, wait } from '../core/wait.js'
import { CEC_LOGIN, CHANNEL_OPTIONS, OPEN_CHAT_OPTIONS } from '../generated/tables.js'
import type {
  ChannelConfig,
  ChannelOptions,
  ChannelResponse,
  OpenChatOptions,
} from '../generated/types.js'
import { callers } from '../page/callers.js'
import { copyLogin } from '../page/login.js'
import { windowOf } from '../page/realm.js'
import { aborted, joint } from '../page/until.js'
import type { ChatCompatibilityReport } from './compatibility.js'
import { type Checked, type Opened, open, type PageChat, readScripts } from './open.js'
import type { ChatReport } from './report.js'
import { rare } from './vendor-scripts.js'

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
   * vendor publishes no way to remove its own interface; another chat needs a reload. Calls at the same time send the
   * command once, and each waits by its own options.
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

/** What all copies of the package on a page share. */
interface Shared extends PageChat {
  /** Waits for the chat that is opening or open. */
  join?: ((options: Checked) => Promise<Chat>) | undefined
}

/**
 * Opens the chat: requests a login, fetches the vendor's scripts and runs them once (CEC guide, chapters 1
 * and 2). A second call for the same visitor, tenant and channel returns the first chat; for another one the page must
 * be reloaded. Each call waits for as long as its own `timeoutMs` and `signal` say. In a prerendered page it waits until
 * the page is shown.
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
 * `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`, `GLOBAL_MISSING`, `VENDOR_REJECTED`, `ALREADY_OPEN`, `INSECURE_CONTEXT`,
 * `UNSUPPORTED_BROWSER`, `TIMEOUT`, `ABORTED`, `INTERNAL`; nothing of ours is left in the page then
 */
export function openChat(options: OpenChatOptions): Promise<Chat> {
  return described(() => openOrShare(options))
}

async function openOrShare(options: OpenChatOptions): Promise<Chat> {
  const given = read(OPEN_CHAT_OPTIONS, options, 'openChat')
  const login = copyLogin(CEC_LOGIN, given.login)
  const { timeoutMs, signal } = termsOf('openChat', given)
  const bothScripts = readScripts(given.scripts)
  const globals = copyGlobals(given.globals)
  // The copy stays one without a prototype: nothing inherited is an option.
  const checked = Object.assign(given, { login, timeoutMs, bothScripts, globals })
  requirePage()
  const page = windowOf(given)
  if (!page.isSecureContext)
    throw failure('INSECURE_CONTEXT', 'the page', 'HTTPS or localhost', 'an insecure context')
  const { document }: { document: Document & { prerendering?: boolean } } = page
  if (document.prerendering) await (await rare()).whenActivated(signal, document)
  // A call that was aborted before requests no login.
  if (signal?.aborted) throw aborted(signal)
  const own = shared<Shared>('cec-chat/4', () => Object.create(null), page)
  own.join ??= beginOpening(own, page, checked)
  return await own.join(checked)
}

/** Makes an opening; returns a function by which calls wait for it. The first of them begins it. */
function beginOpening(
  own: Shared,
  page: Window,
  begun: Checked,
): (options: Checked) => Promise<Chat> {
  let stage = 'core'
  const enter = (next: string) => {
    stage = next
  }
  const together = callers(begun.timeoutMs)
  const opened = joint(
    async (stop) => chatOf(await open({ options: begun, page, own, stop, together, enter }), own),
    () => {
      if (own.join === join) own.join = undefined
    },
  )
  const join = async (options: Checked) => {
    const { timeoutMs, signal, onQueued } = options
    const left = new AbortController()
    const end = deadline(timeoutMs)
    const leave = together.add(end, onQueued)
    const work = async () => {
      const chat = await opened(left.signal)
      if (options !== begun) {
        enter('login')
        const { confirmVisitor } = await rare()
        const terms = { attempt: 1, signal: left.signal, deadline: end, onQueued }
        await confirmVisitor(options, page, terms, (visitor) => {
          // It can have been closed meanwhile.
          return visitor === own.ranFor && own.join === join
        })
      }
      return chat
    }
    try {
      return await wait(work(), {
        ...{ what: 'openChat', timeoutMs: end, signal, role: cec },
        stage: () => stage,
        onAbandoned: () => left.abort(),
      })
    } finally {
      leave()
    }
  }
  return join
}

/** Copies the integrator's globals before the first `await`: own members, each read once. */
function copyGlobals(globals: unknown): Record<string, unknown> | undefined {
  if (globals === undefined || globals === null) return undefined
  read({ '*': 1 }, globals, 'openChat.globals')
  return readLoosely(globals)
}

/** The method of the commands that steer a chat. */
const CONTROL = 'sendMessageForWebChannel'

function chatOf({ chat, customerId, observed, undo }: Opened, own: Shared): Chat {
  let state: 'open' | 'closed' = 'open'
  let closing: ((signal: AbortSignal) => Promise<void>) | undefined
  let settle = (_error?: CalldockError) => {}
  let removeListener = () => {}
  const closed = new NativePromise<CalldockError | undefined>((resolve) => {
    settle = (error) => {
      state = 'closed'
      removeListener()
      own.join = undefined
      resolve(error)
    }
  })
  removeListener = cec.onPoisoned(settle)
  // Read before the first await: the page may change it later.
  const readTerms = (what: string, options?: ChannelOptions) =>
    termsOf(what, read(CHANNEL_OPTIONS, options ?? {}, what), 30_000)
  /** Waits for work with the part that sends commands: loading it counts too. */
  const run = <T>(
    terms: Terms,
    work: (part: typeof import('./rare.js'), signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const left = new AbortController()
    return wait(async () => await work(await import('./rare.js'), left.signal), {
      ...terms,
      role: cec,
      onAbandoned: () => left.abort(),
    })
  }
  const command = async (what: string, method: string, value: string, options?: ChannelOptions) => {
    if (state === 'closed') throw failure('CLOSED', what, 'an open chat', 'one that was closed')
    return await run(readTerms(what, options), ({ sendCommand }, signal) =>
      sendCommand(chat, method, value, signal),
    )
  }
  const handle: Chat = {
    customerId,
    closed,
    report: () => observed.report(),
    async compatibility(options) {
      const terms = readTerms('compatibility', options)
      const { compatibilityOf } = await wait(() => import('./rare.js'), terms)
      return compatibilityOf(observed.report())
    },
    async close(options) {
      const terms = readTerms('close', options)
      if (state === 'closed') return
      await run(terms, ({ sendCommand }, signal) => {
        // The command is sent once, however many calls wait for it.
        closing ??= joint(
          async (stop) => {
            await sendCommand(chat, CONTROL, 'DISCONNECT', stop)
            undo()
            log('workbench', 'chat.closed')
            settle()
          },
          () => {
            closing = undefined
          },
        )
        return closing(signal)
      })
    },
    async toAgent(options) {
      await command('toAgent', CONTROL, 'TRANS2AGENT', options)
    },
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
