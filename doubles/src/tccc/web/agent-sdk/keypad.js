import { el } from '../../../web/elements.js'
import { icon, iconButton } from './elements.js'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const LETTERS = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '+', '']

/** Twelve keys; `press` gets the key. Arrow keys move between them, as in a grid. */
export function keypad(texts, press) {
  const keys = KEYS.map((key, index) =>
    el(
      'button',
      {
        type: 'button',
        class: 'key',
        'aria-label': texts.key(key),
        'data-key': key,
        on: { click: () => press(key) },
      },
      el('span', { class: 'digit', text: key }),
      el('span', { class: 'letters', 'aria-hidden': 'true', text: LETTERS[index] }),
    ),
  )
  const move = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[event.key]
    const next = keys[keys.indexOf(event.target.closest('button')) + step]
    if (step && next) {
      event.preventDefault()
      next.focus()
    }
  }
  const attributes = { class: 'keypad', role: 'group', 'aria-label': texts.keypad }
  return el('div', { ...attributes, on: { keydown: move } }, ...keys)
}

/** A number field with keypad and call button; `dial(number)` answers with an error text or ''. */
export function dialPad(texts, dial) {
  const error = el('p', { class: 'error', role: 'alert', id: 'dial-error' })
  const input = el('input', {
    class: 'number',
    type: 'tel',
    autocomplete: 'off',
    'aria-label': texts.number,
    'aria-describedby': 'dial-error',
    placeholder: texts.numberHint,
    'data-testid': 'tccc-number',
    on: {
      input: () => {
        error.textContent = ''
      },
      keydown: (event) => {
        if (event.key === 'Enter') {
          submit()
        }
      },
    },
  })
  const submit = async () => {
    const number = input.value.trim()
    if (!number) {
      input.focus()
      return
    }
    error.textContent = ''
    error.textContent = await dial(number)
    input.toggleAttribute('aria-invalid', Boolean(error.textContent))
    if (!error.textContent) {
      input.value = ''
    }
  }
  const type = (key) => {
    input.value += key
    error.textContent = ''
  }
  const erase = el(
    'button',
    {
      type: 'button',
      class: 'erase',
      'aria-label': texts.erase,
      on: {
        click: () => {
          input.value = input.value.slice(0, -1)
        },
      },
    },
    icon('erase'),
  )
  const call = iconButton('phone', texts.call, {
    class: 'primary',
    'data-testid': 'tccc-call',
    on: { click: submit },
  })
  const field = el('div', { class: 'field' }, input, erase)
  return el(
    'div',
    { class: 'dial', 'data-testid': 'tccc-dial' },
    field,
    error,
    keypad(texts, type),
    call,
  )
}
