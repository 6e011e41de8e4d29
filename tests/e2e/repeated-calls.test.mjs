// A customer calls again: the workbench writes the same hash, and a router has replaced the one before.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const RINGING = '#?mobile=13812345678&status=100&type=phone'

inEachBrowser('repeated calls', (world) => {
  test('the hash that the page was opened with is a call again after a router has replaced it', async () => {
    const page = await world.open({ hash: RINGING, before: ['jump.js'] })
    const numbers = await page.run(async (hash) => {
      /** @type {(string | null)[]} */
      const numbers = []
      sdk.onScreenPop(({ mobile }) => numbers.push(mobile))
      await bench.until(() => numbers.length === 1)
      window.jump(1500)
      history.replaceState(null, '', '#/')
      const changed = new Promise((resolve) => window.addEventListener('hashchange', resolve))
      location.hash = hash
      await changed
      return numbers
    }, RINGING)
    assert.deepEqual(numbers, ['13812345678', '13812345678'])
  })

  test('an event of a change before the call that comes late is still no call', async () => {
    const page = await world.open({ hash: '#/' })
    const numbers = await page.run(async (hash) => {
      /** @type {(string | null)[]} */
      const numbers = []
      await sdk.ready({ roles: ['frame'] })
      const changed = new Promise((resolve) => window.addEventListener('hashchange', resolve))
      location.hash = hash
      sdk.onScreenPop(({ mobile }) => numbers.push(mobile))
      await changed
      await bench.until(() => numbers.length > 0)
      return numbers
    }, RINGING)
    assert.deepEqual(numbers, ['13812345678'])
  })
})
