// One workbench for many components: counted, and closed only when nobody has come back for it.

import { type OpenWorkbenchOptions, openWorkbench, type Workbench } from './workbench.js'

/** A component's hold on the page's workbench. */
export interface SharedWorkbench {
  /** Settles as {@link openWorkbench} does. */
  readonly workbench: Promise<Workbench>
  /** Lets go; the last one to let go closes the workbench a moment later. */
  release(): void
}

/** How long, in ms, a workbench nobody holds stays open: a component that is mounted anew finds it. */
const LINGER = 1000

interface Held {
  readonly workbench: Promise<Workbench>
  readonly stop: AbortController
  holders: number
  timer: ReturnType<typeof setTimeout> | undefined
}

let held: Held | undefined

/**
 * Opens the workbench for a component, or joins the one other components hold: React's StrictMode, hot
 * module replacement and route changes mount and unmount, while the vendor's script bears neither a
 * second injection nor an end. The first one's options count.
 *
 * @throws {CalldockError} nothing by itself; `workbench` rejects as {@link openWorkbench} does
 */
export function shareWorkbench(options: OpenWorkbenchOptions): SharedWorkbench {
  held ??= open(options)
  const mine = held
  clearTimeout(mine.timer)
  mine.holders += 1
  let holding = true
  return {
    workbench: mine.workbench,
    release() {
      if (!holding) return
      holding = false
      mine.holders -= 1
      if (mine.holders === 0 && held === mine) mine.timer = setTimeout(() => close(mine), LINGER)
    },
  }
}

function open(options: OpenWorkbenchOptions): Held {
  const stop = new AbortController()
  const abort = () => stop.abort(options.signal?.reason)
  options.signal?.addEventListener('abort', abort)
  if (options.signal?.aborted) abort()
  const workbench = openWorkbench({ ...options, signal: stop.signal })
  const opened: Held = { workbench, stop, holders: 0, timer: undefined }
  const forget = () => {
    options.signal?.removeEventListener('abort', abort)
    if (held !== opened) return
    held = undefined
    clearTimeout(opened.timer)
  }
  // Who comes after a failure, or after the workbench was lost, begins anew.
  workbench.then(({ closed }) => closed.then(forget), forget)
  return opened
}

function close(mine: Held): void {
  if (held === mine) held = undefined
  mine.stop.abort()
  mine.workbench.then(
    (workbench) => workbench.close(),
    () => {},
  )
}
