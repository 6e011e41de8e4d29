// @ts-check
// A visit begins with a vendor at rest: no call, no fault that somebody before has left.

import { control } from './demo.js'

/** Held by every tab of the playground as long as it is open. */
const OPEN = 'calldock-playground'
/** Says that this tab has been here before: a reload goes on where it was. */
const SEEN = 'calldock-playground-seen'

/** Resets the stand-in vendor where no tab of the playground is open. @param {string} vendor origin */
export async function beginVisit(vendor) {
  const held = (await navigator.locks.query()).held ?? []
  const others = held.some(({ name }) => name === OPEN)
  void navigator.locks.request(OPEN, { mode: 'shared' }, () => new Promise(() => {}))
  const seen = sessionStorage.getItem(SEEN) !== null
  sessionStorage.setItem(SEEN, 'yes')
  if (!others && !seen) await control(vendor, 'reset')
}

/** Resets the vendor and opens the page again. @param {string} vendor origin */
export async function startOver(vendor) {
  await control(vendor, 'reset')
  location.assign(location.pathname)
}
