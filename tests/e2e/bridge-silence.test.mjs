// A host page counts as gone after silence alone, however many commands ask whether it is there.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('the silence of a host page', (world) => {
  /** A host page that is slow to say that it is there, with a frame that is connected to it. */
  async function connected() {
    const { origin, otherOrigin } = world.site
    world.site.pages.set('/framed', {})
    const outer = await world.open({ frame: `${otherOrigin}/framed` })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    await outer.run(async (allow) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      /** @type {Map<string, () => void>} */
      const waiting = new Map()
      window.kept = { pongs: 0, silent: false, waiting }
      const raw = /** @type {any} */ (workbench.raw)
      raw.Call.startOutboundCall = (/** @type {any} */ { phoneNumber }) =>
        new Promise((resolve) => {
          const done = () => resolve({ status: 'success', data: { sessionId: phoneNumber } })
          if (phoneNumber === '10000') done()
          else waiting.set(phoneNumber, done)
        })
      const { postMessage } = MessagePort.prototype
      MessagePort.prototype.postMessage = function (
        /** @type {any} */ message,
        /** @type {any[]} */ ...rest
      ) {
        const post = () => Reflect.apply(postMessage, this, [message, ...rest])
        if (message?.type !== 'pong') post()
        else if (!window.kept.silent)
          setTimeout(() => {
            post()
            window.kept.pongs += 1
          }, 200)
      }
      sdk.serveCallOuts(workbench, { allow: [allow] })
    }, otherOrigin)
    await inner.run(async (parent) => {
      /** @type {Record<string, string>} */
      const ends = {}
      const call = async (/** @type {string} */ number, timeoutMs = 60_000) => {
        const made = sdk.callOut(number, { allowParents: [parent], timeoutMs })
        ends[number] = await made.then(
          () => 'made',
          ({ code }) => code,
        )
      }
      await call('10000')
      window.kept = { call, ends }
    }, origin)
    return { outer, inner }
  }

  /** How a call has ended. @param {View} inner @param {string} number */
  const endOf = (inner, number) =>
    inner.until(`the end of ${number}`, (number) => window.kept.ends[number], number)

  test('a second question begins no silence: a page that responds slowly keeps its calls', async () => {
    const { outer, inner } = await connected()
    // Two end without a response, 0.9 s apart, and each asks: the second one before the time of the first is over.
    await inner.run(() => {
      window.kept.call('10001', 400)
      window.kept.call('10002', 1300)
      window.kept.call('10003')
    })
    for (const number of ['10001', '10002'])
      assert.equal(await endOf(inner, number), 'OUTCOME_UNKNOWN')
    await outer.until('both responses', () => window.kept.pongs === 2)
    await outer.run(() => window.kept.waiting.get('10003')())
    assert.equal(await endOf(inner, '10003'), 'made')
  })

  test('a page that says nothing for the whole time ends what waits for it', async () => {
    const { outer, inner } = await connected()
    await outer.run(() => {
      window.kept.silent = true
    })
    await inner.run(() => {
      window.kept.call('10001', 400)
      window.kept.call('10002', 1300)
      window.kept.call('10003')
    })
    assert.equal(await endOf(inner, '10003'), 'OUTCOME_UNKNOWN')
  })
})
