// @ts-check
// The simulator's calls: who rings, by which channel, and what the far end does next.

import { customers } from './customers.js'
import { ask } from './demo.js'
import { h, segmented } from './dom.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {'idle' | 'ringing' | 'connected'} CallState */

/** What the log says about the call, whichever part caused it: this bar, the softphone, the order desk. */
const SEEN = /** @type {Record<string, CallState>} */ ({
  'event.incoming': 'ringing',
  'event.outgoing': 'ringing',
  'event.answered': 'connected',
  'event.ended': 'idle',
  'hash.set 100': 'ringing',
  'hash.set 200': 'connected',
  'hash.set 400': 'idle',
})

/**
 * @param {string} vendor origin
 * @param {import('./log.js').Log} log
 * @param {import('./workbench.js').Opening} opening
 * @param {(text: string) => void} say tells a refusal
 */
export function callControls(vendor, log, opening, say) {
  let channel = 'phone'
  const line = h('span', { class: 'line', role: 'status', 'data-testid': 'sim-line' })
  const who = h(
    'select',
    { 'aria-label': t('sim.customer'), 'data-testid': 'sim-customer' },
    ...customers.map(({ id, name }) => h('option', { value: id }, name)),
  )
  const panel = h(
    'div',
    { class: 'sim-calls' },
    who,
    segmented({
      name: 'sim-channel',
      label: t('sim.channel'),
      value: 'phone',
      options: [
        { value: 'phone', text: t('sim.phone'), icon: icon('phone') },
        { value: 'im', text: t('sim.im'), icon: icon('chat') },
      ],
      onchange: (value) => {
        channel = value
      },
    }),
    h(
      'div',
      { class: 'sim-buttons' },
      button('ring', 'phone', ring),
      button('answer', 'check', () => act('answer', {}, 'connected')),
      button('hangup', 'hangup', () => act('hangup', {}, 'idle')),
    ),
    line,
  )

  /** @param {'ring' | 'answer' | 'hangup'} id @param {import('./icons.js').IconName} sign @param {() => void} click */
  function button(id, sign, click) {
    return h(
      'button',
      { type: 'button', class: `button sim-${id}`, 'data-testid': `sim-${id}`, onclick: click },
      icon(sign),
      t(`sim.${id}`),
    )
  }

  function ring() {
    const customer = customers.find(({ id }) => id === who.value) ?? customers[0]
    if (!customer) return
    const { name, mobile, id } = customer
    const body = { type: channel, mobile, nickName: name, userId: `user-${id}` }
    return act('ring', body, 'ringing')
  }

  /** @param {'ring' | 'answer' | 'hangup'} what @param {Record<string, unknown>} body @param {CallState} next */
  async function act(what, body, next) {
    const refusal = await ask(vendor, what, body)
    say(refusal ?? '')
    if (refusal === null) at(next)
  }

  /** @param {CallState} state */
  function at(state) {
    panel.dataset.call = state
    line.textContent = t(`sim.${state}`)
  }

  /** The calls that the workbench has told of, by session: several may ring at once. @type {Map<string, CallState>} */
  const calls = new Map()
  log.listen(({ name, detail }) => {
    const seen = SEEN[name] ?? SEEN[`${name} ${detail.status}`]
    if (!seen) return
    const { sessionId } = detail
    if (typeof sessionId === 'string') {
      if (seen === 'idle') calls.delete(sessionId)
      else calls.set(sessionId, seen)
    }
    const states = [...calls.values()]
    if (states.length > 0) at(states.includes('ringing') ? 'ringing' : 'connected')
    else at(typeof sessionId === 'string' ? 'idle' : seen)
  })
  at('idle')
  // Before, the button to press is the one that starts the workbench.
  opening.watch(({ phase }) => {
    panel.dataset.ready = String(phase === 'ready')
  })
  return panel
}
