// @ts-check
// Job 1: the business system's own page, with the code that docks the workbench and its orders.

import { codePanel } from './code.js'
import { fill, focusIn, h, segmented } from './dom.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { orderDesk } from './orders.js'

/** @typedef {import('./workbench.js').Opening} Opening */
/** @typedef {'code' | 'orders'} View */

/**
 * @param {Opening} opening
 * @param {() => unknown} start
 */
export function hostCard(opening, start) {
  const code = h('div', { class: 'host-code' }, ...intro(opening, start))
  const orders = h('div', { class: 'host-orders', hidden: true }, orderDesk(opening))
  const switcher = segmented({
    name: 'host-view',
    label: t('host.views'),
    value: 'code',
    compact: true,
    options: [
      { value: 'code', text: t('host.code') },
      { value: 'orders', text: t('host.orders') },
    ],
    onchange: (view) => {
      code.hidden = view !== 'code'
      orders.hidden = view !== 'orders'
    },
  })
  let opened = false
  opening.watch(({ phase }) => {
    if (phase !== 'ready' || opened) return
    opened = true
    const held = code.contains(document.activeElement)
    const choice = switcher.querySelector('input[value="orders"]')
    if (choice instanceof HTMLInputElement) choice.click()
    // The button that had the focus is hidden now: it goes to the way to what has opened.
    if (held) queueMicrotask(() => focusIn(document.body, 'dock-go'))
  })
  return h(
    'section',
    { class: 'card host', id: 'host', 'aria-labelledby': 'host-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h('b', { class: 'card-number', 'aria-hidden': 'true' }, 1),
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'host-title' }, t('job.host')),
        h('p', {}, t('host.sub')),
      ),
      switcher,
    ),
    code,
    orders,
  )
}

/** @param {Opening} opening @param {() => unknown} start */
function intro(opening, start) {
  const button = h('button', {
    type: 'button',
    class: 'button primary large',
    'data-testid': 'start',
    // Not `disabled`: the keyboard's focus would drop to the page.
    onclick: () => opening.state.phase === 'idle' && start(),
  })
  opening.watch(({ phase }) => {
    const waiting = phase === 'idle' || phase === 'failed'
    button.setAttribute('aria-disabled', String(phase !== 'idle'))
    fill(
      button,
      icon(phase === 'ready' ? 'check' : 'play'),
      waiting ? t('host.start') : t(`state.${phase}`),
    )
  })
  return [h('h3', {}, t('host.lead')), h('p', {}, t('host.text')), codePanel('host'), button]
}
