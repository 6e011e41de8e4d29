// @ts-check
// The header: whose page this is, its parts, the connection and the language.

import { h } from './dom.js'
import { hrefIn, lang, t } from './i18n.js'

/** @typedef {import('./i18n.js').Lang} Lang */

/** The page's parts, for a narrow screen that shows one at a time. */
const places = /** @type {const} */ (['simulator', 'host', 'softphone', 'workbench', 'inspector'])

/** @param {import('./workbench.js').Opening} opening */
export function header(opening) {
  const text = h('span', {})
  const state = h(
    'p',
    { class: 'connection', role: 'status', 'data-testid': 'connection' },
    h('i', { 'aria-hidden': 'true' }),
    text,
  )
  opening.watch(({ phase, workbench }) => {
    state.dataset.phase = phase
    text.textContent = t(`state.${phase}`)
    state.title = phase === 'ready' && workbench ? workbench.userId : ''
  })
  return h(
    'header',
    { class: 'top' },
    h(
      'a',
      { class: 'brand', href: `/?lang=${lang}` },
      h('img', { src: '/favicon.svg', alt: '', width: 28, height: 28 }),
      h('h1', {}, 'Calldock'),
      h('span', { class: 'brand-tag' }, t('app.tag')),
    ),
    h('p', { class: 'motto' }, t('app.motto')),
    h(
      'nav',
      { class: 'jobs', 'aria-label': t('app.jobs') },
      ...places.map((id) => h('a', { href: `#${id}` }, t(`job.${id}`))),
    ),
    state,
    h(
      'nav',
      { class: 'languages', 'aria-label': t('app.language') },
      language('zh', '中文'),
      language('en', 'EN'),
    ),
  )
}

/** @param {Lang} code @param {string} text */
function language(code, text) {
  return h(
    'a',
    {
      href: hrefIn(code),
      lang: code === 'zh' ? 'zh-CN' : 'en',
      hreflang: code,
      'aria-current': code === lang ? 'true' : undefined,
      'data-testid': `lang-${code}`,
    },
    text,
  )
}
