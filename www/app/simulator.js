// @ts-check
// The simulator bar: plays what happens outside the page.

import { breaker } from './breaker.js'
import { callControls, expireButton } from './calls.js'
import { h } from './dom.js'
import { t } from './i18n.js'

/**
 * @param {string} vendor origin
 * @param {import('./log.js').Log} log
 */
export function simulator(vendor, log) {
  const status = h('p', { class: 'sim-status', role: 'status', 'data-testid': 'sim-status' })
  return h(
    'section',
    { class: 'simulator', id: 'simulator', 'aria-labelledby': 'simulator-title', tabindex: -1 },
    h('h2', { id: 'simulator-title' }, t('job.simulator')),
    callControls(vendor, log, status),
    status,
    h('div', { class: 'sim-faults' }, expireButton(vendor, status), breaker()),
  )
}
