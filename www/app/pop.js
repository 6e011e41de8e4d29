// @ts-check
// The screen-pop page: the customer's card, from ringing to connected to ended.

import { onScreenPop } from '/node_modules/calldock/tccc.js'
import { aloneNote } from './alone.js'
import { customerOf, initials } from './customers.js'
import { fill, focusIn, h } from './dom.js'
import { errorCard } from './errors.js'
import { reportAs } from './frames.js'
import { lang, speak, t, tOr } from './i18n.js'
import { icon } from './icons.js'
import { tcccDialButton } from './tcccdial.js'

/** @typedef {Parameters<Parameters<typeof onScreenPop>[0]>[0]} Call */

speak()
document.title = t('pop.title')
reportAs('pop')

const outcome = h('div', { class: 'dial-outcome', role: 'status', 'data-testid': 'outcome-pop' })
const stage = h('div', { class: 'pop-stage', 'aria-live': 'polite' }, waiting())
document.body.append(h('main', { class: 'pop' }, aloneNote(), stage, outcome))

/** Whose card is shown, and when the call was answered. */
let shownFor = ''
let connectedAt = 0
/** @type {ReturnType<typeof setInterval> | undefined} */
let clock

onScreenPop(show, { onError: (error) => fill(outcome, errorCard(error, { compact: true })) })

function waiting() {
  return h(
    'div',
    { class: 'pop-waiting', 'data-testid': 'pop-empty' },
    h('span', { class: 'pulse', 'aria-hidden': 'true' }, icon('phone')),
    h('h1', {}, t('pop.waiting')),
    h('p', {}, t('pop.waitingText')),
  )
}

/** @param {Call} call */
function show(call) {
  const who = `${call.mobile}|${call.userId}`
  const sameCaller = who === shownFor
  if (!sameCaller || call.status === 'ringing') fill(outcome)
  shownFor = who
  keepTime(call.status)
  const held = stage.contains(document.activeElement)
  fill(stage, card(call, new Set(sameCaller ? call.changed : [])))
  if (held) focusIn(stage, 'pop-number')
}

/** @param {Call['status']} status */
function keepTime(status) {
  clearInterval(clock)
  if (status === 'ringing') connectedAt = 0
  if (status !== 'connected') return
  connectedAt ||= Date.now()
  clock = setInterval(() => {
    for (const timer of stage.querySelectorAll('[data-timer]')) timer.textContent = elapsed()
  }, 1000)
}

function elapsed() {
  const seconds = connectedAt ? Math.floor((Date.now() - connectedAt) / 1000) : 0
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

/** @param {Call} call @param {ReadonlySet<string>} changed */
function card(call, changed) {
  const customer = customerOf(call.mobile)
  const name = customer?.name ?? call.nickName ?? t('pop.unknown')
  const look = ['ringing', 'connected', 'ended'].includes(call.status ?? '') ? call.status : 'other'
  return h(
    'article',
    { class: `pop-card is-${look}`, 'data-testid': 'pop-card', 'data-status': call.status ?? '' },
    banner(call, changed),
    h(
      'header',
      { class: 'pop-who' },
      h('span', { class: 'avatar huge', 'aria-hidden': 'true' }, initials(name)),
      h(
        'div',
        {},
        h('h1', { 'data-testid': 'pop-name', ...mark('nickName', changed) }, name),
        h('p', {}, customer ? customer.note || t('pop.known') : t('pop.newCustomer')),
      ),
      call.mobile &&
        tcccDialButton({ number: call.mobile, desc: name, testid: 'pop-number', outcome }),
    ),
    facts(call, changed),
    orders(customer),
  )
}

/** @param {string} name @param {ReadonlySet<string>} changed */
const mark = (name, changed) => (changed.has(name) ? { class: 'changed' } : {})

/** @param {Call} call @param {ReadonlySet<string>} changed */
function banner(call, changed) {
  const timed = call.status === 'connected' || (call.status === 'ended' && connectedAt > 0)
  const names = [...changed].map((name) => tOr(`pop.name.${name}`, name))
  return h(
    'div',
    { class: 'pop-banner' },
    h('span', { class: 'pop-dot', 'aria-hidden': 'true' }),
    h('strong', { 'data-testid': 'pop-status' }, statusText(call.status)),
    timed &&
      h('span', { class: 'pop-timer', 'data-timer': call.status === 'connected' }, elapsed()),
    names.length > 0 &&
      h(
        'span',
        { class: 'pop-changed', 'data-testid': 'pop-changed' },
        t('pop.changedList', { names: names.join(lang === 'zh' ? '、' : ', ') }),
      ),
  )
}

/** @param {Call['status']} status */
function statusText(status) {
  if (status === null) return t('pop.status.none')
  if (status.startsWith('other:')) return t('pop.status.other', { code: status.slice(6) })
  return tOr(`pop.status.${status}`, status)
}

/** @param {Call} call @param {ReadonlySet<string>} changed */
function facts(call, changed) {
  const type = call.type === null ? null : tOr(`pop.type.${call.type}`, call.type)
  /** @type {[string, string, string | null][]} */
  const all = [
    ['type', t('pop.field.channel'), type],
    ['userId', t('pop.field.userId'), call.userId],
    ['agentNickName', t('pop.field.agent'), call.agentNickName ?? call.agentEmail],
    ['agentRoleId', t('pop.field.role'), call.agentRoleId],
    ['sdkAppId', t('pop.field.app'), call.sdkAppId],
  ]
  const extra = [...call.extra].map(
    ([name, value]) => /** @type {[string, string, string]} */ ([name, name, value]),
  )
  return h(
    'dl',
    { class: 'pop-facts' },
    ...[...all, ...extra]
      .filter(([, , value]) => value)
      .map(([name, label, value]) =>
        h(
          'div',
          mark(name, changed),
          h('dt', {}, label),
          h('dd', { 'data-testid': `pop-${name}` }, value),
        ),
      ),
  )
}

/** @param {import('./customers.js').Customer | undefined} customer */
function orders(customer) {
  if (!customer) return null
  return h(
    'section',
    { class: 'pop-orders' },
    h('h2', {}, t('pop.orders')),
    customer.orders.length === 0
      ? h('p', {}, t('order.none'))
      : h(
          'ul',
          {},
          ...customer.orders.map(({ no, item, amount, state }) =>
            h(
              'li',
              {},
              h('code', {}, no),
              h('span', {}, item),
              h('span', { class: `badge order-${state}` }, t(`order.${state}`)),
              h('b', {}, amount),
            ),
          ),
        ),
  )
}
