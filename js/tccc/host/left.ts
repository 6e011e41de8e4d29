// What the vendor's script does after the page has left its workbench. Loaded only then.

import { report } from '../../core/errors.js'
import type { Deadline } from '../../core/wait.js'
import { EVENTS } from '../../generated/workbench.js'
import { waitForGlobal } from '../../page/script.js'
import type { HostPage } from './machine.js'
import { findVendor, listen, tearDown } from './vendor.js'

const EXPIRED = Object.keys(EVENTS).find(
  (spelling) => EVENTS[spelling]?.[0] === 'tokenExpired',
) as string

/** Watches the workbench that goes on after `close()`: with an expired token it is not handed out again. */
export function watchExpiry(page: HostPage): void {
  const { running, machine } = page
  // It may have been opened again meanwhile.
  if (!running || machine) return
  page.unwatch?.()
  page.unwatch = () => {}
  try {
    page.unwatch = listen(running.vendor, EXPIRED, () => {
      page.running = undefined
      page.unwatch?.()
    })
  } catch (error) {
    report(error)
  }
}

/**
 * Takes away the global of a script that was left before it had registered one: the next script's would be taken for
 * it. One that comes later than 5 s is not waited for.
 *
 * @throws {CalldockError} `ABORTED`
 */
export async function takeAway(
  page: HostPage,
  deadline: Deadline,
  signal: AbortSignal,
): Promise<void> {
  const { window } = page
  const find = () => findVendor(window)
  const vendor = await waitForGlobal({ find, timeoutMs: deadline.remaining(), signal })
  tearDown(window, vendor)
  page.late = false
}
