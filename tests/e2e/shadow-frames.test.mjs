// Frames in a shadow tree: `window.length` does not count them, so a host page that starts late cannot tell them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** A page in the only frame of the only shadow tree. */
class InShadow extends View {
  /** @override */
  async enter() {
    await this.driver.switchTo().defaultContent()
    const frame = await this.driver.executeScript(
      'return document.querySelector("#place").shadowRoot.querySelector("iframe")',
    )
    await this.driver.switchTo().frame(/** @type {any} */ (frame))
  }
}

inEachBrowser('frames in a shadow tree', (world) => {
  for (const told of [true, false])
    test(`one whose first call had no response is served by a host page that starts late${told ? '' : ', though the browser does not name the parent'}`, async () => {
      world.site.pages.set('/framed', { before: ['jump.js'] })
      const outer = await world.open({ body: '<div id="place"></div>' })
      await outer.run((src) => {
        const frame = document.createElement('iframe')
        frame.src = src
        document.querySelector('#place')?.attachShadow({ mode: 'open' }).append(frame)
      }, `${world.site.otherOrigin}/framed`)
      const inner = new InShadow(world.driver)
      await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
      await inner.run(
        (parent, told) => {
          const { href, origin } = location
          /** @type {any} */
          const page = {
            ...{ parent: window.parent, location: { href, origin } },
            document: { nodeType: 9, appendChild() {}, referrer: '' },
            addEventListener: window.addEventListener.bind(window),
          }
          page.window = page
          const options = { allowParents: [parent], ...(!told && { window: page }) }
          window.kept = {
            call: () => {
              window.kept.result = sdk.callOut('10086', options).then(
                ({ acknowledged }) => acknowledged,
                ({ code }) => code,
              )
            },
          }
        },
        world.site.origin,
        told,
      )
      const call = () => inner.run(() => window.kept.call())
      const result = () => inner.run(() => window.kept.result)
      /** @param {number} count */
      const received = (count) =>
        outer.until('a message', (count) => bench.messages.length >= count, count)
      await call()
      await received(1)
      await inner.run(() => window.jump(5000))
      const results = [await result()]
      await outer.run(async (allow) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        sdk.serveCallOuts(workbench, { allow: [allow] })
      }, world.site.otherOrigin)
      await call()
      await received(2)
      results.push(await result())
      // Behind what the host page has posted to the frame.
      await outer.run(() => {
        const root = document.querySelector('#place')?.shadowRoot
        root?.querySelector('iframe')?.contentWindow?.postMessage('last', '*')
      })
      await inner.until('the last', () => bench.messages.some(({ data }) => data === 'last'))
      await call()
      results.push(await result())
      // No call is posted to a parent that has no name.
      const unanswered = told ? false : 'ORIGIN_REFUSED'
      assert.deepEqual(results, [unanswered, unanswered, true])
      assert.equal((await world.doubles.log('command')).length, 1)
    })
})
