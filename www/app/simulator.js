// @ts-check
// The simulator bar: plays what happens outside the page.

import { breaker } from './breaker.js'
import { callControls } from './calls.js'
import { h } from './dom.js'
import { t } from './i18n.js'

/** How long a refusal stays. */
const SAID_FOR_MS = 5000

/**
 * @param {string} vendor origin
 * @param {import('./log.js').Log} log
 */
export function simulator(vendor, log) {
  const status = h('p', { class: 'sim-status', role: 'status', 'data-testid': 'sim-status' })
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const say = (/** @type {string} */ text) => {
    clearTimeout(timer)
    status.textContent = text
    timer = setTimeout(() => {
      status.textContent = ''
    }, SAID_FOR_MS)
  }
  return h(
    'section',
    { class: 'simulator', id: 'simulator', 'aria-labelledby': 'simulator-title', tabindex: -1 },
    h('h2', { id: 'simulator-title' }, t('job.simulator')),
    callControls(vendor, log, say),
    status,
    breaker(vendor, say),
  )
}
