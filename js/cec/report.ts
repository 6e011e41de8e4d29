// What is observed of a chat, without a verdict: the vendor publishes no sign of success.

import { own } from '../check.js'
import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { USER_ID_ADVICE } from '../generated/tables.js'

/** The cookie the vendor sets with its response. */
const COOKIE = 'ccmessaging-token'

/** Something that may go wrong later, and why. */
export interface ChatWarning {
  readonly code: 'CROSS_ORIGIN' | 'PHONE' | 'LONG_USER_ID'
  readonly text: string
}

/** A script of the vendor's that was run. */
export interface ScriptRun {
  readonly name: string
  /** How long its text is, in UTF-8. */
  readonly bytes: number
  /** What it threw while it ran. */
  readonly threw?: string | undefined
}

/** What was observed; not a verdict, since the vendor publishes no sign of success. */
export interface ChatReport {
  /** The vendor's scripts that were run. */
  readonly scripts: readonly ScriptRun[]
  /** Whether each global of the guide is on the window. */
  readonly globals: Readonly<Record<string, boolean>>
  /** How many elements head and body have gained. */
  readonly nodesAdded: number
  /** Whether `ccmessaging-token` can be read. It may be `HttpOnly`: false proves nothing. */
  readonly cookieVisible: boolean
  /** Why that may be. */
  readonly cookieNote: string
  /** Whether CEC responds on another origin than the page's, where browsers lose its cookie. */
  readonly crossOrigin: boolean
  readonly warnings: readonly ChatWarning[]
}

/** Collects what is observed of one chat. */
export class Observed {
  readonly scripts: ScriptRun[] = []
  /** The names of the globals that were assigned. */
  globals: readonly string[] = []
  crossOrigin = false
  readonly #page: Window
  readonly #nodesBefore: number
  readonly #warnings: ChatWarning[] = []

  constructor(page: Window) {
    this.#page = page
    this.#nodesBefore = nodes(page.document)
  }

  /**
   * Warns of a phone.
   *
   * @throws {CalldockError} `UNSUPPORTED_BROWSER` where phones are refused
   */
  browser(refusePhones: boolean): void {
    if (!isPhone(this.#page.navigator)) return
    if (refusePhones)
      throw failure('UNSUPPORTED_BROWSER', 'the browser', 'one of a PC', "a phone's")
    this.#warn('PHONE', "the vendor's chat is made for PC browsers, and this is a phone")
  }

  /** Warns of an address on another origin. */
  address(address: string): void {
    this.crossOrigin = new URL(address).origin !== this.#page.location.origin
    if (!this.crossOrigin) return
    this.#warn(
      'CROSS_ORIGIN',
      "contextPath is of another origin: browsers keep the vendor's cookie only on the page's own; serve /service-cloud by a proxy there",
    )
  }

  /** Warns of a long id. */
  login(thirdUserId: string): void {
    const { length } = [...thirdUserId]
    if (length > USER_ID_ADVICE)
      this.#warn(
        'LONG_USER_ID',
        `thirdUserId has ${length} characters; keep it to ${USER_ID_ADVICE}`,
      )
  }

  report(): ChatReport {
    const page = this.#page
    const cookies = page.document.cookie.split(';')
    const cookieVisible = cookies.some((cookie) => cookie.trim().startsWith(`${COOKIE}=`))
    const globals = Object.fromEntries(
      this.globals.map((name) => [name, (own(page, name) ?? null) !== null]),
    )
    return {
      scripts: [...this.scripts],
      globals,
      nodesAdded: nodes(page.document) - this.#nodesBefore,
      cookieVisible,
      cookieNote: this.#cookieNote(cookieVisible),
      crossOrigin: this.crossOrigin,
      warnings: [...this.#warnings],
    }
  }

  #cookieNote(visible: boolean): string {
    if (visible) return `${COOKIE} is set on this page's own domain`
    return this.crossOrigin
      ? `${COOKIE} belongs to another origin`
      : `${COOKIE} cannot be read: HttpOnly, or not passed on by the proxy`
  }

  #warn(code: ChatWarning['code'], text: string): void {
    log('workbench', 'chat.warning', { code, text })
    this.#warnings.push({ code, text })
  }
}

function isPhone(
  navigator: Navigator & { readonly userAgentData?: { readonly mobile?: boolean } },
) {
  const hints = navigator.userAgentData
  return hints ? hints.mobile === true : /Android|iPhone|iPad|Mobile/.test(navigator.userAgent)
}

const nodes = ({ head, body }: Document) =>
  (head?.childElementCount ?? 0) + (body?.childElementCount ?? 0)
