// The round button and the window it opens.

import { conversation } from '../../../web/conversation.js'
import { drawing, el } from '../../../web/elements.js'

const ICONS = {
  chat: 'M4 5.5h16v11h-9l-4.5 3.5v-3.5H4ZM8.5 11h.01M12 11h.01M15.5 11h.01',
  close: 'M6 10l6 6 6-6',
  toAgent:
    'M4 13v-1a8 8 0 0 1 16 0v1M4 13v4a2 2 0 0 0 2 2h1v-7H5a1 1 0 0 0-1 1Zm16 0v4a2 2 0 0 1-2 2h-1v-7h2a1 1 0 0 1 1 1Z',
  voice:
    'M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a2 2 0 0 1-2 2A15 15 0 0 1 4.5 5.5a2 2 0 0 1 2-2Z',
  video: 'M3 7h11v10H3ZM14 11l6-3v8l-6-3Z',
  share: 'M3 5h18v11H3ZM8 20h8M12 16v4M12 13V8M9.5 10.5 12 8l2.5 2.5',
  end: 'M13 4h6v16h-6M9 8l-4 4 4 4M5 12h10',
}

/**
 * Draws into `host`'s shadow. `actions` holds what its buttons do: `opened`, `send(text)`, `toAgent`,
 * `call(ability)`, `share`, `end`, `again`. Styles are a constructed sheet: a page's policy may
 * refuse inline ones.
 */
export function createWindow({ host, style, texts, userName, actions }) {
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]

  const talk = conversation({ id: 'cec', texts, send: actions.send })
  const tool = (name, act) =>
    el(
      'button',
      {
        type: 'button',
        class: 'tool',
        title: texts[name],
        'aria-label': texts[name],
        'data-testid': `cec-${name}`,
        on: { click: act },
      },
      drawing(ICONS[name]),
      el('span', { text: texts[name] }),
    )
  const tools = {
    toAgent: tool('toAgent', actions.toAgent),
    voice: tool('voice', () => actions.call('0')),
    video: tool('video', () => actions.call('1')),
    share: tool('share', () => setAsking(true)),
  }
  const end = tool('end', actions.end)
  const again = el('button', {
    type: 'button',
    class: 'again',
    text: texts.again,
    hidden: true,
    'data-testid': 'cec-again',
    on: { click: actions.again },
  })
  const answer = (name, act) =>
    el('button', {
      type: 'button',
      class: name,
      text: texts[name],
      'data-testid': `cec-${name}`,
      on: { click: act },
    })
  const asking = el(
    'div',
    { class: 'asking', role: 'alertdialog', 'aria-label': texts.share, hidden: true },
    el('p', { text: texts.shareAsk }),
    answer('no', () => setAsking(false)),
    answer('yes', () => {
      setAsking(false)
      actions.share()
    }),
  )
  const status = el('span', { class: 'status', 'data-testid': 'cec-status' })
  const close = el(
    'button',
    {
      type: 'button',
      class: 'close',
      'aria-label': texts.close,
      title: texts.close,
      'data-testid': 'cec-close',
      on: { click: () => setOpen(false) },
    },
    drawing(ICONS.close),
  )
  const panel = el(
    'section',
    {
      id: 'panel',
      class: 'window',
      role: 'dialog',
      'aria-label': texts.title,
      'data-testid': 'cec-window',
      hidden: true,
      on: {
        keydown: (event) => {
          if (event.key === 'Escape' && !event.isComposing) {
            setOpen(false)
          }
        },
      },
    },
    el(
      'header',
      {},
      el('span', { class: 'mark' }, drawing(ICONS.toAgent)),
      el('div', { class: 'heading' }, el('strong', { text: texts.title }), status),
      end,
      close,
    ),
    el(
      'p',
      { class: 'visitor' },
      el('span', { text: texts.hello }),
      el('bdi', { text: userName, title: userName, 'data-testid': 'cec-name' }),
    ),
    talk.element,
    asking,
    el('div', { class: 'tools' }, ...Object.values(tools)),
    again,
    el('footer', { text: texts.standIn }),
  )
  const badge = el('span', { class: 'badge', hidden: true, 'aria-hidden': 'true' })
  const button = el(
    'button',
    {
      type: 'button',
      class: 'button',
      'aria-label': texts.open,
      'aria-expanded': 'false',
      'aria-controls': 'panel',
      'data-testid': 'cec-button',
      on: { click: () => setOpen(panel.hidden) },
    },
    drawing(ICONS.chat),
    badge,
  )
  root.append(panel, button)

  let unread = 0
  const setUnread = (count) => {
    unread = count
    badge.hidden = count === 0
    badge.textContent = String(count)
    const label = panel.hidden ? texts.open : texts.close
    button.setAttribute('aria-label', count ? `${label} (${texts.unread(count)})` : label)
  }
  const setOpen = (open) => {
    panel.hidden = !open
    button.setAttribute('aria-expanded', String(open))
    host.dataset.open = String(open)
    setUnread(0)
    if (open) {
      actions.opened()
      const target = talk.input.disabled ? close : talk.input
      target.focus()
    } else {
      button.focus()
    }
  }
  const setAsking = (shown) => {
    asking.hidden = !shown
    const target = shown ? asking.querySelector('.yes') : talk.input
    target.focus()
  }
  return {
    setNotice: talk.setNotice,
    clear: talk.clear,
    show(line) {
      talk.show(line)
      if (panel.hidden && line.from !== 'system') {
        setUnread(unread + 1)
      }
    },
    /** `state` is one of `texts.states`; `robot` and `shares` say which tools there are at all. */
    setState(state, { robot, shares }) {
      const live = ['waiting', 'robot', 'agent'].includes(state)
      const held = root.activeElement
      host.dataset.state = state
      status.textContent = texts.states[state]
      talk.setWritable(live)
      end.hidden = !live
      tools.toAgent.hidden = !(live && robot && state === 'robot')
      tools.voice.hidden = state !== 'agent'
      tools.video.hidden = state !== 'agent'
      tools.share.hidden = !(live && shares)
      asking.hidden = asking.hidden || !live
      again.hidden = state !== 'ended'
      // The keyboard's place follows what became of the button it was on.
      if (held && !panel.hidden && (held.disabled || held.closest('[hidden]'))) {
        const target = live ? talk.input : again.hidden ? close : again
        target.focus()
      }
    },
  }
}
