import { type Core, requirePage, startCore } from '../core.js'
import { CalldockError } from '../errors.js'
import { askLogin, checkLogin, type LoginSource, takeLogin } from '../login.js'
import { checkSignal, deadline, invalid, type Progress, settle } from '../settle.js'

/**
 * What the chat is opened with: the answer of your server. The page sends exactly these four fields,
 * because the server vouches for exactly these (`vendor/huawei.md` §1).
 */
export type CecLogin = {
  readonly thirdUserId: string
  readonly thirdUserName: string
  readonly tenantSpaceId: string
  readonly channelConfigId: string
} & (
  | { readonly mode: 'token'; readonly token: string }
  | { readonly mode: 'authorization'; readonly authorization: string }
)

/** The languages of the vendor's chat. */
export type ChatLocale = 'zh' | 'en' | 'ar' | 'es' | 'pt' | 'fr'

/** How to open the chat. */
export interface OpenChatOptions {
  readonly login: LoginSource<CecLogin>
  /**
   * Where CEC answers. A path on the page's own origin, behind a proxy, is the deployment that works:
   * browsers keep the vendor's cookie nowhere else. Must have `/service-cloud` in it.
   */
  readonly contextPath: string
  readonly locale: ChatLocale
  /** The map service; the vendor's default is tencent. */
  readonly mapService?: 'tencent' | 'google'
  /** Loads the cobrowsing scripts too, so that a visitor may start it from the chat. */
  readonly cobrowse?: boolean
  /** The nonce of the page's policy; copied from the page's own scripts unless given. */
  readonly nonce?: string
  /** `form` unless told, as the guide's samples send it: no preflight. */
  readonly contentType?: 'form' | 'json'
  /** What Authorization mode asks for; only the second unless told, as the guide's samples have it. */
  readonly scripts?: readonly ('thirdPartyClient.js' | 'newThirdPartyClient.js')[]
  /** Whether `$aicc_ContextPath` ends in a slash; true unless told. */
  readonly contextPathSlash?: boolean
  /** Put on the window first, for tenants whose scripts want them: `{ jQuery, $, axios }`. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** Refuses phones, for which the vendor's chat is not made; otherwise they are warned of. */
  readonly refusePhones?: boolean
  /** How long it may take, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Something that may go wrong later, and why. */
export interface ChatWarning {
  readonly code: 'CROSS_ORIGIN' | 'PHONE' | 'LONG_USER_ID'
  readonly text: string
}

/** What was seen; not a verdict, for the vendor publishes no sign of success. */
export interface ChatReport {
  /** The vendor's scripts that were run, their length in bytes, and what they threw. */
  readonly scripts: readonly {
    readonly name: string
    readonly bytes: number
    readonly threw?: string
  }[]
  /** Whether each global of the guide stands on the window. */
  readonly globals: Readonly<Record<string, boolean>>
  /** How many elements head and body have gained. */
  readonly nodesAdded: number
  /** Whether `ccmessaging-token` is to be read. It may be `HttpOnly`: false proves nothing. */
  readonly cookieVisible: boolean
  /** Why that may be. */
  readonly cookieNote: string
  /** Whether the vendor answers on another origin than the page's: its cookie is lost there. */
  readonly crossOrigin: boolean
  readonly warnings: readonly ChatWarning[]
}

/** The vendor's answer to a command. */
export interface ChannelAnswer {
  /** `0` where it was done; anything else is a `VENDOR_REJECTED`. */
  readonly resultCode?: string
  readonly resultDesc?: string
}

/** The web channel's configuration (`queryChannelConfigByChannelAndId`), in the vendor's words. */
export interface ChannelConfig {
  /** What a waiting visitor is told, or `null`. */
  readonly queueReminderContent: string | null
  /** How often, in seconds. */
  readonly queueReminderInterval: number
  /** Whether a robot answers first: `'true'` or `'false'`. */
  readonly useRobot: string
  /** The word that leads from the robot to an agent, or `null`. */
  readonly toArtificialKeyWord: string | null
}

/** An open chat. */
export interface Chat {
  readonly userId: string
  /** What was seen up to now. */
  report(): ChatReport
  /**
   * Ends the chat: the documented DISCONNECT. The vendor's scripts stay in the page; another chat needs
   * a reload.
   *
   * @throws {CalldockError} `NETWORK`, `VENDOR_REJECTED`, `TIMEOUT`
   */
  end(): Promise<void>
  /**
   * Hands the visitor from the robot to an agent.
   *
   * @throws {CalldockError} as `end`
   */
  toAgent(): Promise<void>
  /**
   * Begins a call from the chat.
   *
   * @returns the vendor's answer
   * @throws {CalldockError} as `end`, and `INVALID_OPTION`
   */
  clickToCall(media: 'voice' | 'video'): Promise<ChannelAnswer>
  /**
   * The channel's configuration, as the vendor has it.
   *
   * @throws {CalldockError} as `end`
   */
  channelConfig(): Promise<ChannelConfig>
}

type Handle = Core['ChatHandle']['prototype']

const MEMBERS =
  '{mode, token or authorization, thirdUserId, thirdUserName, tenantSpaceId, channelConfigId}'

/** The vendor's answer to a command may take this long, in ms. */
const COMMAND_TIMEOUT = 30_000

let opening: Promise<Visited> | undefined

/**
 * Opens the chat: asks for a login, fetches the vendor's scripts, runs them once (seed 001, chapters 1
 * and 2). A second call gives the first chat; for another visitor the page must be reloaded.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `SECRET_IN_PAGE`, `LOGIN_FAILED`, `NETWORK`, `CSP_BLOCKED`,
 * `TRUSTED_TYPES_BLOCKED`, `VENDOR_REJECTED`, `ALREADY_OPEN`, `INSECURE_CONTEXT`,
 * `UNSUPPORTED_BROWSER`, `TIMEOUT`, `ABORTED`
 */
export async function openChat(options: OpenChatOptions): Promise<Chat> {
  if (typeof options !== 'object' || !options) throw invalid('options', '{login, …}', options)
  checkLogin(options.login, MEMBERS)
  checkSignal(options.signal)
  requirePage()
  const timeoutMs = deadline(options.timeoutMs, 15_000)
  const stop = new AbortController()
  const progress: Progress = { stage: 'core', attempts: [] }
  const before = opening
  const chat = before ? again(before, options, stop.signal) : begin(options, stop.signal, progress)
  // Given up or failed, it is in nobody's way; another may begin at once.
  const forget = () => {
    if (opening === chat) opening = undefined
  }
  if (!before) {
    opening = chat
    chat.catch(forget)
  }
  return settle(chat, {
    what: 'openChat',
    timeoutMs,
    signal: options.signal,
    progress,
    left: () => {
      stop.abort()
      if (!before) forget()
    },
  })
}

function begin(options: OpenChatOptions, stop: AbortSignal, progress: Progress): Promise<Visited> {
  // The login travels while the core starts, so that the core is not in its way.
  const login = askLogin(options.login, 1, stop)
  login.catch(() => {})
  return startCore()
    .then((core) => core.openChat(options, () => login, stop, progress))
    .then((handle) => new Visited(handle))
}

/** The chat that is open, if it is this visitor's: a shop's page does not show one's chat to another. */
async function again(
  before: Promise<Visited>,
  options: OpenChatOptions,
  stop: AbortSignal,
): Promise<Visited> {
  const login = takeLogin(startCore(), options.login, MEMBERS, stop)
  const [chat, told] = await Promise.all([before, login])
  if ((told as CecLogin).thirdUserId === chat.userId) return chat
  throw new CalldockError(
    'ALREADY_OPEN',
    'the chat: expected the visitor it was opened for, found another; reload the page for another visitor',
  )
}

/** An open chat; what it does, the core does. */
class Visited implements Chat {
  readonly userId: string
  readonly #handle: Handle

  constructor(handle: Handle) {
    this.#handle = handle
    this.userId = handle.userId
  }

  report(): ChatReport {
    return this.#handle.report() as ChatReport
  }

  async end(): Promise<void> {
    await this.#ask('end', 'control', 'DISCONNECT')
  }

  async toAgent(): Promise<void> {
    await this.#ask('toAgent', 'control', 'TRANS2AGENT')
  }

  async clickToCall(media: 'voice' | 'video'): Promise<ChannelAnswer> {
    if (media !== 'voice' && media !== 'video')
      throw invalid('clickToCall', "'voice' or 'video'", media)
    return this.#ask(
      'clickToCall',
      'click',
      media === 'voice' ? '0' : '1',
    ) as Promise<ChannelAnswer>
  }

  async channelConfig(): Promise<ChannelConfig> {
    return this.#ask('channelConfig', 'config', '') as Promise<ChannelConfig>
  }

  #ask(what: string, kind: string, value: string): Promise<unknown> {
    return settle(this.#handle.ask(kind, value), { what, timeoutMs: COMMAND_TIMEOUT })
  }
}
