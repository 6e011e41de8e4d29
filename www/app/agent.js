// @ts-check
// The way into CEC's agent workbench. A page in it dials by the top window, so the workbench has a
// window of its own and is not framed here.

import { codePanel } from './code.js'
import { leaveVendorsSite, vendorOrigin } from './demo.js'
import { fill, h } from './dom.js'
import { header } from './header.js'
import { lang, speak, t } from './i18n.js'
import { icon } from './icons.js'
import { head } from './linkcard.js'

speak()
document.title = t('agent.pageTitle')

/** Who calls in the workbench that is opened from here. */
const CALLER = '13800000001'

try {
  const vendor = await vendorOrigin()
  leaveVendorsSite(vendor)
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, t('app.skip')),
    header({ page: 'agent' }),
    h(
      'main',
      { id: 'main', class: 'agent-desk', tabindex: -1 },
      card(
        { number: 1, id: 'agent', title: t('agent.title'), sub: t('agent.sub') },
        h('h3', {}, t('agent.lead')),
        h('p', {}, t('agent.text')),
        codePanel('agent'),
        opener('agent-open', t('agent.open'), workbench(vendor, 'cec'), 'button primary large'),
      ),
      card(
        { number: 2, id: 'neutral', title: t('agent.neutral'), sub: t('agent.neutralSub') },
        h('p', {}, t('agent.neutralText')),
        codePanel('neutral'),
        opener('agent-neutral', t('agent.openNeutral'), workbench(vendor, 'pop'), 'button large'),
      ),
    ),
  )
} catch (error) {
  console.error(error)
  fill(document.body, h('p', { class: 'no-demo', role: 'alert' }, t('app.noDemo')))
}

/** The address of the workbench, ringing, with our page in it. @param {string} vendor @param {string} entry */
function workbench(vendor, entry) {
  const page = new URL('/agentcall.html', location.href)
  page.search = String(new URLSearchParams({ lang, entry }))
  const query = new URLSearchParams({ lang, page: page.href, callerNum: CALLER, ring: '1' })
  return `${vendor}/service-cloud/agent?${query}`
}

/** @param {{ number: number, id: string, title: string, sub: string }} about @param {Node[]} body */
function card({ number, id, title, sub }, ...body) {
  return h(
    'section',
    { class: 'card', id, 'aria-labelledby': `${id}-title` },
    head(number, id, title, sub),
    h('div', { class: 'agent-body' }, ...body),
  )
}

/** @param {string} testid @param {string} text @param {string} href @param {string} look */
function opener(testid, text, href, look) {
  return h('a', { class: look, href, 'data-testid': testid }, icon('phone'), text)
}
