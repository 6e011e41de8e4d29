// @ts-check
// The page that was shared: a form a customer is stuck in, and whether an agent sees it.

import { startCobrowse } from '/node_modules/calldock/cec.js'
import { codePanel } from './code.js'
import { leaveVendorsSite, vendorOrigin } from './demo.js'
import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { collectHere } from './frames.js'
import { header } from './header.js'
import { lang, speak, t } from './i18n.js'
import { icon } from './icons.js'
import { inspector } from './inspector.js'
import { head } from './linkcard.js'
import { Log } from './log.js'

/** @typedef {'asking' | 'shared' | 'unshared' | 'failed'} Sharing */

speak()
document.title = t('cob.title')
const log = new Log()

/** What the chat window writes behind a link; any text will do here. */
const SHARE = encodeURIComponent(`${location.origin}/cobrowsed.html`)

try {
  leaveVendorsSite(await vendorOrigin())
  collectHere((entry) => log.add(entry))
  const state = sharing()
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, t('app.skip')),
    header({ page: 'cobrowsed' }),
    h(
      'main',
      { id: 'main', class: 'cob-desk', tabindex: -1 },
      deliveryForm(),
      cobrowseCard(state.panel),
      inspector(log, { number: 2 }),
    ),
  )
  await share(state.show)
} catch (error) {
  console.error(error)
  fill(document.body, h('p', { class: 'no-demo', role: 'alert' }, t('app.noDemo')))
}

/** @param {(sharing: Sharing, error?: unknown) => void} show */
async function share(show) {
  const timeoutMs = Number(new URLSearchParams(location.search).get('timeoutMs'))
  try {
    const shared = await startCobrowse({
      contextPath: '/service-cloud',
      ...(timeoutMs > 0 ? { timeoutMs } : {}),
    })
    show(shared ? 'shared' : 'unshared')
  } catch (error) {
    show('failed', error)
  }
}

function sharing() {
  const panel = h('div', { class: 'sharing', role: 'status', 'data-testid': 'sharing' })
  const show = (/** @type {Sharing} */ sharing, /** @type {unknown} */ error = undefined) => {
    panel.dataset.sharing = sharing
    const sign = /** @type {const} */ ({
      asking: 'clock',
      shared: 'check',
      unshared: 'info',
      failed: 'alert',
    })
    fill(
      panel,
      h('p', { class: 'sharing-line' }, icon(sign[sharing]), h('strong', {}, t(`cob.${sharing}`))),
      sharing !== 'asking' && h('p', {}, t(`cob.${sharing}Text`)),
      error !== undefined && errorCard(error, { compact: true }),
    )
  }
  show('asking')
  return { panel, show }
}

/** @param {Node} panel */
function cobrowseCard(panel) {
  return h(
    'section',
    { class: 'card cob-card', id: 'cobrowse', 'aria-labelledby': 'cobrowse-title', tabindex: -1 },
    head(1, 'cobrowse', t('cob.card'), t('cob.cardSub')),
    h(
      'div',
      { class: 'cob-body' },
      panel,
      codePanel('cobrowse'),
      h('h3', {}, t('cob.try')),
      h(
        'ul',
        { class: 'cob-ways' },
        way('shared', `?lang=${lang}&cobrowse_share_url=${SHARE}`, t('cob.asShared')),
        way('amp', `?lang=${lang}&amp;cobrowse_share_url=${SHARE}`, t('cob.asAmp')),
        way('plain', `?lang=${lang}`, t('cob.asPlain')),
      ),
    ),
  )
}

/** @param {string} id @param {string} query @param {string} text */
function way(id, query, text) {
  return h('li', {}, h('a', { class: 'button', href: query, 'data-testid': `way-${id}` }, text))
}

function deliveryForm() {
  const said = h('p', { class: 'form-said', role: 'status' })
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault()
    said.textContent = t('cob.nextSaid')
  }
  return h(
    'section',
    { class: 'card form-card', 'aria-labelledby': 'form-title' },
    h(
      'header',
      { class: 'front-head' },
      h(
        'div',
        { class: 'front-name' },
        h('h2', { id: 'form-title' }, t('cob.form')),
        h('p', {}, t('shop.name')),
      ),
      h('span', { class: 'badge' }, t('cob.formText')),
    ),
    h(
      'form',
      { class: 'form', onsubmit: submit, 'data-testid': 'form' },
      input('name', t('cob.name'), ''),
      input('phone', t('cob.phone'), ''),
      input('city', t('cob.city'), t('cob.sampleCity')),
      input('address', t('cob.address'), '', 'wide'),
      input('note', t('cob.note'), '', 'wide'),
      h(
        'label',
        { class: 'check wide' },
        h('input', { type: 'checkbox', name: 'invoice' }),
        t('cob.invoice'),
      ),
      h(
        'div',
        { class: 'form-foot wide' },
        h('button', { type: 'submit', class: 'button primary' }, t('cob.next')),
        said,
      ),
    ),
  )
}

/** @param {string} name @param {string} label @param {string} value @param {string} [look] */
function input(name, label, value, look = '') {
  return h(
    'label',
    { class: `field ${look}` },
    h('span', { class: 'field-name' }, label),
    h('input', { class: 'text', name, value, autocomplete: 'off' }),
  )
}
