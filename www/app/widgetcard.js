// @ts-check
// The vendor's widget and the two things it tells.

import { loadChatWidget } from '/node_modules/calldock/tccc.js'
import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { button, head } from './linkcard.js'

/** The chat guide's web channel. */
const WEB_APP_ID = '9903496b6be2e67ad291dd2323f3ae9f'

const EVENTS = /** @type {const} */ (['agentJoined', 'agentLeft'])

/** @param {string} scriptUrl the vendor's, here its stand-in's */
export function widgetCard(scriptUrl) {
  const said = h('div', { class: 'widget-said', role: 'status', 'data-testid': 'widget-said' })
  const nothing = h('p', { class: 'widget-none' }, t('widget.none'))
  const list = h('ol', { class: 'widget-events', 'data-testid': 'widget-events' })
  const load = button('widget-load', 'play', t('widget.load'), 'button primary', async () => {
    load.disabled = true
    try {
      const widget = await loadChatWidget({ webAppId: WEB_APP_ID, scriptUrl })
      for (const event of EVENTS) widget.on(event, () => told(event))
      fill(said, h('p', { class: 'action-line' }, icon('check'), t('widget.loaded')))
    } catch (error) {
      load.disabled = false
      fill(said, errorCard(error, { compact: true }))
    }
  })

  /** @param {typeof EVENTS[number]} event */
  function told(event) {
    nothing.hidden = true
    const at = h('time', {}, new Date().toLocaleTimeString())
    list.prepend(
      h(
        'li',
        { 'data-testid': 'widget-event', 'data-event': event },
        at,
        h('code', {}, event),
        h('span', {}, t(`widget.${event}`)),
      ),
    )
  }

  return h(
    'section',
    { class: 'card widget', id: 'widget', 'aria-labelledby': 'widget-title', tabindex: -1 },
    head(3, 'widget', t('widget.title'), t('widget.sub')),
    h('div', { class: 'widget-body' }, load, said, h('h3', {}, t('widget.events')), nothing, list),
  )
}
