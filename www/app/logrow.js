// @ts-check
// One entry of the inspector: a line to read at a glance, and all of it when opened.

import { fill, h } from './dom.js'
import { t, tOr } from './i18n.js'
import { sinceStart } from './log.js'

/** @typedef {import('./log.js').Entry} Entry */

/** @param {number} ms */
export const round = (ms) => Math.round(ms * 10) / 10

/** What can be read at a glance: the values that are not redacted. @param {[string, string | number | boolean][]} members */
const brief = (members) =>
  members
    .map(([, value]) => String(value))
    .filter((value) => value !== '' && !value.includes('‹'))
    .join(' · ')

/** @param {Entry} entry */
export function row(entry) {
  const { at, kind, name, detail, frame } = entry
  const members = Object.entries(detail)
  const head = [
    h('time', {}, round(sinceStart(at)).toFixed(1)),
    h('span', { class: 'log-frame' }, t(`frame.${frame}`)),
    h('code', { class: 'log-name' }, name),
    h('span', { class: 'log-brief' }, brief(members)),
  ]
  const item = h('li', {
    class: `log-row kind-${kind}`,
    'data-at': at,
    'data-kind': kind,
    'data-frame': frame,
    'data-name': name,
    'data-testid': 'inspector-entry',
  })
  fill(
    item,
    h(
      'details',
      { ontoggle: () => item.scrollIntoView({ block: 'nearest' }) },
      h('summary', {}, ...head),
      h(
        'dl',
        { class: 'log-detail' },
        h('dt', {}, t('insp.kind')),
        h('dd', {}, tOr(`kind.${kind}`, kind)),
        ...members.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, String(value))]),
      ),
    ),
  )
  return item
}

/** Puts a row where its time belongs. @param {Element} list @param {HTMLElement} item @param {number} at */
export function place(list, item, at) {
  let after = list.lastElementChild
  while (after instanceof HTMLElement && Number(after.dataset.at) > at)
    after = after.previousElementSibling
  if (after) after.after(item)
  else list.prepend(item)
}
