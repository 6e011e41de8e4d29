/// <reference path="./pages/bench.d.ts" />
// What one file of tests runs in: a site, the real server and edge, the double, one browser.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe } from 'node:test'
import { open, wanted } from './browser.mjs'
import { Doubles } from './doubles.mjs'
import { heapOf, View } from './page.mjs'
import * as places from './places.mjs'
import { PATIENCE_MS, start, within } from './programs.mjs'
import { Site, VENDOR_HOST } from './site.mjs'

export { VENDOR_HOST } from './site.mjs'

/** A host name without HTTPS that is no name of this machine: a context that is not secure. */
export const INSECURE_HOST = 'calldock.test'

/** What belongs in no message and in no entry: the numbers, names and addresses the tests use. */
const PRIVATE = [
  '13812345678',
  '13800000001',
  '13987654321',
  '18888888888',
  '8613812345678',
  '刘先生',
  '张三',
  'agent@example.com',
  'colleague@example.com',
  'secret-value',
]

/** The vendor's page is served by HTTPS, the page in it by HTTP. */
export const NO_VENDOR_PAGE = { webkit: 'shows no page of http://localhost in one of HTTPS' }

/** @typedef {{ playground?: boolean } & import('./browser.mjs').Wishes} Options */

export class World {
  site = new Site(places.playground())
  doubles = new Doubles()
  /** The playground's origin, where one was asked for. */
  playground = ''
  /** @type {import('./browser.mjs').Browser | undefined} */
  #browser
  /** @type {(() => unknown)[]} */
  #undo = []

  /** @param {import('./browser.mjs').Engine} name @param {Options} options */
  constructor(name, options) {
    this.name = name
    this.options = options
  }

  get driver() {
    assert.ok(this.#browser, 'the browser was never opened')
    return this.#browser.driver
  }

  /**
   * The options of a test that an engine cannot run, with the reason (docs/en/browsers.md).
   * @param {Partial<Record<import('./browser.mjs').Engine, string>>} reasons
   */
  cannot(reasons) {
    const reason = reasons[this.name]
    return reason ? { skip: `${this.name}: ${reason}` } : {}
  }

  async start() {
    await this.site.start()
    this.#undo.push(() => this.site.stop())
    if (this.options.playground)
      this.playground = await this.doubles.startWithSite(places.playground())
    else await this.doubles.start(this.site.origin, this.site.otherOrigin)
    this.#undo.push(this.doubles.stop)
    const demo = ['--demo', '--listen', '127.0.0.1:0', '--vendor', this.doubles.origin]
    const server = await start(places.server(), demo, /^listening on (\S+)/)
    this.#undo.push(server.stop)
    const edge = await start(places.edge(), demo, /^listening on (\S+)/)
    this.#undo.push(edge.stop)
    this.site.backend = server.matched[1] ?? ''
    this.site.edge = edge.matched[1] ?? ''
    if (this.playground)
      await this.doubles.control('upstreams', { server: this.site.backend, edge: this.site.edge })
    await this.#open()
    this.#undo.push(() => this.#browser?.close())
  }

  async #open() {
    const hosts = {
      [INSECURE_HOST]: '127.0.0.1',
      [VENDOR_HOST]: `127.0.0.1:${this.site.securePort}`,
    }
    this.#browser = await open(this.name, hosts, this.options)
  }

  async stop() {
    // The browser goes first: it holds connections to all the others.
    for (const undo of this.#undo.splice(0).reverse()) await undo()
  }

  async reset() {
    this.site.pages.clear()
    this.site.wasm = {}
    this.site.login = undefined
    this.site.own = undefined
    this.site.requested = []
    this.site.sent = []
    this.site.cec = ''
    // A page that was left open would keep its session and hear the next test's calls.
    try {
      await within(8000, 'the browser', this.driver.get('about:blank'))
    } catch {
      // The test before has hung its page: the next one gets a browser of its own.
      await this.#browser?.close()
      await this.#open()
    }
    await this.doubles.control('reset')
  }

  /**
   * Opens a blank page that has imported the package.
   * @param {import('./site.mjs').Page & { hash?: string, origin?: string, wasm?: import('./site.mjs').Wasm }} [page]
   */
  async open({ hash = '', origin = this.site.origin, wasm = {}, ...page } = {}) {
    this.site.pages.set('/', page)
    this.site.wasm = wasm
    const view = this.#view(page)
    await this.driver.get(`${origin}/${hash}`)
    // WebKit's driver does not wait for the page's modules.
    await view.until('the whole page', () => document.readyState === 'complete')
    return view
  }

  /** @param {import('./site.mjs').Page} page @param {string[]} [frames] */
  #view(page, frames) {
    const view = new View(this.driver, frames)
    view.evaluates = this.name === 'firefox' && !page.csp && !page.headers
    return view
  }

  /**
   * Opens a page in the frame of another one, as a workbench shows it. Gives both; the frame's has
   * imported the package.
   * @param {string} parentOrigin
   * @param {import('./site.mjs').Page & { hash?: string }} [page]
   */
  async openFramed(parentOrigin, { hash = '', ...page } = {}) {
    this.site.pages.set('/framed', page)
    const frame = `${this.site.origin}/framed${hash}`
    const outer = await this.open({ entry: 'none', origin: parentOrigin, frame })
    const inner = this.#view(page, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    return { outer, inner }
  }

  /** The bytes in use after a collection; 0 where an engine does not tell. */
  heap() {
    return heapOf(this.driver)
  }

  /** Looks through all that the page and the page in its frame have logged and thrown. */
  async assertToldNothingPrivate() {
    const { driver } = this
    const texts = 'return window.bench?.texts()'
    await driver.switchTo().defaultContent()
    const outer = await driver.executeScript(texts)
    if (outer) assertNothingPrivate(outer.text, outer.tokens)
    for (const frame of await driver.findElements({ id: 'inner' })) {
      await driver.switchTo().frame(frame)
      const inner = await driver.executeScript(texts)
      if (inner) assertNothingPrivate(inner.text, inner.tokens)
    }
  }
}

/**
 * Nothing private stands in what a page has logged or thrown.
 * @param {string} text
 * @param {readonly string[]} [tokens]
 */
export function assertNothingPrivate(text, tokens = []) {
  for (const word of [...PRIVATE, ...tokens])
    assert.ok(!text.includes(word), `found ${JSON.stringify(word)} in: ${text}`)
}

/**
 * Describes tests once for each browser, each with a world of its own. After every test what its page
 * logged and threw is looked through for personal data.
 * @param {string} what
 * @param {(world: World) => void} tests
 * @param {Options} [options]
 */
export function inEachBrowser(what, tests, options = {}) {
  for (const name of wanted()) {
    describe(`${what}, in ${name}`, () => {
      const world = new World(name, options)
      before(async () => {
        try {
          await world.start()
        } catch (error) {
          await world.stop()
          throw error
        }
      })
      after(() => world.stop())
      beforeEach(() => world.reset())
      afterEach(() => within(PATIENCE_MS, 'the page', world.assertToldNothingPrivate()))
      tests(world)
    })
  }
}
