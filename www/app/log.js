// @ts-check
// What happened, whichever frame it comes from.

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

/** Hands on what the SDK and the frames report, to those of the page's parts that follow it. */
export class Log {
  /** @type {Set<(entry: Entry) => void>} */
  #listeners = new Set()

  /** @param {Entry} entry */
  add(entry) {
    for (const listener of this.#listeners) listener(entry)
  }

  /** @param {(entry: Entry) => void} listener */
  listen(listener) {
    this.#listeners.add(listener)
  }
}

/** This moment, on the clock that all frames share. */
export const now = () => performance.timeOrigin + performance.now()
