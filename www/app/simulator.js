// @ts-check
// Plays what happens outside the page: a customer rings, the far end answers, the cloud breaks.

import { customers } from './customers.js'
import { control } from './demo.js'
import { fill, h, segmented } from './dom.js'
import { addressOf, askedFor, groups, variants } from './faults.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {'idle' | 'ringing' | 'connected'} CallState */
/** @typedef {import('./workbench.js').Opening} Opening */

/**
 * @param {string} vendor origin
 * @param {Opening} opening
 * @param {import('./log.js').Log} log
 */
export function simulator(vendor, opening, log) {
  const status = h('p', { class: 'sim-status', role: 'status', 'data-testid': 'sim-status' })
  const calls = callsPanel(vendor, opening, log, status)
  const faults = breakPanel()
  const first = askedFor(location.search)?.id ?? 'none'
  const show = (/** @type {'calls' | 'break'} */ view) => {
    calls.hidden = view !== 'calls'
    faults.hidden = view !== 'break'
  }
  const start = first === 'none' ? 'calls' : 'break'
  show(start)
  return h(
    'section',
    {
      class: 'card simulator',
      id: 'simulator',
      'aria-labelledby': 'simulator-title',
      tabindex: -1,
    },
    h(
      'header',
      { class: 'card-head' },
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'simulator-title' }, t('job.simulator')),
        h('p', {}, t('sim.sub')),
      ),
      segmented({
        name: 'sim-view',
        label: t('sim.views'),
        value: start,
        compact: true,
        options: [
          { value: 'calls', text: t('sim.calls') },
          { value: 'break', text: t('sim.break') },
        ],
        onchange: show,
      }),
    ),
    calls,
    faults,
  )
}

/** @param {string} vendor @param {Opening} opening @param {import('./log.js').Log} log @param {HTMLElement} status */
function callsPanel(vendor, opening, log, status) {
  let channel = 'phone'
  const panel = h('div', { class: 'sim-calls' })
  const who = h(
    'select',
    { id: 'sim-customer', 'data-testid': 'sim-customer' },
    ...customers.map(({ id, name }) => h('option', { value: id }, name)),
  )
  const line = h('span', { class: 'line', 'data-testid': 'sim-line' })

  /** @param {CallState} state */
  function at(state) {
    panel.dataset.call = state
    line.textContent = t(`sim.${state}`)
  }

  /** @param {Parameters<typeof control>[1]} what @param {Record<string, unknown>} body @param {string} said @param {CallState} [next] */
  async function act(what, body, said, next) {
    try {
      await control(vendor, what, body)
      status.textContent = said
      if (next) at(next)
    } catch (error) {
      const { message } = /** @type {Error} */ (error)
      const none = /: 40[49]/.test(message)
      status.textContent = none ? t('sim.noCall') : t('sim.refused', { reason: message })
    }
  }

  function ring() {
    const customer = customers.find(({ id }) => id === who.value) ?? customers[0]
    if (!customer) return
    const { name, mobile, id } = customer
    const body = { type: channel, mobile, nickName: name, userId: `user-${id}` }
    return act('ring', body, t('sim.rang', { name }), 'ringing')
  }

  /** @param {'ring' | 'answer' | 'hangup'} id @param {import('./icons.js').IconName} sign @param {() => void} click */
  const button = (id, sign, click) =>
    h(
      'button',
      { type: 'button', class: `button sim-${id}`, 'data-testid': `sim-${id}`, onclick: click },
      icon(sign),
      t(`sim.${id}`),
    )

  // The call's state follows what is seen, whoever made it so: this panel, the softphone, the desk.
  log.listen(({ name, detail }) => {
    if (name === 'event.callIn' || name === 'event.callOuted') at('ringing')
    if (name === 'event.userAccessed' || name === 'event.calloutAccepted') at('connected')
    if (name === 'event.sessionEnded') at('idle')
    if (name === 'hash.set') {
      const seen = { 100: 'ringing', 200: 'connected', 400: 'idle' }[String(detail.status)]
      if (seen) at(/** @type {CallState} */ (seen))
    }
  })

  at('idle')
  fill(
    panel,
    h(
      'div',
      { class: 'sim-row' },
      h('label', { class: 'field', for: 'sim-customer' }, h('span', {}, t('sim.customer')), who),
      h(
        'div',
        { class: 'field' },
        h('span', {}, t('sim.channel')),
        segmented({
          name: 'sim-channel',
          label: t('sim.channel'),
          value: 'phone',
          options: [
            { value: 'phone', text: t('sim.phone'), icon: icon('phone') },
            { value: 'im', text: t('sim.im'), icon: icon('chat') },
          ],
          onchange: (value) => {
            channel = value
          },
        }),
      ),
    ),
    h(
      'div',
      { class: 'sim-buttons' },
      button('ring', 'phone', ring),
      button('answer', 'check', () => act('answer', {}, t('sim.answered'), 'connected')),
      button('hangup', 'hangup', () => act('hangup', {}, t('sim.hungup'), 'idle')),
    ),
    h(
      'div',
      { class: 'sim-foot' },
      line,
      status,
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          'data-testid': 'sim-expire',
          onclick: () => act('expire', {}, t('sim.expired')),
        },
        t('sim.expire'),
      ),
    ),
  )
  opening.watch(({ phase }) => {
    panel.dataset.phase = phase
  })
  return panel
}

function breakPanel() {
  const inForce = askedFor(location.search)
  const choice = inForce ?? { id: 'none', envelope: 'flat', answers: 'rejected' }
  const why = h('p', { class: 'sim-why', id: 'sim-why' })
  const select = h(
    'select',
    {
      id: 'sim-fault',
      'data-testid': 'sim-fault',
      'aria-describedby': 'sim-why',
      onchange: explain,
    },
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

  /** @template {'envelope' | 'answers'} K @param {K} key */
  const variant = (key) =>
    h(
      'div',
      { class: 'field' },
      h('span', {}, t(`sim.${key}`)),
      segmented({
        name: `sim-${key}`,
        label: t(`sim.${key}`),
        value: String(choice[key]),
        options: variants[key].map((value) => ({ value: String(value), text: value })),
        onchange: (value) => Object.assign(choice, { [key]: value }),
      }),
    )

  explain()
  const apply = () => location.assign(addressOf({ ...choice, id: select.value }))
  return h(
    'div',
    { class: 'sim-break' },
    h('label', { class: 'field', for: 'sim-fault' }, h('span', {}, t('sim.fault')), select),
    why,
    h('div', { class: 'sim-row even' }, variant('envelope'), variant('answers')),
    h(
      'button',
      { type: 'button', class: 'button wide', 'data-testid': 'sim-apply', onclick: apply },
      icon('bolt'),
      t('sim.apply'),
    ),
  )
}
