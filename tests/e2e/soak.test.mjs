// What a page holds after very many of everything: nothing more than after a few.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { held } from './harness/held.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** How much is done: all of it where `CALLDOCK_LONG` is set, else a tenth. */
const PART = process.env.CALLDOCK_LONG ? 1 : 0.1
/** What the engine's own caches may take, in bytes: less than 10 for each of what is done. */
const NOISE = 600_000

inEachBrowser('soak', (world) => {
  /** Does the same work again and again; the page must hold what it held after the first time.
   * @param {import('./harness/page.mjs').View} page @param {number} times @param {() => Promise<unknown>} work
   */
  async function again(page, times, work) {
    await work()
    const [before, bytes] = [await held(page), await world.heap()]
    for (let left = times; left > 0; left--) await work()
    assert.deepEqual(await held(page), before)
    const grown = (await world.heap()) - bytes
    console.log(`${grown} bytes more`)
    assert.ok(grown < NOISE, `${grown} bytes`)
  }

  test('100,000 screen pops', async () => {
    const page = await world.open({ before: ['timers.js', 'capture.js'] })
    await page.run(async () => {
      window.kept = { number: 0, calls: 0 }
      sdk.setLogger(null)
      sdk.onScreenPop(() => {
        window.kept.calls += 1
      })
      await sdk.ready({ roles: ['frame'] })
    })
    const pops = 10_000
    await again(page, 10 * PART, () =>
      page.run((pops) => {
        for (let left = pops; left > 0; left--) {
          const { number } = window.kept
          // An event of the page's own: a browser takes only so many changes of an address in a while.
          const name = `&nickName=${encodeURIComponent(`客户${number}`)}&p${number}=1`
          const newURL = `${location.href}#?status=100&mobile=138${String(number).padStart(8, '0')}${name}`
          dispatchEvent(new HashChangeEvent('hashchange', { newURL }))
          window.kept.number += 1
        }
        bench.entries.length = 0
      }, pops),
    )
    const { number, calls } = await page.run(() => window.kept)
    assert.equal(number, pops * (10 * PART + 1))
    assert.equal(calls, number)
  })

  test('10,000 listenings to screen pops', async () => {
    const page = await world.open({ before: ['timers.js', 'capture.js'] })
    await page.run(async () => {
      sdk.setLogger(null)
      await sdk.ready({ roles: ['frame'] })
    })
    await again(page, 10 * PART, () =>
      page.run(async () => {
        for (let left = 1000; left > 0; left--) {
          const stop = sdk.onScreenPop(() => {})
          const controller = new AbortController()
          sdk.onScreenPop(() => {}, { signal: controller.signal })
          await Promise.resolve()
          stop()
          controller.abort()
        }
        bench.entries.length = 0
      }),
    )
  })

  const moved = world.cannot({ webkit: 'its driver counts its deadlines by the page’s clock' })
  test('a day of calls', moved, async () => {
    const page = await world.open({ before: ['clock.js', 'capture.js'] })
    await page.run(async () => {
      sdk.setLogger(null)
      const path = '/node_modules/calldock/testing.js'
      /** @type {typeof import('calldock/testing')} */
      const { fakeWorkbench } = await import(path)
      const fake = fakeWorkbench()
      window.kept = { fake, counts: { incoming: 0, ended: 0, looped: 0, days: 0, changes: 0 } }
    })
    // A day is ten shifts of 144 calls, each with a workbench of its own.
    const shift = () =>
      page.run(async () => {
        const { fake, counts } = window.kept
        const workbench = await fake.open()
        const stopAttention = sdk.drawAttention(workbench)
        workbench.on('incoming', () => {
          counts.incoming += 1
        })
        workbench.on('ended', () => {
          counts.ended += 1
        })
        const stopList = workbench.sessions.subscribe(() => {
          counts.changes += 1
        })
        const looping = (async () => {
          for await (const _ of workbench.events('incoming')) counts.looped += 1
        })()
        for (let call = 0; call < 144; call++) {
          fake.ring({ callerPhoneNumber: `138${String(call).padStart(8, '0')}` })
          await window.clock.advance(7_000)
          fake.answer()
          await workbench.agent.getStatus()
          await window.clock.advance(45_000)
          fake.hangUp()
          await window.clock.advance(8_000)
        }
        const live = workbench.sessions.list.filter(
          (/** @type {any} */ { state }) => state !== 'ended',
        )
        if (live.length > 0) throw new Error('a session stays')
        stopAttention()
        stopList()
        workbench.close()
        await looping
        await window.clock.settle()
        fake.commands.length = 0
        bench.entries.length = 0
      })
    await again(page, Math.max(10 * PART - 1, 1), shift)
    const { counts } = await page.run(() => ({ counts: window.kept.counts }))
    const calls = 144 * Math.max(10 * PART, 2)
    assert.equal(counts.incoming, calls)
    assert.equal(counts.ended, calls)
    assert.equal(counts.looped, calls)
  })
})
