// @ts-check
// The business system's own list: who has ordered what, and a button to call them.

import { customerOf, customers, initials } from './customers.js'
import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {import('./customers.js').Customer} Customer */
/** @typedef {import('./workbench.js').Workbench} Workbench */
/** @typedef {{ customer: Customer, stage: 'ringing' | 'dialling' | 'talking' }} Line */

/** @param {import('./workbench.js').Opening} opening */
export function orderDesk(opening) {
  /** By their sessions: while an agent is talking, others may ring. @type {Map<string, Line>} */
  const lines = new Map()
  /** @type {Workbench | undefined} */
  let workbench
  const rows = h('ul', { class: 'orders' })
  const news = h('p', { class: 'visually-hidden', role: 'status', 'data-testid': 'orders-news' })
  const message = h('div', {
    class: 'orders-message',
    'data-testid': 'orders-message',
  })

  function draw() {
    const held = document.activeElement?.closest('.order')?.getAttribute('data-testid')
    fill(rows, ...customers.filter(({ orders }) => orders.length > 0).map(row))
    const button = held && rows.querySelector(`[data-testid="${held}"] button`)
    if (button instanceof HTMLElement) button.focus()
  }

  /** @param {Customer} customer */
  function row(customer) {
    const [order] = customer.orders
    const [sessionId = '', mine] = [...lines].find(([, line]) => line.customer === customer) ?? []
    return h(
      'li',
      { class: mine ? `order on-${mine.stage}` : 'order', 'data-testid': `order-${customer.id}` },
      h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(customer.name)),
      h(
        'div',
        { class: 'order-who' },
        h('strong', {}, customer.name),
        order && h('span', {}, `${order.no} · ${order.item}`),
      ),
      mine
        ? h('span', { class: 'badge live' }, stageText(mine))
        : order && h('span', { class: `badge order-${order.state}` }, t(`order.${order.state}`)),
      mine ? hangUpButton(sessionId) : callButton(customer),
    )
  }

  /** @param {Line} current */
  function stageText({ stage }) {
    if (stage === 'ringing') return t('orders.ringing')
    return stage === 'dialling' ? t('orders.dialling') : t('orders.talking')
  }

  /** @param {Customer} customer */
  function callButton(customer) {
    return h(
      'button',
      {
        type: 'button',
        class: 'button small',
        disabled: !workbench || lines.size > 0,
        'aria-label': t('orders.call', { name: customer.name }),
        'data-testid': `order-call-${customer.id}`,
        onclick: () => call(customer),
      },
      icon('phone'),
      t('orders.callShort'),
    )
  }

  /** @param {string} sessionId */
  function hangUpButton(sessionId) {
    return h(
      'button',
      {
        type: 'button',
        class: 'button small danger',
        'data-testid': 'order-hangup',
        onclick: () => attempt(() => workbench?.call.hangUp(sessionId)),
      },
      icon('hangup'),
      t('orders.hangUp'),
    )
  }

  /** @param {Customer} customer */
  function call(customer) {
    return attempt(() =>
      workbench?.call.startOutbound({ phoneNumber: customer.mobile, phoneDesc: customer.name }),
    )
  }

  /** @param {() => unknown} act */
  async function attempt(act) {
    fill(message)
    try {
      await act()
    } catch (error) {
      fill(message, errorCard(error, { compact: true }))
    }
  }

  /** @param {string} sessionId @param {Line} line */
  function set(sessionId, line) {
    lines.set(sessionId, line)
    draw()
  }

  /** @param {Workbench} opened */
  function follow(opened) {
    workbench = opened
    lines.clear()
    opened.on('incoming', (call) => {
      const { sessionId, callerPhoneNumber, mobile, nickname, type } = /** @type {any} */ (call)
      const customer =
        customerOf(callerPhoneNumber ?? mobile ?? null) ??
        customers.find(({ name }) => name === nickname)
      if (!customer) return
      set(sessionId, { customer, stage: 'ringing' })
      const said = type === 'im' ? 'orders.writing' : 'orders.incoming'
      news.textContent = t(said, { name: customer.name })
    })
    opened.on('outgoing', (call) => {
      const { sessionId, calleePhoneNumber } = /** @type {any} */ (call)
      const customer = customerOf(calleePhoneNumber ?? null)
      if (customer) set(sessionId, { customer, stage: 'dialling' })
    })
    opened.on('answered', ({ sessionId }) => {
      fill(message)
      const line = lines.get(sessionId)
      if (line) set(sessionId, { ...line, stage: 'talking' })
    })
    opened.on('ended', ({ sessionId }) => {
      fill(message)
      lines.delete(sessionId)
      draw()
    })
    draw()
  }

  opening.watch((state) => {
    if (state.workbench && state.workbench !== workbench) follow(state.workbench)
  })
  draw()
  return h('div', { class: 'order-desk' }, news, message, rows)
}
