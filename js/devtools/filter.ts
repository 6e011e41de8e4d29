// Which entries are to be seen: by their kinds, and by a text in them.

import { fill, h, icon } from './dom.js'
import { type InspectorKind, type Journal, type Kept, KINDS } from './journal.js'
import type { Words } from './words.js'

/** @internal */
export class Filter {
  readonly chips: HTMLElement
  readonly search: HTMLElement
  readonly #input: HTMLInputElement
  readonly #buttons = new Map<InspectorKind | 'all', HTMLButtonElement>()
  /** Empty: all kinds. */
  readonly #chosen = new Set<InspectorKind>()
  readonly #changed: () => void
  #text = ''

  constructor(words: Words, changed: () => void) {
    this.#changed = changed
    this.#input = h('input', {
      type: 'search',
      placeholder: words.say('search'),
      'aria-label': words.say('search'),
      autocomplete: 'off',
      spellcheck: 'false',
      input: () => this.#type(),
    })
    // What is typed here is no shortcut of the page's.
    for (const type of ['keydown', 'keypress', 'keyup'])
      this.#input.addEventListener(type, (event) => this.#key(event as KeyboardEvent))
    this.search = h('label', { class: 'search' }, icon('search'), this.#input)
    this.chips = h(
      'div',
      { class: 'chips', role: 'group', 'aria-label': words.say('filter') },
      this.#chip('all', words.say('all'), ''),
      ...KINDS.map((kind) => this.#chip(kind, words.kind(kind), words.meaning(kind))),
    )
  }

  readonly shown = (entry: Kept, text: () => string): boolean =>
    (this.#chosen.size === 0 || this.#chosen.has(entry.kind)) &&
    (this.#text === '' || text().includes(this.#text))

  /** Writes how many there are, and what is chosen. */
  draw({ entries, counts }: Journal): void {
    for (const [id, button] of this.#buttons) {
      const all = id === 'all'
      const count = all ? entries.length : (counts.get(id) ?? 0)
      const pressed = all ? this.#chosen.size === 0 : this.#chosen.has(id)
      button.setAttribute('aria-pressed', String(pressed))
      button.classList.toggle('vacant', count === 0)
      button.hidden = id === 'app' && count === 0 && !pressed
      const [, shown] = button.children
      if (shown) shown.textContent = count > 0 ? String(count) : ''
    }
  }

  #chip(id: InspectorKind | 'all', text: string, meaning: string): HTMLButtonElement {
    const click = () => {
      if (id === 'all') this.#chosen.clear()
      else if (!this.#chosen.delete(id)) this.#chosen.add(id)
      this.#changed()
    }
    const button = h('button', {
      ...{ type: 'button', class: 'chip', 'data-kind': id, click },
      ...(meaning && { title: meaning }),
    })
    fill(button, h('span', {}, text), h('span', { class: 'count' }))
    this.#buttons.set(id, button)
    return button
  }

  #type(): void {
    this.#text = this.#input.value.trim().toLowerCase()
    this.#changed()
  }

  #key(event: KeyboardEvent): void {
    // Without a text, Escape is the panel's.
    if (event.key === 'Escape') {
      if (event.type !== 'keydown' || this.#input.value === '') return
      this.#input.value = ''
      this.#type()
      event.preventDefault()
    }
    event.stopPropagation()
  }
}
