// @ts-check
// The simulator bar: plays what happens outside the page.

import { breaker } from './breaker.js'
import { callControls } from './calls.js'
import { h } from './dom.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { startOver } from './visit.js'

/** How long a refusal stays. */
const SAID_FOR_MS = 5000

/**
 * @param {string} vendor origin
 * @param {import('./log.js').Log} log
 * @param {import('./workbench.js').Opening} opening
 */
export function simulator(vendor, log, opening) {
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
    callControls(vendor, log, opening, say),
    status,
    h(
      'button',
      {
        ...{ type: 'button', class: 'button sim-reset', 'data-testid': 'sim-reset' },
        ...{ 'aria-label': t('sim.reset'), title: t('sim.reset') },
        onclick: () => startOver(vendor),
      },
      icon('retry'),
    ),
    breaker(vendor, say),
  )
}
