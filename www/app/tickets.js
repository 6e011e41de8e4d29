// @ts-check
// A business page in the vendor's workbench: tickets whose numbers can be clicked to call.

import { aloneNote } from './alone.js'
import { initials, tickets } from './customers.js'
import { h } from './dom.js'
import { reportAs } from './frames.js'
import { speak, t } from './i18n.js'
import { tcccDialButton } from './tcccdial.js'

speak()
document.title = t('tickets.title')
reportAs('tickets')
document.body.append(
  h(
    'main',
    { class: 'tickets' },
    h(
      'header',
      { class: 'page-head' },
      h('h1', {}, t('tickets.title')),
      h('p', {}, t('tickets.sub')),
    ),
    aloneNote(),
    h('ul', { class: 'ticket-list' }, ...tickets.map(row)),
  ),
)

/** @param {import('./customers.js').Ticket} ticket */
function row({ no, subject, customer, number, urgency, age }) {
  const outcome = h('div', {
    class: 'dial-outcome',
    role: 'status',
    'data-testid': `outcome-${no}`,
  })
  return h(
    'li',
    { class: 'ticket', 'data-testid': `ticket-${no}` },
    h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(customer)),
    h(
      'div',
      { class: 'ticket-what' },
      h('strong', {}, subject),
      h('span', {}, `${no} · ${customer} · ${age}`),
    ),
    h('span', { class: `badge urgency-${urgency}` }, t(`tickets.${urgency}`)),
    tcccDialButton({ number, desc: customer, testid: `dial-${no}`, outcome }),
    outcome,
  )
}
