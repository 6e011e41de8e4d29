// A browser window with extensions in it, and what can be seen in its page.

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { open } from '../harness/browser.mjs'
import { PATIENCE_MS } from '../harness/programs.mjs'

/** An extension that reports when those that a page starts have run in it. */
const FENCE = fileURLToPath(new URL('fence', import.meta.url))

/** For a run by hand; `cargo xtask test` gives its own. */
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --no-proxy-server --disable-sync'

/** The page itself, or the page in its first frame. @typedef {{ framed?: boolean }} Where */

/** @param {number} ms */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export class Window {
  /** @type {import('../harness/browser.mjs').Browser | undefined} */
  #browser

  /**
   * Opens a browser.
   * @param {string[]} unpacked the extensions' folders
   * @param {string[]} hosts what leads to this machine
   * @param {number} port where to on it
   */
  async open(unpacked, hosts, port) {
    const list = [...unpacked, FENCE].join(',')
    const own = `--load-extension=${list} --disable-extensions-except=${list}`
    process.env.CALLDOCK_CHROMIUM_FLAGS = `${process.env.CALLDOCK_CHROMIUM_FLAGS ?? FLAGS} ${own}`
    const leads = hosts.map((host) => [host, `127.0.0.1:${port}`])
    this.#browser = await open('chromium', Object.fromEntries(leads))
  }

  async close() {
    await this.#browser?.close()
  }

  get #driver() {
    assert.ok(this.#browser, 'the browser was never opened')
    return this.#browser.driver
  }

  /** @param {string} url */
  async visit(url) {
    await this.#driver.get(url)
  }

  /**
   * Runs a function in the page and gives what it returns.
   * @template R
   * @param {() => R} work
   * @param {Where} where
   * @returns {Promise<R>}
   */
  async ask(work, { framed = false } = {}) {
    await this.#driver.switchTo().defaultContent()
    if (framed) await this.#driver.switchTo().frame(0)
    return this.#driver.executeScript(work)
  }

  /**
   * Waits until a function of the page gives something true, and gives that.
   * @template R
   * @param {string} what
   * @param {() => R} work
   * @param {Where} where
   * @returns {Promise<NonNullable<R>>}
   */
  async until(what, work, where = {}) {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const value = await this.ask(work, where)
      if (value) return value
      if (Date.now() > deadline) assert.fail(`waited in vain: ${what}`)
      await after(25)
    }
  }

  /** What the stand-in script and the recorder left in the page. @param {Where} where */
  async seen(where = {}) {
    const { global, ...rest } = await this.ask(() => {
      const { cobrowseSource, logged } = /** @type {any} */ (globalThis)
      return { ...document.documentElement.dataset, global: cobrowseSource, logged }
    }, where)
    // The driver's undefined is null.
    return global === null ? rest : { global, ...rest }
  }

  /** @param {Where} where @returns {Promise<Record<string, unknown>>} */
  async started(where = {}) {
    await this.until('cobrowsing', () => document.documentElement.dataset.started, where)
    return this.seen(where)
  }

  /** What there is to see once whatever the page starts has run, or has at least a script in the page. @param {Where} where */
  async quiet(where = {}) {
    await this.until('the fence', () => /** @type {any} */ (globalThis).extensionsRan, where)
    const added = await this.ask(
      () => [...document.scripts].map(({ src }) => src).filter((src) => !/recorder/.test(src)),
      where,
    )
    assert.deepEqual(added, [], 'scripts that are not the page’s')
    return this.seen(where)
  }

  /** @returns {Promise<string>} */
  complaint() {
    return this.until('a complaint', () => /** @type {any} */ (globalThis).logged?.[0])
  }
}
