// @ts-check
// The simulator's bad luck: a fault for the vendor to make, applied by opening this page afresh.

import { fill, h, segmented } from './dom.js'
import { addressOf, askedFor, groups, variants } from './faults.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'

/** A button and the panel it opens. */
export function breaker() {
  const inForce = askedFor(location.search)
  const broken = inForce !== null && inForce.id !== 'none'
  const panel = faultPanel(inForce)
  panel.hidden = true
  const toggle = h(
    'button',
    {
      type: 'button',
      class: broken ? 'button quiet broken' : 'button quiet',
      'aria-expanded': 'false',
      'aria-controls': panel.id,
      'data-testid': 'sim-break',
      onclick: () => open(panel.hidden === true),
    },
    icon('bolt'),
    broken ? tOr(`fault.${inForce.id}`, inForce.id) : t('sim.break'),
    icon('down'),
  )
  const box = h('div', { class: 'breaker' }, toggle, panel)

  /** @param {boolean} yes */
  function open(yes) {
    panel.hidden = !yes
    toggle.setAttribute('aria-expanded', String(yes))
    if (yes) panel.querySelector('select')?.focus()
  }

  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return
    open(false)
    toggle.focus()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (!panel.hidden && target instanceof Node && !box.contains(target)) open(false)
  })
  return box
}

/** @param {import('./faults.js').Choice | null} inForce */
function faultPanel(inForce) {
  /** @type {import('./faults.js').Choice} */
  const choice = inForce ?? { id: 'none', envelope: 'flat', answers: 'rejected' }
  const why = h('p', { class: 'sim-why', id: 'sim-why' })
  const select = h(
    'select',
    { 'data-testid': 'sim-fault', 'aria-describedby': 'sim-why', onchange: explain },
    h('option', { value: 'none' }, t('fault.none')),
    ...Object.entries(groups).map(([group, faults]) =>
      h(
        'optgroup',
        { label: tOr(`fault.group.${group}`, group) },
        ...Object.keys(faults).map((id) => h('option', { value: id }, tOr(`fault.${id}`, id))),
      ),
    ),
  )
  select.value = choice.id

  function explain() {
    fill(
      why,
      tOr(`why.${select.value}`, ''),
      inForce?.id === select.value && h('span', { class: 'badge live' }, t('sim.applied')),
    )
  }

  /** @param {'envelope' | 'answers'} key */
  const variant = (key) =>
    h(
      'div',
      { class: 'field' },
      h('span', { class: 'field-name' }, t(`sim.${key}`)),
      segmented({
        name: `sim-${key}`,
        label: t(`sim.${key}`),
        value: String(choice[key]),
        options: variants[key].map((value) => ({ value: String(value), text: value })),
        onchange: (value) => Object.assign(choice, { [key]: value }),
      }),
    )

  explain()
  return h(
    'div',
    { class: 'sim-panel', id: 'sim-panel', role: 'group', 'aria-label': t('sim.break') },
    h('label', { class: 'field' }, h('span', { class: 'field-name' }, t('sim.fault')), select),
    why,
    variant('envelope'),
    variant('answers'),
    h(
      'button',
      {
        type: 'button',
        class: 'button primary wide',
        'data-testid': 'sim-apply',
        onclick: () => location.assign(addressOf({ ...choice, id: select.value })),
      },
      icon('bolt'),
      t('sim.apply'),
    ),
  )
}
