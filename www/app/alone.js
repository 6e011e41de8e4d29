// @ts-check
// What a page for the workbench says when somebody opens it by itself.

import { h } from './dom.js'
import { lang, t } from './i18n.js'
import { icon } from './icons.js'

export function aloneNote() {
  if (window.parent !== window) return null
  return h(
    'p',
    { class: 'alone', 'data-testid': 'alone' },
    icon('info'),
    h('span', {}, t('pop.alone'), ' ', h('a', { href: `/?lang=${lang}` }, t('pop.back'))),
  )
}
