// The cobrowsing scripts: each is loaded and run once in a page, be it by the chat or by the page that was shared.

import { shared } from '../core/registry.js'
import { cec } from '../core/roles/cec.js'
import { NativePromise } from '../core/wait.js'
import type { CecChat } from '../glue/cec.js'
import { type RunningScript, runScript } from '../page/script.js'
import { joint } from '../page/until.js'

/** The part of the core, once it runs. */
type Core = typeof import('../glue/cec.js')

/** What all copies of the package on a page share. */
export interface CobrowsePage {
  /** Whether the page has begun to be shared, which happens once. */
  started?: boolean
  /** The latest attempt. */
  last?: Promise<boolean>
  /** The vendor's own script, and the chat page's: each waits for one that is loading or has run. */
  own?: ((signal: AbortSignal) => Promise<RunningScript>) | undefined
  common?: ((signal: AbortSignal) => Promise<RunningScript>) | undefined
}

/** Returns the page's state. */
export const cobrowsePage = (page: Window): CobrowsePage =>
  shared<CobrowsePage>('cec-cobrowse/2', () => Object.create(null), page)

/**
 * Loads a script and runs it, unless the page has.
 *
 * @throws {CalldockError} as {@link runScript}; the next call loads it again then
 */
export function loadOnce(
  name: 'own' | 'common',
  page: Window,
  core: Core,
  chat: CecChat,
  signal: AbortSignal,
): Promise<RunningScript> {
  const ofPage = cobrowsePage(page)
  const begin = (stop: AbortSignal) =>
    runScript({
      page,
      inject: () => cec.call(() => chat.cobrowse(name === 'common')),
      withdraw(element) {
        try {
          cec.call(() => core.withdraw(element))
        } catch {
          // The core has trapped: it may still run.
          element.remove()
        }
      },
      address: chat.address,
      signal: stop,
    })
  ofPage[name] ??= joint(begin, () => {
    ofPage[name] = undefined
  })
  return ofPage[name](signal)
}

/**
 * Loads both for a chat; returns how to remove their elements. Requested together, they run in their order.
 *
 * @throws {CalldockError} as {@link loadOnce}
 */
export async function loadCobrowse(
  page: Window,
  core: Core,
  chat: CecChat,
  signal: AbortSignal,
): Promise<() => void> {
  const names = ['own', 'common'] as const
  const loads = names.map((name) => loadOnce(name, page, core, chat, signal))
  const done = await NativePromise.allSettled(loads)
  const remove = () => {
    // The element of a page that is shared stays.
    if (cobrowsePage(page).started) return
    for (const load of done) if (load.status === 'fulfilled') load.value.remove()
  }
  const failed = done.find((load) => load.status === 'rejected')
  if (!failed) return remove
  remove()
  throw failed.reason
}
