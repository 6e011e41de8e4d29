// @ts-check
// What happened, in the order of its time, whichever frame it comes from.

/**
 * @typedef {'host' | 'page' | 'pop' | 'tickets' | 'vendor'} Frame
 * @typedef {'core' | 'login' | 'script' | 'workbench' | 'event' | 'call' | 'hash' | 'message' | 'error'} Kind
 * @typedef {{ at: number, kind: Kind, name: string, detail: Record<string, string | number | boolean>, frame: Frame }} Entry
 */

/** @type {readonly Kind[]} */
export const kinds = [
  'login',
  'script',
  'workbench',
  'event',
  'call',
  'hash',
  'message',
  'core',
  'error',
]

const KEPT = 2000

export class Log {
  /** @type {Entry[]} */
  entries = []
  /** @type {Set<(entry: Entry, index: number) => void>} */
  #listeners = new Set()

  /** Puts an entry where its time belongs: frames' messages may overtake each other. @param {Entry} entry */
  add(entry) {
    let index = this.entries.length
    while (index > 0 && (this.entries[index - 1]?.at ?? 0) > entry.at) index -= 1
    this.entries.splice(index, 0, entry)
    if (this.entries.length > KEPT) {
      this.entries.shift()
      index -= 1
    }
    if (index >= 0) for (const listener of this.#listeners) listener(entry, index)
  }

  /** @param {(entry: Entry, index: number) => void} listener */
  listen(listener) {
    this.#listeners.add(listener)
  }

  clear() {
    this.entries = []
  }
}

/** Milliseconds between the start of this page and `at`. @param {number} at */
export const sinceStart = (at) => at - performance.timeOrigin

/** This moment, on the clock that all frames share. */
export const now = () => performance.timeOrigin + performance.now()
