// What was said, line by line, and a field to say something; both vendors' chats are made of it.

import { drawing, el } from './elements.js'

const SEND = 'M4 12 20 4l-5 16-4-7ZM11 13l9-9'
const LONGEST = 500

const time = (at) => {
  const date = new Date(at)
  const two = (number) => String(number).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/**
 * Lines, newest below, and the field beneath them. `send(text)` settles with whether it was taken;
 * what was not stays in the field. `id` begins every test id: `cec`, `im`.
 */
export function conversation({ id, texts, send }) {
  const list = el('ol', {
    class: 'lines',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': texts.messages,
    tabindex: '0',
    'data-testid': `${id}-messages`,
  })
  const input = el('textarea', {
    rows: '1',
    maxlength: LONGEST,
    'aria-label': texts.write,
    placeholder: texts.write,
    'data-testid': `${id}-input`,
    on: {
      input: () => fit(),
      keydown: (event) => {
        // Enter also ends the spelling of a Chinese word, which must not send it.
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
          event.preventDefault()
          submit()
        }
      },
    },
  })
  const button = el(
    'button',
    {
      type: 'button',
      class: 'send',
      'aria-label': texts.send,
      title: texts.send,
      'data-testid': `${id}-send`,
      on: { click: () => submit() },
    },
    drawing(SEND),
  )
  const notice = el('p', { class: 'notice', role: 'status', 'data-testid': `${id}-notice` })
  const composer = el('div', { class: 'composer' }, input, button)

  let last = {}
  const show = ({ from, name, text, at }) => {
    const item = el('li', { class: 'line', 'data-from': from })
    if (from === 'system') {
      item.append(el('span', { text }))
    } else {
      const first = last.from !== from
      item.append(
        ...(first && name ? [el('span', { class: 'speaker', text: name })] : []),
        el('p', { class: 'bubble', text }),
        el('time', { text: time(at) }),
      )
    }
    last = { from }
    list.append(item)
    list.scrollTop = list.scrollHeight
    return item
  }
  /** As high as its text, up to four lines. */
  const fit = () => {
    input.rows = Math.min(4, input.value.split('\n').length)
    button.disabled = input.disabled || input.value.trim() === ''
  }
  let sending = false
  const submit = async () => {
    const text = input.value.trim()
    if (!text || sending) {
      return
    }
    sending = true
    input.value = ''
    fit()
    const line = show({ from: 'visitor', text, at: Date.now() })
    const taken = await send(text)
    sending = false
    if (!taken) {
      line.remove()
      input.value = text
      fit()
    }
  }
  const setWritable = (writable) => {
    input.disabled = !writable
    fit()
  }
  setWritable(false)
  return {
    element: el('div', { class: 'conversation' }, list, notice, composer),
    input,
    show,
    setWritable,
    setNotice: (text = '') => {
      notice.textContent = text
    },
    clear: () => {
      last = {}
      list.replaceChildren()
    },
  }
}
