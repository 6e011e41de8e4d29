// The panel at the page's lower edge: as high as one likes, or only its bar.

import { fill, h, icon } from './dom.js'
import type { Words } from './words.js'

/** The least of the panel's height, and what is left of the page's, in px. */
const LEAST = 140
const LEFT = 60
const STEP = 24

/** @internal */
export class Dock {
  /** The upper edge: drawn by the pointer, moved by the arrows. */
  readonly edge: HTMLElement
  /** The title, which collapses and expands. */
  readonly title: HTMLButtonElement
  readonly #count = h('span', { class: 'count' })
  readonly #panel: HTMLElement
  readonly #words: Words
  #height = 320
  #collapsed = false

  constructor(panel: HTMLElement, words: Words) {
    this.#panel = panel
    this.#words = words
    this.title = h('button', { type: 'button', class: 'title', click: () => this.toggle() })
    this.edge = h('div', {
      class: 'edge',
      role: 'separator',
      tabindex: 0,
      'aria-orientation': 'horizontal',
      'aria-label': words.say('resize'),
      'aria-valuemin': LEAST,
      pointerdown: (event: PointerEvent) => {
        this.edge.setPointerCapture(event.pointerId)
        event.preventDefault()
      },
      pointermove: (event: PointerEvent) => {
        if (this.edge.hasPointerCapture(event.pointerId)) this.#grow(innerHeight - event.clientY)
      },
      keydown: (event: KeyboardEvent) => this.#key(event),
    })
    this.#grow(this.#height)
    this.collapse(false)
  }

  get collapsed(): boolean {
    return this.#collapsed
  }

  collapse(collapsed: boolean): void {
    this.#collapsed = collapsed
    this.#panel.classList.toggle('collapsed', collapsed)
    const act = this.#words.say(collapsed ? 'expand' : 'collapse')
    this.title.setAttribute('aria-expanded', String(!collapsed))
    this.title.title = act
    const text = h('span', {}, this.#words.say('title'))
    fill(this.title, icon(collapsed ? 'up' : 'down'), text, this.#count)
  }

  /** How many entries there are: to be seen beside the collapsed title, in red where some are errors. */
  count(entries: number, errors: number): void {
    this.#count.textContent = entries > 0 ? String(entries) : ''
    this.#count.classList.toggle('wrong', errors > 0)
  }

  toggle(): void {
    this.collapse(!this.#collapsed)
    this.title.focus()
  }

  #key(event: KeyboardEvent): void {
    const most = innerHeight - LEFT
    const heights: Record<string, number> = {
      ...{ ArrowUp: this.#height + STEP, ArrowDown: this.#height - STEP },
      ...{ Home: LEAST, End: most },
    }
    const height = heights[event.key]
    if (height === undefined) return
    event.preventDefault()
    this.#grow(height)
  }

  #grow(height: number): void {
    const most = Math.max(LEAST, innerHeight - LEFT)
    this.#height = Math.round(Math.min(Math.max(height, LEAST), most))
    // By the object model: a policy refuses style attributes, not this.
    this.#panel.style.setProperty('--height', `${this.#height}px`)
    this.edge.setAttribute('aria-valuemax', String(most))
    this.edge.setAttribute('aria-valuenow', String(this.#height))
  }
}
