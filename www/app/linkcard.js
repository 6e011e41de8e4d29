// @ts-check
// The link, taken apart; and the place where the vendor's page appears.

import { codePanel, copy } from './code.js'
import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { partsOf } from './linking.js'

/** @typedef {import('./linking.js').Linking} Linking */

/** @param {Linking} linking @param {ReturnType<typeof placeCard>} place */
export function linkCard(linking, place) {
  const said = h('div', { class: 'link-said', role: 'status', 'data-testid': 'link-said' })
  const shown = h('div', { class: 'link-shown' })
  linking.watch(({ link, error }) => {
    if (error) fill(shown, errorCard(error))
    else if (link) fill(shown, ...decoded(link))
  })

  /** @param {() => Promise<unknown>} act @param {string} [done] */
  async function run(act, done = '') {
    fill(said)
    try {
      await act()
      fill(said, done && h('p', { class: 'action-line' }, icon('check'), done))
    } catch (error) {
      fill(said, errorCard(error, { compact: true }))
    }
  }

  return h(
    'section',
    { class: 'card link', id: 'link', 'aria-labelledby': 'link-title', tabindex: -1 },
    head(
      1,
      'link',
      t('link.title'),
      t('link.sub'),
      tool('link-make', 'retry', t('link.make'), () => linking.make()),
    ),
    h(
      'div',
      { class: 'link-body' },
      codePanel('link'),
      h(
        'div',
        { class: 'action-row' },
        button('link-window', 'external', t('link.window'), 'button primary', () =>
          run(() => linking.openWindow(), t('link.windowSaid')),
        ),
        button('link-embed', 'chat', t('link.embed'), 'button', () =>
          run(() => place.embed(linking)),
        ),
      ),
      said,
      shown,
    ),
  )
}

/** @param {string} link */
function decoded(link) {
  const { route, members } = partsOf(link)
  const data = members.get('clientData') ?? ''
  return [
    h(
      'div',
      { class: 'link-text' },
      h('code', { 'data-testid': 'link-text', tabindex: 0 }, link),
      tool('link-copy', 'copy', t('link.copy'), () => copy(link)),
    ),
    h('h3', {}, t('link.decoded')),
    h(
      'dl',
      { class: 'parts', 'data-testid': 'link-parts' },
      ...part('route', t('link.route'), h('code', {}, route)),
      ...part('webAppId', t('link.app'), h('code', {}, members.get('webAppId') ?? '')),
      ...part('title', t('link.caption'), members.get('title') ?? ''),
      ...part('clientData', t('link.data'), h('pre', { tabindex: 0 }, pretty(data))),
    ),
  ]
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** @param {string} id @param {string} name @param {import('./dom.js').Child} value */
const part = (id, name, value) => [
  h('dt', {}, name),
  h('dd', { 'data-testid': `link-${id}` }, value),
]

/** The vendor's page in ours, and a way to take it out again. */
export function placeCard() {
  /** @type {import('./linking.js').EmbeddedChat | undefined} */
  let chat
  /** @type {Promise<import('./linking.js').EmbeddedChat> | undefined} */
  let coming
  const box = h('div', { class: 'place-box', 'data-testid': 'place' })
  const empty = h('p', { class: 'place-empty' }, t('link.here'))
  const close = tool('link-unembed', 'close', t('link.unembed'), () => {
    chat?.close()
    chat = undefined
    draw()
  })
  const draw = () => {
    empty.hidden = chat !== undefined
    close.hidden = chat === undefined
  }
  const card = h(
    'section',
    { class: 'card place', id: 'place', 'aria-labelledby': 'place-title', tabindex: -1 },
    head(2, 'place', t('link.place'), t('link.placeSub'), close),
    empty,
    box,
  )
  draw()
  return {
    card,
    /** @param {Linking} linking */
    async embed(linking) {
      if (chat) return
      // A second click waits for the chat of the first one.
      coming ??= linking.embed(box)
      try {
        chat = await coming
      } finally {
        coming = undefined
      }
      draw()
      card.scrollIntoView({ block: 'nearest' })
    },
  }
}

/** @param {number} number @param {string} id @param {string} title @param {string} sub @param {Node} [more] */
export function head(number, id, title, sub, more) {
  return h(
    'header',
    { class: 'card-head' },
    h('b', { class: 'card-number', 'aria-hidden': 'true' }, number),
    h('div', { class: 'card-title' }, h('h2', { id: `${id}-title` }, title), h('p', {}, sub)),
    more,
  )
}

/** @param {string} testid @param {import('./icons.js').IconName} sign @param {string} text @param {() => unknown} act */
function tool(testid, sign, text, act) {
  return h(
    'button',
    {
      type: 'button',
      class: 'tool',
      'aria-label': text,
      title: text,
      'data-testid': testid,
      onclick: act,
    },
    icon(sign),
  )
}

/** @param {string} testid @param {import('./icons.js').IconName} sign @param {string} text @param {string} look @param {() => unknown} act */
export function button(testid, sign, text, look, act) {
  return h(
    'button',
    { type: 'button', class: look, 'data-testid': testid, onclick: act },
    icon(sign),
    text,
  )
}
