// One workbench for many components: counted, and closed a moment after the last one let it go.

import { own, readLoosely } from '../../check.js'
import { shared } from '../../core/registry.js'
import { checkSignal } from '../../core/wait.js'
import { isWindow } from '../../page/realm.js'
import { whenClosed } from './when-closed.js'
import { type OpenWorkbenchOptions, openWorkbench, type Workbench } from './workbench.js'

/** A component's handle of the page's workbench. */
export interface SharedWorkbench {
  /** Settles as {@link openWorkbench} does. */
  readonly workbench: Promise<Workbench>
  /** Releases the handle; the last release closes the workbench a second later. */
  release(): void
}

/** How long, in ms, a workbench that no component holds stays open: one that is mounted again finds it. */
const LINGER = 1000

interface Held {
  readonly workbench: Promise<Workbench>
  readonly stop: AbortController
  holders: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** What the copies of this package on a page share. What is wrong in the options is found by `openWorkbench`. */
const state = (options: OpenWorkbenchOptions) => {
  const page = own(options, 'window')
  const realm = isWindow(page) ? page : globalThis
  return shared<{ held: Held | undefined }>('tccc-share/2', () => ({ held: undefined }), realm)
}

/**
 * Opens the workbench for a component, or joins the one that other components hold: React's StrictMode, hot
 * module replacement and route changes mount and unmount, while the vendor's script can neither be injected
 * twice nor be ended. The first component's options count.
 *
 * @throws {CalldockError} nothing by itself; `workbench` rejects as {@link openWorkbench} does
 * @example
 * const { workbench, release } = shareWorkbench({ login: '/calldock/v1/tccc/login' })
 */
export function shareWorkbench(options: OpenWorkbenchOptions): SharedWorkbench {
  // Each member is read once, before anything is waited for.
  const copy = options && (readLoosely(options) as unknown as OpenWorkbenchOptions)
  const page = state(copy)
  page.held ??= open(page, copy)
  const mine = page.held
  clearTimeout(mine.timer)
  mine.holders += 1
  let holding = true
  return {
    workbench: mine.workbench,
    release() {
      if (!holding) return
      holding = false
      mine.holders -= 1
      if (mine.holders > 0 || page.held !== mine) return
      mine.timer = setTimeout(() => {
        if (page.held === mine) page.held = undefined
        mine.stop.abort()
        mine.workbench.then(
          (workbench) => workbench.close(),
          () => {},
        )
      }, LINGER)
    },
  }
}

function open(page: { held: Held | undefined }, options: OpenWorkbenchOptions): Held {
  const stop = new AbortController()
  const workbench = (async () => {
    const signal = options?.signal ?? undefined
    checkSignal(signal)
    const abort = () => stop.abort(signal?.reason)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      return await openWorkbench(options && { ...options, signal: stop.signal })
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  })()
  const opened: Held = { workbench, stop, holders: 0, timer: undefined }
  const forget = () => {
    if (page.held !== opened) return
    page.held = undefined
    clearTimeout(opened.timer)
  }
  // After a failure, or after the workbench was lost, the next call starts over.
  workbench.then((opened) => whenClosed(opened, forget), forget)
  return opened
}
