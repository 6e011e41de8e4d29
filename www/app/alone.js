// @ts-check
// What a page for the workbench says when somebody opens it by itself.

import { h } from './dom.js'
import { lang, t } from './i18n.js'
import { icon } from './icons.js'

/**
 * @param {string} [home] the page of the playground that has the workbench
 * @param {string} [text]
 */
export function aloneNote(home = '/', text = t('pop.alone')) {
  if (window.parent !== window) return null
  return h(
    'p',
    { class: 'alone', 'data-testid': 'alone' },
    icon('info'),
    h('span', {}, text, ' ', h('a', { href: `${home}?lang=${lang}` }, t('pop.back'))),
  )
}
