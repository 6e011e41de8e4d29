// The vendor's scripts: fetched with the proof of the visitor's identity, and run once a page (`docs/vendor/huawei.md`
// §2 and §3).

import { type CalldockError, failure, isCalldockError } from '../core/errors.js'
import { log } from '../core/log.js'
import { vendorText } from '../core/redact.js'
import { cec } from '../core/roles/cec.js'
import { wait } from '../core/wait.js'
import type { CecChat } from '../glue/cec.js'
import { watchPolicy } from '../page/csp-watch.js'
import { abortable } from '../page/until.js'
import type { ScriptRun } from './report.js'

export { FIRST_SCRIPT as FIRST, SECOND_SCRIPT as SECOND } from '../generated/tables.js'

/**
 * Loads the part that few chats need at once.
 *
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`
 * @internal
 */
export const rare = () => wait(import('./rare.js'), { what: 'openChat', timeoutMs: 15_000 })

/**
 * Where the scripts come from and where they run.
 *
 * @internal
 */
export interface ScriptPlace {
  readonly chat: CecChat
  readonly page: Window
  /** The origin they are requested from. */
  readonly origin: string
  /** Whether the request's content type is JSON. */
  readonly json: boolean
  readonly stop: AbortSignal
  /** Called before the text runs; returns how to take that back, where it has not run. */
  readonly beforeRun: () => () => void
}

/**
 * Fetches a script and runs it.
 *
 * @throws {CalldockError} `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`; `VENDOR_REJECTED` for anything
 * but a script; `ABORTED`
 * @internal
 */
export async function fetchAndRun(
  name: string,
  data: object,
  place: ScriptPlace,
): Promise<ScriptRun> {
  const { chat, page, stop, beforeRun } = place
  const text = await abortable(stop, fetchText(name, data, place))
  log('script', 'script.injected', { url: name })
  const takeBack = beforeRun()
  try {
    const threw = await runText(() => chat.run(text), page)
    if (threw !== undefined) log('error', 'script.threw', { url: name, message: threw })
    const bytes = new TextEncoder().encode(text).length
    return { name, bytes, threw }
  } catch (error) {
    takeBack()
    throw error
  }
}

async function fetchText(name: string, data: object, place: ScriptPlace): Promise<string> {
  const { chat, page, origin, json, stop } = place
  const watch = watchPolicy({ kind: 'connect', origin }, page.document)
  try {
    const text = await cec.call(() => chat.fetch(name, bodyOf(data), json, stop))
    log('script', 'script.fetched', { url: name })
    // CEC's own refusal, or a gateway's: it would run, and do nothing.
    if (isJson(text)) throw (await rare()).refusedJson(name, text)
    return text
  } catch (thrown) {
    const error = translated(thrown)
    if (error.code !== 'NETWORK' || stop.aborted) throw error
    const refusal = await watch.refusal()
    if (refusal || origin === page.location.origin) throw refusal ?? error
    const found =
      "no connection, or an origin that does not allow this page: use a proxy on the page's own"
    throw failure('NETWORK', name, 'a response', found)
  } finally {
    watch.stop()
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Writes the user data as JSON, whatever `toJSON` other code has put on its prototypes; a date keeps its own. The
 * vendor's own objects may refuse.
 */
function bodyOf(data: object): string {
  try {
    return JSON.stringify(data, function (this: Record<string, unknown>, key, value) {
      const own = this[key] as { getTime?: unknown } | null | undefined
      return own?.getTime ? value : own
    })
  } catch (cause) {
    const found = 'data that cannot be sent'
    throw failure('VENDOR_REJECTED', 'thirdValidate', 'the user data', found, { cause })
  }
}

/** Makes an error of what a future of the core rejected with. */
export function translated(thrown: unknown): CalldockError {
  try {
    return cec.call(() => {
      throw thrown
    })
  } catch (error) {
    if (isCalldockError(error)) return error
    throw error
  }
}

/**
 * Runs a text as a script of the page and returns what it threw. It runs when its element is appended;
 * its exceptions reach only the window.
 *
 * @throws {CalldockError} `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`
 * @internal
 */
export async function runText(run: () => boolean, page: Window): Promise<string | undefined> {
  let thrown: string | undefined
  const listener = ({ message }: ErrorEvent) => {
    thrown = vendorText(typeof message === 'string' ? message : '')
  }
  const watch = watchPolicy({ kind: 'inline' }, page.document)
  try {
    page.addEventListener('error', listener, true)
    const ran = cec.call(run)
    page.removeEventListener('error', listener, true)
    if (ran || thrown !== undefined) return thrown
    const refusal = await watch.refusal()
    if (refusal) throw refusal
    throw failure('CSP_BLOCKED', "the vendor's script", 'the page to run its text', 'it refused')
  } finally {
    page.removeEventListener('error', listener, true)
    watch.stop()
  }
}
