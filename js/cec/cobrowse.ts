import { read } from '../check.js'
import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { requirePage } from '../core/role.js'
import { cec } from '../core/roles/cec.js'
import { checkSignal, checkTimeout, described, wait } from '../core/wait.js'
import { START_COBROWSE_OPTIONS } from '../generated/tables.js'
import type { StartCobrowseOptions } from '../generated/types.js'
import type { CecChat } from '../glue/cec.js'
import { windowOf } from '../page/realm.js'
import { memberOf } from '../page/script.js'
import { cobrowsePage, loadOnce } from './cobrowse-scripts.js'
import { addressOf } from './open.js'
import { runText } from './vendor-scripts.js'

/**
 * Starts cobrowsing in a page that was shared: one whose address has `cobrowse_share_url`. In any other
 * page it does nothing. Only this frame is shared, and no new tab is (CEC guide, 2.5.2.1).
 *
 * @returns whether the page was shared
 *
 * @example
 * await startCobrowse({ contextPath: '/service-cloud' })
 *
 * @throws {CalldockError} `INVALID_OPTION`, `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`,
 * `GLOBAL_MISSING`, `VENDOR_REJECTED`, `TIMEOUT`, `ABORTED`, `INTERNAL`
 */
export function startCobrowse(options: StartCobrowseOptions): Promise<boolean> {
  return described(() => startIfShared(options))
}

async function startIfShared(options: StartCobrowseOptions): Promise<boolean> {
  const given = read(START_COBROWSE_OPTIONS, options, 'startCobrowse')
  const { contextPath, nonce, timeoutMs, signal } = given
  checkSignal(signal)
  const end = checkTimeout(timeoutMs, 15_000)
  requirePage()
  const page = windowOf(given)
  const address = addressOf(contextPath)
  let stage = 'core'
  const stop = new AbortController()
  const own = cobrowsePage(page)
  // The page's router may change the address meanwhile.
  const isToShare = isShared(page)

  const start = async (before?: Promise<unknown>): Promise<boolean> => {
    try {
      await before
    } catch {
      // That call has been told.
    }
    if (own.started) return true
    if (!isToShare || stop.signal.aborted) return false
    const core = await cec.start()
    const chat = cec.call(() => new core.CecChat(page, address, '', undefined, nonce))
    try {
      if (stop.signal.aborted) return false
      stage = 'cobrowse'
      const present = () => initOf(memberOf(page, NAME))
      // The page may have loaded it itself.
      const script = present() ? undefined : await loadOnce('own', page, core, chat, stop.signal)
      try {
        const init = present() ?? initOf(await declared(chat, page))
        if (!init) {
          // Another response may be the script.
          own.own = undefined
          const expected = 'it to register CoBrowse.initFromUrl'
          throw failure('GLOBAL_MISSING', 'cobrowse.js', expected, 'none')
        }
        run(init)
      } catch (error) {
        script?.remove()
        throw error
      }
      own.started = true
      // The vendor publishes no end: its script stays for the page's life.
      log('script', 'cobrowse.started')
      return true
    } finally {
      chat.free()
    }
  }
  own.last = start(own.last)
  return await wait(own.last, {
    what: 'startCobrowse',
    timeoutMs: end,
    signal,
    stage: () => stage,
    role: cec,
    onAbandoned: () => stop.abort(),
  })
}

/** The vendor's global. */
const NAME = 'CoBrowse'

/** Whether the page's query has the parameter; a mail program may have written `&amp;` for `&`. */
function isShared(page: Window): boolean {
  const query = new URLSearchParams(page.location.search.replace(/&amp;/g, '&'))
  return Boolean(query.get('cobrowse_share_url'))
}

function initOf(cobrowse: unknown): (() => unknown) | undefined {
  const init = memberOf(cobrowse, 'initFromUrl')
  return typeof init === 'function' ? () => init.call(cobrowse) : undefined
}

/** Reads the global of a script that declares it by `const`, `let` or `class`: the window has no such member. */
async function declared(chat: CecChat, page: Window): Promise<unknown> {
  const key = 'calldock.cobrowse'
  await runText(() => chat.run(`try{globalThis['${key}']=${NAME}}catch(e){}`), page)
  const found = memberOf(page, key)
  Reflect.deleteProperty(page, key)
  return found
}

function run(init: () => unknown): void {
  try {
    init()
  } catch (cause) {
    throw failure('VENDOR_REJECTED', 'CoBrowse.initFromUrl', 'it to run', 'it throw', { cause })
  }
}
