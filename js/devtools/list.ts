// The time line: entries become rows a frame later, so that many entries at once cost the page little.

import { h } from './dom.js'
import type { Kept } from './journal.js'
import { row, textOf } from './row.js'
import type { Words } from './words.js'

/** How many rows are made at once. */
const AT_ONCE = 150

/** How long, in ms, a frame is waited for. */
const PATIENCE = 250

/** @internal */
export class List {
  readonly element: HTMLOListElement
  /** Whether an entry is to be seen. */
  shown: (entry: Kept) => boolean = () => true
  paused = false
  readonly #words: Words
  readonly #frame: (entry: Kept) => string
  readonly #drawn: () => void
  readonly #rows = new Map<Kept, HTMLLIElement>()
  readonly #entries = new WeakMap<Element, Kept>()
  readonly #texts = new WeakMap<Kept, string>()
  readonly #waiting = new Set<Kept>()
  #next: { frame: number; timer: ReturnType<typeof setTimeout> } | undefined
  #over = false

  constructor(words: Words, frame: (entry: Kept) => string, drawn: () => void) {
    this.#words = words
    this.#frame = frame
    this.#drawn = drawn
    this.element = h('ol', { tabindex: 0, 'aria-label': words.say('list') })
    this.element.addEventListener('keydown', (event) => this.#key(event))
  }

  /** How many entries wait for the pause to end. */
  get held(): number {
    return this.paused ? this.#waiting.size : 0
  }

  /** Whether any row is to be seen. */
  get vacant(): boolean {
    return !this.#first(this.element.firstElementChild, 1)
  }

  put(entry: Kept, gone: Kept | undefined): void {
    this.#waiting.add(entry)
    if (gone) {
      this.#waiting.delete(gone)
      this.#rows.get(gone)?.remove()
      this.#rows.delete(gone)
    }
    this.draw()
  }

  /** Draws what waits, soon: in a tab that is not painted there are no frames, but timers. */
  draw(): void {
    if (this.#next || this.#over) return
    const now = () => {
      this.#cancel()
      this.#flush()
    }
    this.#next = { frame: requestAnimationFrame(now), timer: setTimeout(now, PATIENCE) }
  }

  /** Shows and hides rows by `shown`. */
  filter(): void {
    for (const [entry, item] of this.#rows) item.hidden = !this.shown(entry)
    this.toEnd()
  }

  /** What a filter's text is looked for in. */
  textOf(entry: Kept): string {
    let text = this.#texts.get(entry)
    if (text === undefined) {
      text = textOf(entry, this.#words, this.#frame(entry))
      this.#texts.set(entry, text)
    }
    return text
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight
  }

  clear(): void {
    this.#waiting.clear()
    this.#rows.clear()
    this.element.textContent = ''
  }

  stop(): void {
    this.#over = true
    this.#cancel()
  }

  #cancel(): void {
    if (!this.#next) return
    cancelAnimationFrame(this.#next.frame)
    clearTimeout(this.#next.timer)
    this.#next = undefined
  }

  #flush(): void {
    if (!this.paused && this.#waiting.size > 0) {
      const { scrollHeight, scrollTop, clientHeight } = this.element
      const atEnd = scrollHeight - scrollTop - clientHeight < 40
      let left = AT_ONCE
      for (const entry of this.#waiting) {
        if (left-- === 0) break
        this.#waiting.delete(entry)
        this.#place(entry)
      }
      if (atEnd) this.toEnd()
      if (this.#waiting.size > 0) this.draw()
    }
    this.#drawn()
  }

  #place(entry: Kept): void {
    const item = row(entry, this.#words, this.#frame(entry))
    item.hidden = !this.shown(entry)
    let before = this.element.lastElementChild
    while (before && (this.#entries.get(before)?.at ?? 0) > entry.at)
      before = before.previousElementSibling
    if (before) before.after(item)
    else this.element.prepend(item)
    this.#rows.set(entry, item)
    this.#entries.set(item, entry)
  }

  /** One stop of the Tab key; the arrows go from row to row, Enter opens one, Escape closes it. */
  #key(event: KeyboardEvent): void {
    const item = (event.target as Element).closest('li')
    const { firstElementChild: first, lastElementChild: last } = this.element
    let to: Element | null | undefined
    if (event.key === 'ArrowDown') to = this.#first(item ? item.nextElementSibling : first, 1)
    else if (event.key === 'ArrowUp')
      to = this.#first(item ? item.previousElementSibling : last, -1)
    else if (event.key === 'Home') to = this.#first(first, 1)
    else if (event.key === 'End') to = this.#first(last, -1)
    else if (event.key === 'Escape' && item) {
      const details = item.querySelector('details') as HTMLDetailsElement
      if (details.open) details.open = false
      else this.element.focus()
      event.stopPropagation()
    } else return
    event.preventDefault()
    const summary = to?.querySelector('summary')
    summary?.focus()
    to?.scrollIntoView({ block: 'nearest' })
  }

  /** The first row to be seen from here on. */
  #first(from: Element | null, step: 1 | -1): Element | null {
    let at = from
    while (at instanceof HTMLElement && at.hidden)
      at = step > 0 ? at.nextElementSibling : at.previousElementSibling
    return at
  }
}
