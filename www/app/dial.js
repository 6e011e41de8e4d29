// @ts-check
// A number that calls: hands it to the workbench around this page and says what came of it.

import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/**
 * @typedef {object} Dial
 * @property {string} number
 * @property {string} testid
 * @property {Element} outcome where the result is shown
 * @property {() => Promise<{ readonly targetOrigin: string }>} call asks the workbench to dial
 * @property {string} note what happens in the workbench then
 */

/** @param {Dial} options */
export function dialButton({ number, testid, ...options }) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'dial',
      'aria-label': t('pop.call', { number }),
      'data-testid': testid,
      onclick: () => dial({ ...options, button }),
    },
    icon('phone'),
    h('span', {}, number),
  )
  return button
}

/** @param {Pick<Dial, 'outcome' | 'call' | 'note'> & { button: HTMLButtonElement }} options */
async function dial({ outcome, call, note, button }) {
  button.disabled = true
  fill(outcome, h('p', { class: 'dial-note' }, t('dial.asking')))
  try {
    const { targetOrigin } = await call()
    fill(
      outcome,
      h(
        'p',
        { class: 'dial-note sent', 'data-testid': 'dial-sent' },
        icon('check'),
        h('span', {}, h('b', {}, t('dial.sent', { origin: targetOrigin })), ' ', note),
      ),
    )
  } catch (error) {
    fill(outcome, errorCard(error, { compact: true }))
  } finally {
    button.disabled = false
    button.focus({ preventScroll: true })
    outcome.scrollIntoView({ block: 'nearest' })
  }
}
