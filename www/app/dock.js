// @ts-check
// The place where the vendor's softphone docks: how far opening has come, and why it failed.

import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { addressOf, askedFor } from './faults.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'
import { stepList } from './steps.js'
import { steps } from './workbench.js'

/** @typedef {import('./workbench.js').Opening} Opening */

/** @param {Opening} opening */
export function dock(opening) {
  const failure = h('div', { class: 'dock-failure' })
  const go = h(
    'button',
    {
      ...{ type: 'button', class: 'button small dock-go', 'data-testid': 'dock-go', hidden: true },
      onclick: goToSoftphone,
    },
    t('dock.go'),
  )
  const card = h(
    'section',
    { class: 'card dock', id: 'softphone', 'aria-labelledby': 'dock-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'dock-title' }, t('dock.title')),
        h('p', {}, t('dock.sub')),
      ),
    ),
    stepList(opening, steps),
    go,
    failure,
    h(
      'div',
      { class: 'dock-sketch' },
      h(
        'div',
        { class: 'sketch-phone', 'aria-hidden': 'true' },
        ...Array.from({ length: 12 }, () => h('i')),
      ),
      h('p', {}, t('dock.here')),
    ),
  )
  /** @type {unknown} */
  let shown
  opening.watch(({ phase, error }) => {
    card.dataset.phase = phase
    go.hidden = phase !== 'ready' && phase !== 'expired'
    if (error === shown) return
    shown = error
    fill(failure, error ? failed(error) : null)
    // On a narrow screen the dock may be out of sight.
    if (error) failure.scrollIntoView({ block: 'nearest' })
  })
  return card
}

/**
 * Moves the focus to the vendor's element, which stands at the end of the page: its controls are the next
 * stops of the Tab key. Where there is none yet, to the card.
 */
export function goToSoftphone() {
  const vendors = document.getElementById('tcccSdkDomRoot')
  const target = vendors ?? document.getElementById('softphone')
  // Not -1: WebKit would skip its controls.
  if (vendors) vendors.tabIndex = 0
  target?.focus()
}

/** @param {unknown} error */
function failed(error) {
  const fault = askedFor(location.search)?.id ?? 'none'
  const broken = fault !== 'none'
  const healthy = addressOf({ id: 'none', envelope: 'flat', answers: 'rejected' })
  return h(
    'div',
    {},
    broken &&
      h(
        'p',
        { class: 'on-purpose' },
        icon('bolt'),
        t('host.fault', { fault: tOr(`fault.${fault}`, fault) }),
      ),
    errorCard(error, {
      actions: [
        action('try-again', 'retry', t('host.again'), again()),
        ...(broken ? [action('mend', 'check', t('host.mend'), healthy)] : []),
      ],
    }),
  )
}

/** This page's address, opening at once. */
function again() {
  const query = new URLSearchParams(location.search)
  query.set('open', '1')
  return `/?${query}`
}

/** @param {string} testid @param {import('./icons.js').IconName} sign @param {string} text @param {string} href */
function action(testid, sign, text, href) {
  return h(
    'button',
    {
      type: 'button',
      class: testid === 'mend' ? 'button small primary' : 'button small',
      'data-testid': testid,
      onclick: () => location.assign(href),
    },
    icon(sign),
    text,
  )
}
