// A page whose one task takes longer than a screen pop may be late.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('a busy page', (world) => {
  test('a call that was there before the listener is delivered once, however late its event comes', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      await sdk.ready({ roles: ['frame'] })
      /** @type {(string | null)[]} */
      const seen = []
      location.hash = '#?mobile=13812345678&status=100'
      sdk.onScreenPop(({ mobile, status }) => seen.push(mobile && status))
      const begun = performance.now()
      while (performance.now() - begun < 1500);
      // The event of the change above has come by then.
      await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
      await bench.until(() => seen.length > 0)
      location.hash = '#?mobile=13812345678&status=200'
      await bench.until(() => seen.includes('connected'))
      return seen
    })
    assert.deepEqual(found, ['ringing', 'connected'])
  })
})
