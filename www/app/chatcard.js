// @ts-check
// How the shop opens its chat: the lines of code, mode, visitor and fault; then what to do with it.

import { groups } from './cecfaults.js'
import { chatActions } from './chatactions.js'
import { hasThrown, steps } from './chatting.js'
import { codePanel } from './code.js'
import { fill, focusIn, h, segmented } from './dom.js'
import { errorCard } from './errors.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'
import { libraries } from './libraries.js'
import { here } from './place.js'
import { stepList } from './steps.js'
import { modes } from './visitors.js'

const HELD = 'calldock.held'

/** @typedef {import('./chatting.js').Chatting} Chatting */
/** @typedef {{ mode: import('./visitors.js').Mode, visitor: string, library: import('./libraries.js').Library, fault: string }} Choice */

/**
 * @param {Chatting} chatting
 * @param {{ choice: Choice, known: readonly import('./visitors.js').Visitor[], start: () => unknown }} options
 */
export function chatCard(chatting, { choice, known, start }) {
  const button = h('button', {
    type: 'button',
    class: 'button primary',
    'data-testid': 'chat-start',
    onclick: () => button.getAttribute('aria-disabled') !== 'true' && start(),
  })
  const outcome = h('div', { class: 'chat-outcome' })
  const thrown = h(
    'p',
    { class: 'on-purpose', 'data-testid': 'chat-thrown' },
    icon('alert'),
    t('chat.thrown'),
  )
  const actions = chatActions(chatting)
  const code = h('div', { class: 'chat-code' }, codePanel('chat'))
  const card = h(
    'section',
    { class: 'card chat', id: 'chat', 'aria-labelledby': 'chat-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h('b', { class: 'card-number', 'aria-hidden': 'true' }, 1),
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'chat-title' }, t('chat.title')),
        h('p', {}, t('chat.sub')),
      ),
    ),
    stepList(chatting, steps),
    h(
      'div',
      { class: 'chat-body' },
      h(
        'div',
        { class: 'chat-choice' },
        modeField(choice),
        visitorField(choice, known),
        libraryField(choice),
        faultField(choice),
      ),
      code,
      h('div', { class: 'chat-start' }, button),
      outcome,
      thrown,
      actions,
    ),
  )
  /** @type {unknown} */
  let shown
  chatting.watch(({ phase, error, report }) => {
    card.dataset.phase = phase
    thrown.hidden = !hasThrown(report)
    const open = phase === 'open' || phase === 'ended'
    const held = document.activeElement === button
    actions.hidden = !open
    code.hidden = open || phase === 'failed'
    button.hidden = open
    button.setAttribute('aria-disabled', String(phase === 'opening'))
    if (open && held) focusIn(actions, 'chat-toAgent')
    fill(
      button,
      icon(phase === 'failed' ? 'retry' : 'play'),
      t(phase === 'failed' ? 'host.again' : phase === 'opening' ? 'state.opening' : 'chat.start'),
    )
    if (error === shown) return
    shown = error
    fill(outcome, error ? failed(error, choice) : null)
    if (error) outcome.scrollIntoView({ block: 'nearest' })
  })
  return card
}

/**
 * What changes here changes the page's address: the vendor's scripts run once a page. The keyboard's
 * place is found again.
 * @param {Record<string, string>} changes
 */
function reload(changes) {
  const held = document.activeElement?.getAttribute('data-testid')
  if (held) sessionStorage.setItem(HELD, held)
  location.assign(here({ open: null, ...changes }))
}

/** After a reload: the focus goes back to what was changed. */
export function focusAgain() {
  const held = sessionStorage.getItem(HELD)
  sessionStorage.removeItem(HELD)
  if (held) focusIn(document.body, held)
}

/** @param {Choice} choice */
function modeField({ mode }) {
  return h(
    'div',
    { class: 'field' },
    h('span', { class: 'field-name' }, t('chat.mode')),
    segmented({
      name: 'chat-mode',
      label: t('chat.mode'),
      value: mode,
      options: modes.map((value) => ({ value, text: t(`chat.${value}`) })),
      onchange: (value) => reload({ mode: value }),
    }),
  )
}

/** @param {Choice} choice @param {readonly import('./visitors.js').Visitor[]} known */
function visitorField({ visitor }, known) {
  const select = h(
    'select',
    {
      'data-testid': 'chat-visitor',
      onchange: () => reload({ visitor: select.value }),
    },
    ...known.map(({ id, text }) => h('option', { value: id }, text)),
  )
  select.value = visitor
  return h(
    'label',
    { class: 'field' },
    h('span', { class: 'field-name' }, t('chat.visitor')),
    select,
  )
}

/** @param {Choice} choice */
function libraryField({ library }) {
  return h(
    'div',
    { class: 'field' },
    h('span', { class: 'field-name' }, t('chat.globals')),
    segmented({
      name: 'chat-globals',
      label: t('chat.globals'),
      value: library,
      options: libraries.map((value) => ({ value, text: t(`chat.globals.${value}`) })),
      onchange: (value) => reload({ globals: value }),
    }),
  )
}

/** @param {Choice} choice */
function faultField({ fault }) {
  const select = h(
    'select',
    {
      'data-testid': 'chat-fault',
      onchange: () => reload({ fault: select.value }),
    },
    h('option', { value: 'none' }, t('fault.none')),
    ...Object.entries(groups).map(([group, faults]) =>
      h(
        'optgroup',
        { label: tOr(`fault.group.cec-${group}`, group) },
        ...Object.keys(faults).map((id) => h('option', { value: id }, tOr(`fault.${id}`, id))),
      ),
    ),
  )
  select.value = fault
  return h(
    'label',
    { class: fault === 'none' ? 'field' : 'field broken' },
    h('span', { class: 'field-name' }, t('sim.break')),
    select,
  )
}

/** @param {unknown} error @param {Choice} choice */
function failed(error, { fault, visitor }) {
  const why =
    fault !== 'none'
      ? t('host.fault', { fault: tOr(`fault.${fault}`, fault) })
      : visitor === 'forged' && t('visitor.forgedWhy')
  const mend = h(
    'button',
    {
      type: 'button',
      class: 'button small primary',
      'data-testid': 'mend',
      onclick: () => location.assign(here({ fault: 'none', visitor: null, open: '1' })),
    },
    icon('check'),
    t('host.mend'),
  )
  return h(
    'div',
    {},
    why && h('p', { class: 'on-purpose' }, icon('bolt'), why),
    errorCard(error, { actions: why ? [mend] : [] }),
  )
}
