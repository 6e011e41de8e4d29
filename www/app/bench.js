// @ts-check
// Job 2: the vendor's workbench, a page of another site, with our two pages inside it.

import { codePanel } from './code.js'
import { h } from './dom.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/**
 * @param {string} vendor origin
 * @param {import('./i18n.js').Lang} lang
 */
export function benchCard(vendor, lang) {
  const page = (/** @type {string} */ name) => `${location.origin}/${name}.html?lang=${lang}`
  const query = new URLSearchParams({ pop: page('pop'), tickets: page('tickets'), lang })
  const code = h(
    'div',
    { class: 'bench-code', id: 'bench-code', hidden: true },
    codePanel('pop'),
    codePanel('dial'),
  )
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'button small',
      'aria-expanded': 'false',
      'aria-controls': 'bench-code',
      'data-testid': 'bench-code',
      onclick: () => {
        code.hidden = !code.hidden
        toggle.setAttribute('aria-expanded', String(!code.hidden))
      },
    },
    icon('code'),
    t('bench.code'),
  )
  const alone = (/** @type {'pop' | 'tickets'} */ name) =>
    h(
      'a',
      {
        href: `/${name}.html?lang=${lang}`,
        target: '_blank',
        rel: 'noopener',
        'data-testid': `alone-${name}`,
      },
      t(`bench.${name}`),
      icon('external'),
    )
  return h(
    'section',
    { class: 'card bench', id: 'workbench', 'aria-labelledby': 'bench-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h('b', { class: 'card-number', 'aria-hidden': 'true' }, 3),
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'bench-title' }, t('job.workbench')),
        h('p', {}, t('bench.sub')),
      ),
      h('span', { class: 'address' }, new URL(vendor).host),
      toggle,
    ),
    code,
    h('iframe', {
      class: 'bench-frame',
      src: `${vendor}/workbench?${query}`,
      title: t('bench.frame'),
      allow: 'microphone',
      'data-testid': 'workbench-frame',
    }),
    h(
      'p',
      { class: 'bench-foot' },
      h('span', {}, t('bench.alone')),
      alone('pop'),
      alone('tickets'),
    ),
  )
}
