// A page in the background calls the agent back, and leaves the page's own title alone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('attention', (world) => {
  /**
   * A page that seems to be in the background, with a workbench and a notification of a kind. Its title flashes
   * twenty times as fast, and `kept.flashing` has the timers that do so.
   * @param {string} notification
   */
  async function background(notification) {
    const page = await world.open()
    await page.run(async (notification) => {
      Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })
      const made = { count: 0 }
      const own = /** @type {any} */ (window)
      own.Notification = class {
        static permission = 'granted'
        constructor() {
          made.count += 1
          if (notification === 'throws') throw new TypeError('Illegal constructor.')
        }
        close() {}
      }
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      document.title = 'Orders'
      const { setInterval, clearInterval } = window
      const flashing = new Set()
      own.setInterval = (/** @type {() => void} */ handler, /** @type {number} */ ms) => {
        const id = setInterval(handler, ms / 20)
        flashing.add(id)
        return id
      }
      own.clearInterval = (/** @type {number} */ id) => {
        flashing.delete(id)
        clearInterval(id)
      }
      window.kept = { workbench, made, flashing }
      window.kept.stop = sdk.drawAttention(workbench, { title: 'RING', notification: true })
    }, notification)
    return page
  }

  // field.md B15
  test('a browser that refuses to make notifications still gets the flashing title', async () => {
    const page = await background('throws')
    await world.doubles.control('ring', { type: 'phone' })
    await page.until('the title', () => document.title === 'RING')
    assert.equal(await page.run(() => window.kept.made.count), 1)
    assert.deepEqual(await page.run(() => bench.errors), [])
    await world.doubles.control('hangup')
    await page.until('the end', () => window.kept.flashing.size === 0)
    assert.equal(await page.run(() => document.title), 'Orders')
  })

  test('the title of the route that the page has gone to meanwhile stays', async () => {
    const page = await background('works')
    await world.doubles.control('ring', { type: 'phone' })
    await page.until('the title', () => document.title === 'RING')
    await page.run(() => {
      document.title = 'Customers'
    })
    await page.until('the title again', () => document.title === 'RING')
    assert.equal(await page.run(() => window.kept.flashing.size), 1)
    await world.doubles.control('hangup')
    await page.until('the end', () => window.kept.flashing.size === 0)
    assert.equal(await page.run(() => document.title), 'Customers')
  })

  test('two that are asked for give the page its title back', async () => {
    const page = await background('works')
    await page.run(() => {
      const { workbench } = window.kept
      window.kept.other = sdk.drawAttention(workbench, { title: 'RING', notification: false })
    })
    await world.doubles.control('ring', { type: 'phone' })
    await page.until('the title', () => document.title === 'RING')
    const others = await page.run(async () => {
      const seen = new Set()
      let changes = 0
      const observer = new MutationObserver(() => {
        seen.add(document.title)
        changes += 1
      })
      observer.observe(document.head, { childList: true, subtree: true })
      await bench.until(() => changes >= 30)
      observer.disconnect()
      return [...seen].filter((title) => title !== 'RING' && title !== 'Orders')
    })
    assert.deepEqual(others, [], 'no title of neither')
    await world.doubles.control('hangup')
    await page.until('the end', () => window.kept.flashing.size === 0)
    assert.equal(await page.run(() => document.title), 'Orders')
  })

  test('a signal ends it', async () => {
    const page = await background('works')
    const titles = await page.run(async () => {
      window.kept.stop()
      const stop = new AbortController()
      sdk.drawAttention(window.kept.workbench, { title: 'RING', signal: stop.signal })
      stop.abort()
      return document.title
    })
    assert.equal(titles, 'Orders')
    await world.doubles.control('ring', { type: 'phone' })
    await page.until('the call', () => window.kept.workbench.sessions.list.length > 0)
    assert.equal(await page.run(() => document.title), 'Orders')
  })
})
