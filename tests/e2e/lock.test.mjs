// A workbench that is stopped and opened again in the same tick, with literal logins: the agent's lock of the first
// must not refuse the second, whatever stage it had reached.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

/** Stages, each with the entry that the log has at its beginning. */
const STAGES = Object.entries({
  core: 'login.requested',
  login: 'login.received',
  lock: 'login.checked',
  script: 'script.injected',
  global: 'script.loaded',
  ready: 'global.found',
  live: 'event.ready',
})

inEachBrowser('the lock of an agent', (world) => {
  for (const [stage, entry] of STAGES)
    test(`stopped in the stage '${stage}' and opened in the same tick`, async () => {
      const page = await world.open()
      const found = await page.run(async (entry) => {
        const [first, second] = [await bench.login()(), await bench.login()()]
        const stop = new AbortController()
        /** @type {Promise<string> | undefined} */
        let next
        sdk.setLogger(({ name }) => {
          if (next || name !== entry) return
          const stopAndOpen = () => {
            stop.abort()
            next = sdk.openWorkbench({ login: second }).then(
              ({ agentId }) => agentId,
              ({ code }) => code,
            )
          }
          // The login is requested before the call has returned.
          if (entry === 'login.requested') queueMicrotask(stopAndOpen)
          else stopAndOpen()
        })
        const stopped = await sdk.openWorkbench({ login: first, signal: stop.signal }).then(
          () => 'opened',
          ({ code }) => code,
        )
        return [stopped, await next]
      }, entry)
      assert.deepEqual(found, ['ABORTED', 'agent@example.com'])
    })

  test('stopped while the lock is requested, and opened in the same tick', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const [first, second] = [await bench.login()(), await bench.login()()]
      const stop = new AbortController()
      const { locks } = navigator
      const request = locks.request.bind(locks)
      /** @type {Promise<string> | undefined} */
      let next
      const stopAndOpen = () => {
        stop.abort()
        next = sdk.openWorkbench({ login: second }).then(
          ({ agentId }) => agentId,
          ({ code }) => code,
        )
      }
      Object.defineProperty(locks, 'request', {
        configurable: true,
        value: (/** @type {Parameters<LockManager['request']>} */ ...args) => {
          Reflect.deleteProperty(locks, 'request')
          queueMicrotask(stopAndOpen)
          return request(...args)
        },
      })
      const stopped = await sdk.openWorkbench({ login: first, signal: stop.signal }).then(
        () => 'opened',
        ({ code }) => code,
      )
      return [stopped, await next]
    })
    assert.deepEqual(found, ['ABORTED', 'agent@example.com'])
  })

  for (const entry of ['login.checked', 'script.injected', 'event.ready'])
    test(`closed while another agent is logged in, at ${entry}, and opened in the same tick`, async () => {
      const page = await world.open()
      const userId = 'colleague@example.com'
      const second = await world.doubles.control('login', { userId })
      const third = await world.doubles.control('login', { userId })
      const found = await page.run(
        async (entry, /** @type {any} */ second, /** @type {any} */ third) => {
          const workbench = await sdk.openWorkbench({ login: await bench.login()() })
          /** @type {Promise<string> | undefined} */
          let next
          sdk.setLogger(({ name }) => {
            if (next || name !== entry) return
            workbench.close()
            next = sdk.openWorkbench({ login: third }).then(
              ({ agentId }) => agentId,
              ({ code }) => code,
            )
          })
          const switched = await workbench.switchAgent(second).then(
            () => 'switched',
            ({ code }) => code,
          )
          return [switched, await next]
        },
        entry,
        second,
        third,
      )
      assert.deepEqual(found, ['ABORTED', userId])
    })

  test('switched, closed and opened in one tick', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const [first, second, third] = [
        await bench.login()(),
        await bench.login()(),
        await bench.login()(),
      ]
      const workbench = await sdk.openWorkbench({ login: first })
      const switched = workbench.switchAgent(second).catch(({ code }) => code)
      workbench.close()
      const next = await sdk.openWorkbench({ login: third })
      return [await switched, next.agentId]
    })
    assert.deepEqual(found, ['ABORTED', 'agent@example.com'])
  })
})
