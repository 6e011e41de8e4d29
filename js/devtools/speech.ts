// What the inspector says: to everybody what a button has done, to screen readers what is new.

import { h } from './dom.js'

/** How long, in ms, news are gathered, and how long a sentence stays. */
const GATHER = 1500
const STAYS = 2500

/** @internal */
export class Speech {
  readonly toast = h('p', { class: 'toast', hidden: true })
  readonly news = h('p', { class: 'unseen', role: 'status' })
  #fresh = 0
  #gathering: ReturnType<typeof setTimeout> | undefined
  #leaving: ReturnType<typeof setTimeout> | undefined

  /** Says what was done. */
  say(text: string): void {
    this.news.textContent = text
    this.toast.textContent = text
    this.toast.hidden = false
    clearTimeout(this.#leaving)
    this.#leaving = setTimeout(() => {
      this.toast.hidden = true
    }, STAYS)
  }

  /** Tells of an entry; a burst becomes one sentence. */
  heard(sentence: (fresh: number) => string): void {
    this.#fresh += 1
    this.#gathering ??= setTimeout(() => {
      this.news.textContent = sentence(this.#fresh)
      this.#fresh = 0
      this.#gathering = undefined
    }, GATHER)
  }

  stop(): void {
    clearTimeout(this.#gathering)
    clearTimeout(this.#leaving)
  }
}
