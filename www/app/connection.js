// @ts-check
// How the workbench is, in the header.

import { h } from './dom.js'
import { t } from './i18n.js'

/** @param {import('./workbench.js').Opening} opening */
export function connection(opening) {
  const text = h('span', {})
  const state = h(
    'p',
    { class: 'connection', role: 'status', 'data-testid': 'connection' },
    h('i', { 'aria-hidden': 'true' }),
    text,
  )
  opening.watch(({ phase, workbench }) => {
    state.dataset.phase = phase
    text.textContent = t(`state.${phase}`)
    state.title = phase === 'ready' && workbench ? workbench.agentId : ''
  })
  return state
}
