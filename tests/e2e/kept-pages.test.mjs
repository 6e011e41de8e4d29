// A page that the browser keeps for the back button, and shows again as it was left.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

/** The test pages are `no-store`, which an engine may take for a reason not to keep them. */
const headers = { 'cache-control': 'no-cache' }

inEachBrowser(
  'pages the browser keeps',
  (world) => {
    const keeps = world.cannot({ firefox: 'keeps no page that has an open workbench' })

    /** Leaves the page in which `kept` was set, and comes back to that very page. @param {View} page */
    async function leaveAndReturn(page, away = async () => {}) {
      world.site.pages.set('/away', { entry: 'none' })
      await page.enter()
      await world.driver.get(`${world.site.origin}/away`)
      await away()
      await world.driver.navigate().back()
      await page.until('the page', () => document.readyState === 'complete' && window.sdk)
      assert.ok(await page.run(() => window.kept), 'the browser kept the page')
    }

    test('its agent is held again after the back button', keeps, async () => {
      const page = await world.open({ headers })
      await page.run(async () => {
        window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      })
      const free = async () => (await navigator.locks.query()).held?.length === 0
      await leaveAndReturn(page, async () => {
        await page.until('the agent to be free', free)
      })
      await page.until('held', async () => (await navigator.locks.query()).held?.length === 1)
      const found = await page.run(async () => {
        const again = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        return { same: again === window.kept, agentId: again.agentId }
      })
      assert.deepEqual(found, { same: true, agentId: 'agent@example.com' })
      assert.equal(world.site.requested.filter((path) => path === LOGIN).length, 1)
    })

    test('its frames call again after the back button', keeps, async () => {
      const { origin, otherOrigin } = world.site
      world.site.pages.set('/framed', { headers })
      const outer = await world.open({ headers, frame: `${otherOrigin}/framed` })
      const inner = new View(world.driver, ['#inner'])
      await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
      await outer.run(async (allowed) => {
        window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        sdk.serveCallOuts(window.kept, { allow: [allowed] })
      }, otherOrigin)
      const call = () =>
        inner.run(async (parent) => {
          const result = await sdk.callOut('13812345678', { allowParents: [parent] })
          return result.acknowledged
        }, origin)
      assert.equal(await call(), true)
      await world.doubles.control('hangup')
      await leaveAndReturn(outer)
      assert.equal(await call(), true)
    })
  },
  { keepsPages: true },
)
