// @ts-check
// The way between the playground's pages: a row where there is room, a menu where there is none.

import { h } from './dom.js'
import { lang, t } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {keyof typeof addresses} Page */

const addresses = /** @type {const} */ ({
  host: '/',
  shop: '/shop.html',
  link: '/chatlink.html',
  cobrowsed: '/cobrowsed.html',
  agent: '/agent.html',
})

/** The address of a page, in this page's language. @param {Page} page @param {Record<string, string>} [query] */
export function addressOfPage(page, query = {}) {
  return `${addresses[page]}?${new URLSearchParams({ lang, ...query })}`
}

/** @param {Page} current */
export function pages(current) {
  const list = h(
    'ul',
    { id: 'pages-list' },
    .../** @type {Page[]} */ (Object.keys(addresses)).map((page) =>
      h(
        'li',
        {},
        h(
          'a',
          {
            href: addressOfPage(page),
            'aria-current': page === current ? 'page' : undefined,
            'data-testid': `page-${page}`,
          },
          t(`page.${page}`),
        ),
      ),
    ),
  )
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'pages-toggle',
      'aria-expanded': 'false',
      'aria-controls': list.id,
      'data-testid': 'pages-toggle',
      onclick: () => open(toggle.getAttribute('aria-expanded') !== 'true'),
    },
    t(`page.${current}`),
    icon('down'),
  )
  const nav = h('nav', { class: 'pages', 'aria-label': t('app.pages') }, toggle, list)

  /** @param {boolean} yes */
  function open(yes) {
    toggle.setAttribute('aria-expanded', String(yes))
  }

  nav.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || toggle.getAttribute('aria-expanded') !== 'true') return
    open(false)
    toggle.focus()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !nav.contains(target)) open(false)
  })
  return nav
}
