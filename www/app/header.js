// @ts-check
// The header: which page this is, its parts, the connection and the language.

import { h } from './dom.js'
import { hrefIn, lang, t, tOr } from './i18n.js'
import { pages } from './pages.js'

/** @typedef {import('./i18n.js').Lang} Lang */

/**
 * @param {{ page: import('./pages.js').Page, state?: Node, places?: readonly string[] }} options
 * `places` are the page's parts, for a narrow screen that shows one at a time
 */
export function header({ page, state, places = [] }) {
  return h(
    'header',
    { class: places.length > 0 ? 'top with-jobs' : 'top' },
    h(
      'a',
      { class: 'brand', href: `/?lang=${lang}` },
      h('img', { src: '/favicon.svg', alt: '', width: 28, height: 28 }),
      h('h1', {}, 'Calldock'),
      h('span', { class: 'brand-tag' }, t('app.tag')),
    ),
    pages(page),
    places.length > 0 &&
      h(
        'nav',
        { class: 'jobs', 'aria-label': t('app.jobs') },
        ...places.map((id) => h('a', { href: `#${id}` }, tOr(`job.${id}`, id))),
      ),
    h('span', { class: 'spring' }),
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
