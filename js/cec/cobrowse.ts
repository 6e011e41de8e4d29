import { read } from '../check.js'
import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { shared } from '../core/registry.js'
import { requirePage } from '../core/role.js'
import { cec } from '../core/roles/cec.js'
import { checkSignal, checkTimeout, wait, whenDescribed } from '../core/wait.js'
import { START_COBROWSE_OPTIONS } from '../generated/tables.js'
import type { StartCobrowseOptions } from '../generated/types.js'
import { windowOf } from '../page/realm.js'
import { memberOf, runScript } from '../page/script.js'
import { addressOf } from './open.js'

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
export async function startCobrowse(options: StartCobrowseOptions): Promise<boolean> {
  try {
    return await startIfShared(options)
  } catch (error) {
    await whenDescribed(error)
    throw error
  }
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
  const own = shared<Shared>('cec-cobrowse/1', () => ({}), page)

  const start = async (before?: Promise<unknown>): Promise<boolean> => {
    await before?.catch(() => {})
    if (own.started) return true
    const core = await cec.start()
    const chat = cec.call(() => new core.CecChat(page, address, '', undefined, nonce))
    try {
      if (stop.signal.aborted || !isShared(page)) return false
      stage = 'cobrowse'
      // A chat of this page may have loaded it.
      const script = initOf(page)
        ? undefined
        : await runScript({
            page,
            inject: () => cec.call(() => chat.cobrowse(false)),
            withdraw: (element) => cec.call(() => core.withdraw(element)),
            address: chat.address,
            signal: stop.signal,
          })
      try {
        initFromUrl(page)
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

/** What all copies of the package on a page share: the page is shared once. */
interface Shared {
  started?: boolean
  /** The latest attempt. */
  last?: Promise<boolean>
}

/** Whether the page's query has the parameter; a mail program may have written `&amp;` for `&`. */
function isShared(page: Window): boolean {
  const query = new URLSearchParams(page.location.search.replace(/&amp;/g, '&'))
  return Boolean(query.get('cobrowse_share_url'))
}

function initOf(page: Window): (() => unknown) | undefined {
  const cobrowse = memberOf(page, 'CoBrowse')
  const init = memberOf(cobrowse, 'initFromUrl')
  return typeof init === 'function' ? () => init.call(cobrowse) : undefined
}

function initFromUrl(page: Window): void {
  const init = initOf(page)
  if (!init)
    throw failure('GLOBAL_MISSING', 'cobrowse.js', 'it to register CoBrowse.initFromUrl', 'none')
  try {
    init()
  } catch (cause) {
    throw failure('VENDOR_REJECTED', 'CoBrowse.initFromUrl', 'it to run', 'it throw', { cause })
  }
}
