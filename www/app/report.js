// @ts-check
// chat.report() to be read: what was seen, each with why it matters. No verdict.

import { hasThrown } from './chatting.js'
import { fill, h } from './dom.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {import('./chatting.js').Report} Report */
/** @typedef {import('./chatting.js').CecLogin} CecLogin */
/** @typedef {'good' | 'bad' | 'open'} Look */

/** @param {import('./chatting.js').Chatting} chatting */
export function reportCard(chatting) {
  const body = h('dl', { class: 'report', 'data-testid': 'report' })
  const nothing = h('p', { class: 'report-empty' }, t('report.empty'))
  chatting.watch(({ report, login }) => {
    nothing.hidden = report !== undefined
    body.hidden = report === undefined
    if (report) fill(body, ...rows(report, login))
  })
  return h(
    'section',
    { class: 'card report-card', id: 'report', 'aria-labelledby': 'report-title', tabindex: -1 },
    h(
      'header',
      { class: 'card-head' },
      h('b', { class: 'card-number', 'aria-hidden': 'true' }, 2),
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'report-title' }, t('report.title')),
        h('p', {}, t('report.sub')),
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'tool',
          'aria-label': t('report.again'),
          title: t('report.again'),
          'data-testid': 'report-again',
          onclick: () => chatting.look(),
        },
        icon('retry'),
      ),
    ),
    nothing,
    body,
  )
}

/** @param {Report} report @param {CecLogin | undefined} login */
function rows(report, login) {
  const globals = Object.entries(report.globals)
  return [
    ...row('scripts', hasThrown(report) ? 'bad' : 'good', [
      ...report.scripts.map(({ name, bytes, threw }) =>
        h(
          'span',
          { class: 'report-line' },
          h('code', {}, name),
          ' ',
          t('report.bytes', { n: bytes.toLocaleString() }),
          threw && h('span', { class: 'report-bad' }, t('report.threw', { text: threw })),
        ),
      ),
    ]),
    ...row('globals', globals.every(([, there]) => there) ? 'good' : 'bad', [
      ...globals.map(([name, there]) =>
        h(
          'code',
          {
            class: there ? 'pill' : 'pill missing',
            title: t(there ? 'report.there' : 'report.missing'),
          },
          name,
        ),
      ),
    ]),
    ...(login ? nameRow(login) : []),
    ...row('nodes', report.nodesAdded > 0 ? 'good' : 'open', [
      t('report.nodesText', { n: report.nodesAdded }),
    ]),
    ...row('cookie', report.cookieVisible ? 'good' : 'open', [
      t(report.cookieVisible ? 'report.cookieYes' : 'report.cookieNo'),
    ]),
    ...row('origin', report.crossOrigin ? 'bad' : 'good', [
      t(report.crossOrigin ? 'report.originForeign' : 'report.originOwn'),
    ]),
    ...row(
      'warnings',
      report.warnings.length ? 'open' : 'good',
      report.warnings.length
        ? report.warnings.map(({ code, text }) =>
            h(
              'span',
              { class: 'report-line' },
              h('code', {}, code),
              ' ',
              tOr(`report.${code}`, text),
            ),
          )
        : [t('report.noWarnings')],
    ),
  ]
}

/** The name as the server issued it, beside what stands on the window. @param {CecLogin} login */
function nameRow({ thirdUserName }) {
  const arrived = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window)).userName
  const same = arrived === thirdUserName
  return row('name', same ? 'good' : 'bad', [
    h('code', { class: 'report-name', 'data-testid': 'report-name' }, visible(String(arrived))),
    h('span', { class: 'report-line' }, t(same ? 'report.nameSame' : 'report.nameOther')),
  ])
}

/** What nobody could see, written out. @param {string} text */
const visible = (text) =>
  text.replace(
    /[\u2028\u2029\p{Cc}]/gu,
    (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )

/** @param {'scripts' | 'globals' | 'name' | 'nodes' | 'cookie' | 'origin' | 'warnings'} id @param {Look} look @param {import('./dom.js').Child[]} said */
function row(id, look, said) {
  const sign = /** @type {const} */ ({ good: 'check', bad: 'alert', open: 'info' })[look]
  return [
    h('dt', { class: `look-${look}` }, icon(sign), t(`report.${id}`)),
    h('dd', { 'data-testid': `report-${id}`, 'data-look': look }, ...said),
  ]
}
