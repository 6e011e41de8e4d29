// @ts-check
// A number that calls: hands it to the workbench around this page and says what came of it.

import { callOut } from '/node_modules/calldock/tccc.js'
import { vendorOrigin } from './demo.js'
import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/**
 * @param {{ number: string, desc: string, testid: string, outcome: Element }} options
 */
export function dialButton({ number, desc, testid, outcome }) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'dial',
      'aria-label': t('pop.call', { number }),
      'data-testid': testid,
      onclick: () => dial({ number, desc, outcome, button }),
    },
    icon('phone'),
    h('span', {}, number),
  )
  return button
}

/** @param {{ number: string, desc: string, outcome: Element, button: HTMLButtonElement }} options */
async function dial({ number, desc, outcome, button }) {
  button.disabled = true
  fill(outcome, h('p', { class: 'dial-note' }, t('dial.asking')))
  try {
    const { targetOrigin } = await callOut(
      { phoneNumber: number, desc },
      // The stand-in for the vendor's workbench never responds, so there is no use in waiting for it.
      { allowParents: [await vendorOrigin()], timeoutMs: 500 },
    )
    fill(
      outcome,
      h(
        'p',
        { class: 'dial-note sent', 'data-testid': 'dial-sent' },
        icon('check'),
        h(
          'span',
          {},
          h('b', {}, t('dial.sent', { origin: targetOrigin })),
          ' ',
          t('dial.sentNote'),
        ),
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
