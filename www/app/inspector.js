// @ts-check
// The inspector's card: the package's own inspector, which hears this page's SDK by itself, and what
// the other frames have reported.

import { mountInspector } from '/node_modules/calldock/devtools.js'
import { h } from './dom.js'
import { t } from './i18n.js'
import { head } from './linkcard.js'

/** @typedef {import('./log.js').Frame} Frame */

/** @type {readonly Frame[]} */
const frames = ['host', 'page', 'pop', 'tickets', 'vendor']

/**
 * @param {import('./log.js').Log} log
 * @param {{ number?: number, own?: Frame, empty?: string }} [options] its number among the page's
 * cards, what this page is called, and what it says while there is nothing
 */
export function inspector(log, { number = 2, own = 'page', empty = t('insp.emptyHere') } = {}) {
  const body = h('div', { class: 'inspector-body' })
  const { add } = mountInspector({
    into: body,
    frame: own,
    frames: Object.fromEntries(frames.map((frame) => [frame, t(`frame.${frame}`)])),
    empty,
  })
  log.listen((entry) => {
    if (entry.frame !== own) add(entry)
  })
  return h(
    'section',
    {
      class: 'card inspector',
      id: 'inspector',
      'aria-labelledby': 'inspector-title',
      tabindex: -1,
    },
    head(number, 'inspector', t('job.inspector'), t('insp.sub')),
    body,
  )
}
