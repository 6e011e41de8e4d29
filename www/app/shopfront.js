// @ts-check
// What a customer sees: the shop's goods, and its help beside them.

import { hasThrown } from './chatting.js'
import { h } from './dom.js'
import { drawing } from './drawings.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { addressOfPage } from './pages.js'

/** @typedef {'headset' | 'phone' | 'speaker' | 'cable'} Product */

/** @type {readonly { id: Product, price: string, was?: string }[]} */
const products = [
  { id: 'headset', price: '¥ 268', was: '¥ 328' },
  { id: 'speaker', price: '¥ 899' },
  { id: 'phone', price: '¥ 540' },
  { id: 'cable', price: '¥ 16' },
]

const questions = /** @type {const} */ (['delivery', 'returns', 'invoice'])

export function shopFront() {
  let basket = 0
  const count = h('b', { 'data-testid': 'basket' }, basket)
  const add = () => {
    basket += 1
    count.textContent = String(basket)
  }
  return h(
    'section',
    { class: 'card front', 'aria-labelledby': 'front-title', 'data-testid': 'shop-front' },
    h(
      'header',
      { class: 'front-head' },
      h(
        'div',
        { class: 'front-name' },
        h('h2', { id: 'front-title' }, t('shop.name')),
        h('p', {}, t('shop.claim')),
      ),
      h('p', { class: 'basket', role: 'status' }, icon('box'), t('shop.basket'), ' ', count),
    ),
    h('ul', { class: 'goods' }, ...products.map((product) => item(product, add))),
  )
}

/** @param {typeof products[number]} product @param {() => void} add */
function item({ id, price, was }, add) {
  return h(
    'li',
    { class: `good good-${id}`, 'data-testid': `product-${id}` },
    h('div', { class: 'good-picture' }, drawing(id)),
    h('h3', {}, t(`shop.${id}`)),
    h('p', {}, t(`shop.${id}Text`)),
    h(
      'div',
      { class: 'good-foot' },
      h('strong', {}, price),
      was && h('s', {}, was),
      h(
        'button',
        {
          type: 'button',
          class: 'button small',
          'aria-label': t('shop.addItem', { item: t(`shop.${id}`) }),
          onclick: add,
        },
        t('shop.add'),
      ),
    ),
  )
}

/**
 * The shop's help, where the chat is offered. The vendor draws its button in this corner.
 * @param {import('./chatting.js').Chatting} chatting
 * @param {() => unknown} start
 */
export function helpDesk(chatting, start) {
  const button = h('button', {
    type: 'button',
    class: 'button primary large wide',
    'data-testid': 'help-chat',
    // Not `disabled`: the keyboard's focus would drop to the page.
    onclick: () => button.getAttribute('aria-disabled') !== 'true' && start(),
  })
  const hint = h('p', { class: 'help-hint', role: 'status', 'data-testid': 'help-hint' })
  chatting.watch(({ phase, report }) => {
    const seen = phase === 'open' && hasThrown(report) ? 'thrown' : phase
    button.setAttribute('aria-disabled', String(phase !== 'idle' && phase !== 'failed'))
    button.replaceChildren(icon(seen === 'open' ? 'check' : 'chat'), t(`help.chat.${seen}`))
    hint.textContent = t(`help.hint.${seen}`)
  })
  return h(
    'aside',
    { class: 'help', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title' }, t('help.title')),
    ...questions.map((question, index) =>
      h(
        'details',
        { open: index === 0 },
        h('summary', {}, t(`help.${question}`), icon('down')),
        h('p', {}, t(`help.${question}Text`)),
      ),
    ),
    h('h3', {}, t('help.still')),
    button,
    hint,
    h(
      'p',
      { class: 'help-more' },
      h('a', { href: addressOfPage('link'), 'data-testid': 'to-link' }, t('help.link')),
      h(
        'a',
        {
          href: addressOfPage('cobrowsed', {
            cobrowse_share_url: `${location.origin}/cobrowsed.html`,
          }),
          'data-testid': 'to-cobrowsed',
        },
        t('help.cobrowsed'),
      ),
    ),
  )
}
