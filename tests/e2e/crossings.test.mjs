// How often a command that a host page serves crosses between JavaScript and the core, in both pages.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** The most crossings of one command: in the page that calls, and in the host page. */
const LIMITS = { inner: 4, outer: 7 }

inEachBrowser('crossings', (world) => {
  test('a served callOut crosses no more often than its limit, in the frame and in the host page', async () => {
    const before = ['crossings.js']
    world.site.pages.set('/framed', { before })
    const outer = await world.open({ frame: `${world.site.otherOrigin}/framed`, before })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    await outer.run(async (allow) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      // The vendor accepts every call at once and reports nothing about it.
      const raw = /** @type {any} */ (workbench.raw)
      raw.Call.startOutboundCall = async () => ({
        status: 'success',
        data: { sessionId: `session-${Math.random()}` },
      })
      sdk.serveCallOuts(workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    const call = () =>
      inner.run(async (parent) => {
        window.crossings = 0
        const call = { phoneNumber: '13812345678', desc: '刘先生' }
        const { acknowledged } = await sdk.callOut(call, { allowParents: [parent] })
        return { acknowledged, crossings: window.crossings }
      }, world.site.origin)
    // The first call opens the connection.
    await call()
    const counts = []
    for (let times = 0; times < 3; times++) {
      await outer.run(() => {
        window.crossings = 0
      })
      const { acknowledged, crossings } = await call()
      assert.equal(acknowledged, true)
      counts.push({ inner: crossings, outer: await outer.run(() => window.crossings) })
    }
    console.log(`crossings of served callOuts: ${JSON.stringify(counts)}`)
    const [first] = counts
    assert.ok(first && first.inner > 0, 'nothing was counted')
    for (const { inner, outer } of counts)
      assert.ok(inner <= LIMITS.inner && outer <= LIMITS.outer, JSON.stringify(counts))
  })
})
