// @ts-check
// What a page can do with an open chat, and what came of it.

import { fill, h } from './dom.js'
import { errorCard } from './errors.js'
import { t } from './i18n.js'
import { icon } from './icons.js'

/** @typedef {import('./chatting.js').Chat} Chat */

/** @type {readonly { id: 'toAgent' | 'voice' | 'video' | 'config', sign: import('./icons.js').IconName, call: string, act: (chat: Chat) => Promise<unknown> }[]} */
const actions = [
  { id: 'toAgent', sign: 'user', call: 'chat.toAgent()', act: (chat) => chat.toAgent() },
  {
    id: 'voice',
    sign: 'phone',
    call: "chat.clickToCall('voice')",
    act: (chat) => chat.clickToCall('voice'),
  },
  {
    id: 'video',
    sign: 'video',
    call: "chat.clickToCall('video')",
    act: (chat) => chat.clickToCall('video'),
  },
  { id: 'config', sign: 'info', call: 'chat.channelConfig()', act: (chat) => chat.channelConfig() },
]

/** @param {import('./chatting.js').Chatting} chatting */
export function chatActions(chatting) {
  const outcome = h('div', {
    class: 'action-outcome',
    role: 'status',
    'data-testid': 'action-outcome',
  })
  const end = button('end', 'hangup', 'chat.close()', 'button danger', () => chatting.end())
  const reload = h(
    'button',
    {
      type: 'button',
      class: 'button primary',
      hidden: true,
      'data-testid': 'chat-reload',
      onclick: () => location.reload(),
    },
    icon('retry'),
    t('chat.reload'),
  )
  const others = actions.map(({ id, sign, call, act }) =>
    button(id, sign, call, 'button', async () => {
      const { chat } = chatting.state
      return chat && act(chat)
    }),
  )

  /** @param {string} id @param {import('./icons.js').IconName} sign @param {string} call @param {string} look @param {() => Promise<unknown>} act */
  function button(id, sign, call, look, act) {
    return h(
      'button',
      {
        type: 'button',
        class: look,
        title: call,
        'data-testid': `chat-${id}`,
        onclick: () => run(call, act),
      },
      icon(sign),
      t(/** @type {'chat.toAgent'} */ (`chat.${id}`)),
    )
  }

  /** @param {string} call @param {() => Promise<unknown>} act */
  async function run(call, act) {
    fill(outcome, h('p', { class: 'action-line' }, h('code', {}, call), ' …'))
    try {
      fill(outcome, done(call, await act()))
    } catch (error) {
      fill(outcome, errorCard(error, { compact: true }))
    }
    chatting.look()
  }

  const panel = h(
    'div',
    { class: 'chat-actions' },
    h('div', { class: 'action-row' }, ...others, end, reload),
    outcome,
  )
  chatting.watch(({ phase }) => {
    const ended = phase === 'ended'
    const held = panel.contains(document.activeElement)
    end.hidden = ended
    reload.hidden = !ended
    for (const other of others) other.disabled = ended
    if (held && ended) reload.focus()
  })
  return panel
}

/** @param {string} call @param {unknown} answer */
function done(call, answer) {
  const tells = typeof answer === 'object' && answer !== null
  return h(
    'div',
    { class: 'action-done' },
    h('p', { class: 'action-line' }, icon('check'), h('code', {}, call), ' ', t('chat.done')),
    tells &&
      h('pre', { tabindex: 0, 'data-testid': 'action-answer' }, JSON.stringify(answer, null, 2)),
  )
}
