// @ts-check
// How far something has come: its steps, each with the time it took.

import { fill, h } from './dom.js'
import { t, tOr } from './i18n.js'
import { icon } from './icons.js'

/**
 * @typedef {{ phase: string, steps: Partial<Record<string, number>> }} Progress
 * @typedef {{ watch: (watcher: (state: Progress) => void) => void }} Watched
 */

/** @param {Watched} watched @param {readonly string[]} steps in their order */
export function stepList(watched, steps) {
  const list = h('ol', { class: 'steps', 'aria-label': t('step.list'), 'data-testid': 'steps' })
  watched.watch((state) => fill(list, ...steps.map((step) => stepItem(step, steps, state))))
  return list
}

/** @param {string} step @param {readonly string[]} all @param {Progress} progress */
function stepItem(step, all, { phase, steps: done }) {
  const ms = done[step]
  const look = ms !== undefined ? 'done' : lookOf(step, all, phase, done)
  const notes = { failed: t('step.failed'), now: t('step.wait'), later: '' }
  return h(
    'li',
    { class: `step ${look}`, 'data-testid': `step-${step}`, 'data-look': look },
    h('i', { 'aria-hidden': 'true' }, look === 'done' && icon('check')),
    h('span', {}, tOr(`step.${step}`, step)),
    h('small', {}, look === 'done' ? t('step.done', { ms: Math.round(ms ?? 0) }) : notes[look]),
  )
}

/** @param {string} step @param {readonly string[]} all @param {string} phase @param {Progress['steps']} done */
function lookOf(step, all, phase, done) {
  if (phase === 'idle' || step !== all.find((each) => done[each] === undefined)) return 'later'
  return phase === 'failed' ? 'failed' : 'now'
}
