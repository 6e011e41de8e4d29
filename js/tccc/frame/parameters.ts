// The parameters of TCCC's screen pops, for a compatibility report.

import type { Role } from '../../core/role.js'
import type * as glue from '../../glue/frame.js'
import { type ReadCall, type ScreenPopReport, SeenParameters } from '../../page/seen.js'

/** The parameters whose values the core knows. */
const WORDS = ['status', 'type']

const recorders = new WeakMap<Window, SeenParameters>()

/** Makes the report of a page whose core can read hashes; the first one begins to record. */
export function screenPopReport(page: Window, frame: Role<typeof glue>): ScreenPopReport {
  const seen = recorders.get(page)
  if (seen) return seen.report('tccc')
  const recorder = new SeenParameters()
  recorders.set(page, recorder)
  const add = (url: string) => {
    const at = url.indexOf('#')
    try {
      const call = frame.call((core) => core.readHash(at < 0 ? '' : url.slice(at)))
      if (call) recorder.add(call as ReadCall, WORDS)
    } catch {
      // A hash that is too long is the listener's error; there is nothing to report of it.
    }
  }
  add(page.location.href)
  // A plain event that a router has made has no address.
  page.addEventListener('hashchange', ({ newURL = '' }) => add(newURL))
  return recorder.report('tccc')
}
