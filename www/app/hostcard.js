// @ts-check
// Job 1: the business system's page, its orders on the left, the vendor's softphone on the right.

import { codePanel } from './code.js'
import { fill, h, segmented } from './dom.js'
import { errorCard } from './errors.js'
import { addressOf, askedFor } from './faults.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'
import { orderDesk } from './orders.js'
import { DOCK_ID, steps } from './workbench.js'

/** @typedef {import('./workbench.js').Opening} Opening */
/** @typedef {import('./workbench.js').State} State */
/** @typedef {'code' | 'orders'} View */

/**
 * @param {Opening} opening
 * @param {() => unknown} start
 */
export function hostCard(opening, start) {
  const code = h('div', { class: 'host-code' }, intro(opening, start), codePanel('host'))
  const orders = h('div', { class: 'host-orders' }, orderDesk(opening))
  const switcher = h('div', {})
  /** @param {View} view */
  function show(view) {
    code.hidden = view !== 'code'
    orders.hidden = view !== 'orders'
    fill(
      switcher,
      segmented({
        name: 'host-view',
        label: t('host.views'),
        value: view,
        compact: true,
        options: [
          { value: 'code', text: t('host.code') },
          { value: 'orders', text: t('host.orders') },
        ],
        onchange: (chosen) => {
          code.hidden = chosen !== 'code'
          orders.hidden = chosen !== 'orders'
        },
      }),
    )
  }
  show('code')
  let opened = false
  opening.watch(({ phase }) => {
    if (phase !== 'ready' || opened) return
    opened = true
    show('orders')
  })
  return h(
    'section',
    { class: 'card host', id: 'host', 'aria-labelledby': 'host-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'host-title' }, t('job.host')),
        h('p', {}, t('host.sub')),
      ),
      h('span', { class: 'address' }, location.host),
      switcher,
    ),
    h('div', { class: 'host-body' }, h('div', { class: 'host-left' }, code, orders), dock(opening)),
    progress(opening),
  )
}

/** @param {Opening} opening @param {() => unknown} start */
function intro(opening, start) {
  const button = h('button', {
    type: 'button',
    class: 'button primary large',
    'data-testid': 'start',
    onclick: start,
  })
  opening.watch(({ phase }) => {
    button.disabled = phase !== 'idle'
    fill(
      button,
      icon(phase === 'ready' ? 'check' : 'play'),
      phase === 'idle' || phase === 'failed' ? t('host.start') : t(`state.${phase}`),
    )
  })
  return h(
    'div',
    { class: 'intro' },
    h('h3', {}, t('host.lead')),
    h('p', {}, t('host.text')),
    button,
  )
}

/** The place of the softphone: a sketch of it, then the vendor's own, or why it is not there. @param {Opening} opening */
function dock(opening) {
  const sketch = h(
    'div',
    { class: 'dock-sketch' },
    h(
      'div',
      { class: 'sketch-phone', 'aria-hidden': 'true' },
      ...Array.from({ length: 12 }, () => h('i', {})),
    ),
    h('p', {}, t('host.dock')),
    h('code', {}, t('host.dockHint')),
  )
  const node = h('div', { id: DOCK_ID, class: 'dock-node', 'data-testid': 'softphone' })
  const failure = h('div', { class: 'dock-failure' })
  const area = h('div', { class: 'dock' }, sketch, node, failure)
  /** @type {unknown} */
  let shown
  opening.watch(({ phase, error }) => {
    area.dataset.phase = phase
    if (error === shown) return
    shown = error
    fill(failure, error ? failed(error) : null)
  })
  return area
}

/** @param {unknown} error */
function failed(error) {
  const fault = askedFor(location.search)?.id ?? 'none'
  const mend = () =>
    location.assign(addressOf({ id: 'none', envelope: 'flat', answers: 'rejected' }))
  const again = () => {
    const query = new URLSearchParams(location.search)
    query.set('open', '1')
    location.assign(`/?${query}`)
  }
  const broken = fault !== 'none'
  const actions = [
    h(
      'button',
      { type: 'button', class: 'button', 'data-testid': 'try-again', onclick: again },
      icon('retry'),
      t('host.again'),
    ),
    broken &&
      h(
        'button',
        { type: 'button', class: 'button primary', 'data-testid': 'mend', onclick: mend },
        icon('check'),
        t('host.mend'),
      ),
  ].filter((node) => node instanceof Node)
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
    errorCard(error, { actions }),
  )
}

/** @param {Opening} opening */
function progress(opening) {
  const list = h('ol', { class: 'steps', 'aria-label': t('step.list'), 'data-testid': 'steps' })
  opening.watch((state) => {
    list.dataset.phase = state.phase
    fill(list, ...steps.map((step) => stepItem(step, state)))
  })
  return list
}

/** @param {import('./workbench.js').Step} step @param {State} state */
function stepItem(step, { phase, steps: done }) {
  const ms = done[step]
  const next = steps.find((each) => done[each] === undefined)
  const look =
    ms !== undefined
      ? 'done'
      : step !== next || phase === 'idle'
        ? 'later'
        : phase === 'failed'
          ? 'failed'
          : 'now'
  const note =
    ms !== undefined
      ? t('step.done', { ms: Math.round(ms) })
      : look === 'failed'
        ? t('step.failed')
        : look === 'now'
          ? t('step.wait')
          : ''
  return h(
    'li',
    { class: `step ${look}`, 'data-testid': `step-${step}`, 'data-look': look },
    h(
      'i',
      { 'aria-hidden': 'true' },
      look === 'done' ? icon('check') : look === 'failed' ? icon('alert') : null,
    ),
    h('span', {}, t(`step.${step}`)),
    h('small', {}, note),
  )
}
