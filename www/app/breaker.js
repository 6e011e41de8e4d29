// @ts-check
// The simulator's bad luck: a fault for the vendor to make, applied by opening this page afresh.

import { ask } from './demo.js'
import { fill, focusIn, h, segmented } from './dom.js'
import { addressOf, askedFor, groups, variants } from './faults.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'

/**
 * A button and the panel it opens.
 * @param {string} vendor origin
 * @param {(text: string) => void} say tells what came of it
 */
export function breaker(vendor, say) {
  const inForce = askedFor(location.search)
  const broken = inForce !== null && inForce.id !== 'none'
  const panel = h(
    'div',
    { class: 'sim-panel', id: 'sim-panel', role: 'group', 'aria-label': t('sim.break') },
    expireButton(vendor, (text) => {
      close()
      say(text)
    }),
    ...faultFields(inForce),
  )
  panel.hidden = true
  const toggle = h(
    'button',
    {
      type: 'button',
      class: broken ? 'button broken' : 'button',
      title: broken ? tOr(`fault.${inForce.id}`, inForce.id) : undefined,
      'aria-expanded': 'false',
      'aria-controls': panel.id,
      'data-testid': 'sim-break',
      onclick: () => open(panel.hidden === true),
    },
    icon('bolt'),
    t('sim.break'),
    icon('down'),
  )
  const box = h('div', { class: 'breaker' }, toggle, panel)

  /** @param {boolean} yes */
  function open(yes) {
    panel.hidden = !yes
    toggle.setAttribute('aria-expanded', String(yes))
    if (yes) focusIn(panel, 'sim-expire')
  }

  function close() {
    open(false)
    toggle.focus()
  }

  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) close()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (!panel.hidden && target instanceof Node && !box.contains(target)) open(false)
  })
  return box
}

/**
 * What happens at once: the vendor finds the agent's token expired.
 * @param {string} vendor
 * @param {(text: string) => void} say
 */
function expireButton(vendor, say) {
  return h(
    'button',
    {
      type: 'button',
      class: 'button wide',
      'data-testid': 'sim-expire',
      onclick: async () => say((await ask(vendor, 'expire')) ?? t('sim.expired')),
    },
    icon('clock'),
    t('sim.expire'),
  )
}

/** What happens at the next start. @param {import('./faults.js').Choice | null} inForce */
function faultFields(inForce) {
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
      select.value !== 'none' &&
        inForce?.id === select.value &&
        h('span', { class: 'badge live' }, t('sim.applied')),
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
  return [
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
  ]
}
