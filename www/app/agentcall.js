// @ts-check
// The business page in CEC's agent workbench: the caller's card, the call as the listener gets it, and a
// number to dial.

import { agentSupport, callOut, currentCall, onScreenPop } from '/node_modules/calldock/cec.js'
import * as pop from '/node_modules/calldock/pop.js'
import { aloneNote } from './alone.js'
import { customerOf, initials } from './customers.js'
import { vendorOrigin } from './demo.js'
import { dialButton } from './dial.js'
import { fill, focusIn, h } from './dom.js'
import { errorCard } from './errors.js'
import { lang, speak, t, tOr } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {import('/node_modules/calldock/cec.js').AgentCall} AgentCall */

speak()
document.title = t('agent.callTitle')

/** Whether the page is written for both vendors. */
const neutral = new URLSearchParams(location.search).get('entry') === 'pop'

/** What a card shows of a call, beside its number. */
const FACTS = /** @type {const} */ ([
  'calledNum',
  'mediaType',
  'callType',
  'callskill',
  'agentName',
  'workNo',
])

const HOME = '/agent.html'
const outcome = h('div', { class: 'dial-outcome', role: 'status', 'data-testid': 'outcome' })
const stage = h('div', { class: 'pop-stage', 'aria-live': 'polite' })
const events = h('p', { class: 'agent-events', 'data-testid': 'agent-events' }, t('agent.noEvents'))

document.body.append(
  h(
    'main',
    { class: 'pop' },
    aloneNote(HOME, t('agent.alone')),
    stage,
    outcome,
    h('section', {}, h('h2', {}, t('agent.events')), events),
    window.parent !== window &&
      h(
        'p',
        { class: 'agent-back' },
        h('a', { href: `${HOME}?lang=${lang}`, target: '_top' }, t('pop.back')),
      ),
  ),
)

/** @param {unknown} error */
const onError = (error) => fill(outcome, errorCard(error, { compact: true }))

followEvents()
try {
  if (!(await currentCall())) fill(stage, waiting())
  if (neutral) pop.onScreenPop((any) => any.vendor === 'cec' && show(any.call, any), { onError })
  else onScreenPop((call) => show(call, call), { onError })
} catch (error) {
  onError(error)
}

/** Shows what AICCSupport.js reports, where the page has it. */
function followEvents() {
  /** @type {string[]} */
  const seen = []
  try {
    const support = agentSupport()
    for (const event of /** @type {const} */ (['Init', 'Ringing', 'Talking', 'Release', 'Switch']))
      support.addHandler(event, () => {
        seen.push(event)
        events.textContent = seen.slice(-8).join(' → ')
      })
  } catch (error) {
    fill(events, errorCard(error, { compact: true }))
  }
}

function waiting() {
  return h(
    'div',
    { class: 'pop-waiting', 'data-testid': 'pop-empty' },
    h('span', { class: 'pulse', 'aria-hidden': 'true' }, icon('phone')),
    h('h1', {}, t('pop.waiting')),
    h('p', {}, t('pop.waitingText')),
  )
}

/** @param {AgentCall} call @param {AgentCall | import('/node_modules/calldock/pop.js').AnyCall} given */
function show(call, given) {
  if (call.status === null || call.status === 'ringing') fill(outcome)
  const held = stage.contains(document.activeElement)
  fill(stage, card(call, given))
  if (held) focusIn(stage, 'pop-number')
}

/** @param {AgentCall} call @param {object} given */
function card(call, given) {
  const customer = customerOf(call.callerNum)
  const name = customer?.name ?? t('pop.unknown')
  const status = call.status ? t(`pop.status.${call.status}`) : t('agent.opened')
  return h(
    'article',
    {
      class: `pop-card is-${call.status ?? 'ringing'}`,
      'data-testid': 'pop-card',
      'data-status': call.status ?? '',
    },
    h(
      'div',
      { class: 'pop-banner' },
      h('span', { class: 'pop-dot', 'aria-hidden': 'true' }),
      h('strong', { 'data-testid': 'pop-status' }, status),
    ),
    h(
      'header',
      { class: 'pop-who' },
      h('span', { class: 'avatar huge', 'aria-hidden': 'true' }, initials(name)),
      h(
        'div',
        {},
        h('h1', { 'data-testid': 'pop-name' }, name),
        h('p', {}, customer ? customer.note || t('pop.known') : t('pop.newCustomer')),
      ),
      call.callerNum && numberButton(call.callerNum),
    ),
    h(
      'dl',
      { class: 'pop-facts' },
      ...FACTS.map((fact) =>
        h(
          'div',
          {},
          h('dt', {}, tOr(`agent.field.${fact}`, fact)),
          h('dd', { 'data-testid': `pop-${fact}` }, call[fact] ?? '–'),
        ),
      ),
    ),
    typed(given),
  )
}

/** @param {string} number */
function numberButton(number) {
  const call = async () => {
    const options = { allowOrigins: [await vendorOrigin()] }
    return neutral ? pop.callOut(number, options) : callOut(number, options)
  }
  return dialButton({ number, testid: 'pop-number', outcome, call, note: t('agent.sentNote') })
}

/** @param {object} given */
function typed(given) {
  const type = neutral ? 'AnyCall' : 'AgentCall'
  return h(
    'section',
    { class: 'agent-typed' },
    h('h2', {}, t('agent.typed', { type })),
    h(
      'figure',
      { class: 'code' },
      h('pre', { tabindex: 0 }, h('code', { 'data-testid': 'typed' }, written(given))),
    ),
  )
}

/**
 * A value as TypeScript would have it written.
 * @param {unknown} value
 * @param {string} [indent]
 * @returns {string}
 */
function written(value, indent = '') {
  if (value instanceof Map) return `Map ${written(Object.fromEntries(value), indent)}`
  if (Array.isArray(value)) return `[${value.map((each) => written(each)).join(', ')}]`
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const lines = Object.entries(value).map(
    ([name, member]) => `${inner}${name}: ${written(member, inner)},\n`,
  )
  return lines.length > 0 ? `{\n${lines.join('')}${indent}}` : '{}'
}
