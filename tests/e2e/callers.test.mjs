// What a caller is promised once it has its result: nothing reaches the vendor behind its back, and what one
// caller gives up, another keeps.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('callers', (world) => {
  beforeEach(() => withoutCookies(world))

  /** A page whose vendor is pages/vendor.js, with an open workbench in `kept`. */
  async function small() {
    const page = await world.open()
    await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      window.kept = { login, workbench: await sdk.openWorkbench({ login }) }
    })
    return page
  }

  test('a call whose signal had aborted is not made', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const signal = AbortSignal.abort()
      const { call } = window.kept.workbench
      const code = await call
        .startOutbound({ phoneNumber: '10086' }, { signal })
        .catch((/** @type {any} */ error) => error.code)
      await new Promise((resolve) => setTimeout(resolve))
      return [code, window.tccc?.requested.length]
    })
    assert.deepEqual(found, ['ABORTED', 0])
  })

  test('a call that waited too long for a login is not made once the login is there', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const { workbench, login } = window.kept
      let release = () => {}
      const held = new Promise((resolve) => {
        release = () => resolve(login)
      })
      const switching = workbench.switchAgent(() => held)
      const code = await workbench.call
        .startOutbound({ phoneNumber: '10086' }, { timeoutMs: 100 })
        .catch((/** @type {any} */ error) => error.code)
      release()
      await switching
      await new Promise((resolve) => setTimeout(resolve))
      return [code, window.tccc?.requested.length]
    })
    assert.deepEqual(found, ['TIMEOUT', 0])
  })

  test('a call that was stopped once the vendor had it may have been made', async () => {
    const page = await small()
    const failure = await page.failure(async () => {
      const vendor = /** @type {any} */ (window.tccc)
      const stop = new AbortController()
      vendor.Call.startOutboundCall = () => {
        stop.abort()
        return new Promise(() => {})
      }
      const { call } = window.kept.workbench
      return call.startOutbound({ phoneNumber: '10086' }, { signal: stop.signal })
    })
    assert.equal(failure.code, 'ABORTED')
    assert.match(failure.remedy, /do not dial again/)
  })

  test('an expired login is renewed although a switch had stopped its renewal and failed', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const { workbench, login } = window.kept
      let requested = 0
      await workbench.switchAgent(() => {
        requested += 1
        // The first renewal never ends by itself.
        return requested === 2 ? new Promise(() => {}) : login
      })
      window.tccc?.emit('tokenExpired')
      await bench.until(() => requested === 2)
      const code = await workbench
        .switchAgent(() => Promise.reject(new Error('no session')), { timeoutMs: 5000 })
        .catch((/** @type {any} */ error) => error.code)
      await bench.until(() => requested === 3)
      await bench.until(
        () => bench.entries.filter(({ name }) => name === 'workbench.renewed').length === 2,
      )
      return { code, agentId: workbench.agentId }
    })
    assert.deepEqual(found, { code: 'LOGIN_FAILED', agentId: 'agent@example.com' })
  })

  test('a login that is queued survives an onQueued that throws', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const login = bench.login()
      let requested = 0
      const workbench = await sdk.openWorkbench({
        login: async () => {
          requested += 1
          if (requested > 1) return login()
          const body = JSON.stringify({ ticket: 't-1', waitSeconds: 1 })
          const headers = { 'content-type': 'application/problem+json', 'retry-after': '0' }
          return new Response(body, { status: 503, headers })
        },
        onQueued: () => {
          throw new RangeError('the page')
        },
      })
      return { agentId: workbench.agentId, errors: bench.errors.splice(0).length }
    })
    assert.deepEqual(found, { agentId: 'agent@example.com', errors: 1 })
  })

  test('one event that the vendor does not take costs no other', async () => {
    const page = await world.open({ before: ['partial-vendor.js'] })
    const found = await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      const workbench = await sdk.openWorkbench({ login })
      let rang = 0
      workbench.on('incoming', () => {
        rang += 1
      })
      window.tccc?.emit('callIn', { sessionId: 's-1' })
      return { rang, agentId: workbench.agentId }
    })
    assert.deepEqual(found, { rang: 1, agentId: 'agent@example.com' })
  })

  test('close takes its listeners off the signals of the page', async () => {
    const page = await small()
    const left = await page.run(() => {
      const { workbench } = window.kept
      const { signal } = new AbortController()
      let count = 0
      const [add, remove] = [signal.addEventListener, signal.removeEventListener]
      signal.addEventListener = (/** @type {any} */ ...args) => {
        count += 1
        Reflect.apply(add, signal, args)
      }
      signal.removeEventListener = (/** @type {any} */ ...args) => {
        count -= 1
        Reflect.apply(remove, signal, args)
      }
      const listener = () => {}
      workbench.on('incoming', listener, { signal })
      workbench.on('ended', () => {}, { signal })
      workbench.off('incoming', listener)
      const off = count
      workbench.close()
      return [off, count]
    })
    assert.deepEqual(left, [1, 0])
  })

  for (const { name, event, options, says } of [
    { name: 'a signal that is none', event: 'incoming', options: { signal: {} }, says: /signal/ },
    {
      name: "the channel of all events, '*'",
      event: '*',
      options: { unlisted: true },
      says: /event/,
    },
    { name: 'no event', event: undefined, options: { unlisted: true }, says: /event/ },
  ])
    test(`on refuses ${name}, and adds no listener`, async () => {
      const page = await small()
      const failure = await page.failure(
        (event, options) => {
          window.kept.heard = 0
          window.kept.workbench.on(
            event,
            () => {
              window.kept.heard += 1
            },
            options,
          )
        },
        event,
        options,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.match(failure.message, says)
      const heard = await page.run(() => {
        window.tccc?.emit('callIn', { sessionId: 's-1' })
        return window.kept.heard
      })
      assert.equal(heard, 0)
    })

  test('what is on Object.prototype is no option of on', async () => {
    const page = await small()
    const found = await page.run(() => {
      const polluted = /** @type {any} */ (Object.prototype)
      polluted.signal = AbortSignal.abort()
      polluted.unlisted = true
      try {
        let rang = 0
        window.kept.workbench.on('incoming', () => rang++, {})
        window.tccc?.emit('callIn', { sessionId: 's-1' })
        let code = 'accepted'
        try {
          window.kept.workbench.on('nonsense', () => {}, {})
        } catch (error) {
          code = /** @type {any} */ (error).code
        }
        return [rang, code]
      } finally {
        delete polluted.signal
        delete polluted.unlisted
      }
    })
    assert.deepEqual(found, [1, 'INVALID_OPTION'])
  })

  test('ready reads its options once, and only what they have themselves', async () => {
    const page = await world.open()
    for (const [given, says] of /** @type {[any, RegExp][]} */ ([
      [null, /options: expected an object/],
      [{ role: ['frame'] }, /role/],
      [{ wasm: { other: '/x.wasm' } }, /roles/],
      [{ roles: 5 }, /roles/],
      [{ roles: ['frame'], engine: 'rust' }, /engine/],
    ])) {
      const failure = await page.failure((given) => sdk.ready(given), given)
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.match(failure.message, says)
    }
    const engine = await page.run(async () => {
      const polluted = /** @type {any} */ (Object.prototype)
      polluted.wasm = { frame: 'https://other.example.com/frame.wasm' }
      try {
        return await sdk.ready({ roles: ['frame'] })
      } finally {
        delete polluted.wasm
      }
    })
    assert.notEqual(engine, undefined)
    const requested = await page.run(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).hostname),
    )
    assert.ok(!requested.includes('other.example.com'), requested.join())
  })

  test('of two who open the chat one may give up', async () => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    const found = await view.run(
      async (login) => {
        const terms = { contextPath: '/service-cloud', locale: /** @type {const} */ ('en') }
        const stop = new AbortController()
        const first = sdk
          .openChat({ ...terms, login, signal: stop.signal })
          .catch((/** @type {any} */ error) => error.code)
        const second = sdk.openChat({ ...terms, login })
        stop.abort()
        return [await first, (await second).customerId]
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, ['ABORTED', 'u-1'])
  })

  test('of two who open the chat both may give up, and a third opens it', async () => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    const found = await view.run(
      async (login) => {
        const terms = { contextPath: '/service-cloud', locale: /** @type {const} */ ('en') }
        const stop = new AbortController()
        const both = [1, 2].map(() =>
          sdk
            .openChat({ ...terms, login, signal: stop.signal })
            .catch((/** @type {any} */ error) => error.code),
        )
        stop.abort()
        const codes = await Promise.all(both)
        return [...codes, (await sdk.openChat({ ...terms, login })).customerId]
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, ['ABORTED', 'ABORTED', 'u-1'])
  })

  test('a literal login is the one that was handed over, whatever the page does to it', async () => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    const customer = await view.run(
      async (login) => {
        const opening = sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        Object.assign(login, { thirdUserId: 'u-2' })
        return (await opening).customerId
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(customer, 'u-1')
  })

  for (const lang of ['en', 'zh'])
    test(`texts of errors that never arrive keep nothing waiting (${lang})`, async () => {
      /** @type {import('node:http').ServerResponse[]} */
      const held = []
      world.site.own = ({ url }, response) => {
        const isText = /\/codes\./.test(url ?? '')
        if (isText) held.push(response)
        return isText
      }
      try {
        const page = await world.open({ lang, fresh: true })
        const found = await page.run(async () => {
          const code = await sdk
            .openWorkbench({ login: () => new Promise(() => {}), timeoutMs: 200 })
            .catch((error) => error.code)
          return [code, await sdk.currentCall()]
        })
        assert.deepEqual(found, ['TIMEOUT', null])
        assert.ok(held.length > 0)
      } finally {
        world.site.own = undefined
        for (const response of held) response.destroy()
      }
    })

  test('what a page throws is not sent to the frame that sent a message', async () => {
    const { outer, inner } = await world.openFramed(world.site.origin)
    await outer.run(async (serve) => {
      const { serveCallOuts } = await import(serve)
      const workbench = {
        call: { startOutbound: () => Promise.reject(new Error('token=abc 13800000000')) },
        sessions: { list: [], subscribe: () => () => {} },
        closed: new Promise(() => {}),
      }
      serveCallOuts(workbench, { allow: [location.origin] })
    }, '/node_modules/calldock/bridge.js')
    const failure = await inner.failure(() =>
      sdk.callOut('10086', { targetOrigin: location.origin }),
    )
    assert.equal(failure.code, 'INTERNAL')
    assert.ok(!/13800000000|token/.test(JSON.stringify(failure)), JSON.stringify(failure))
  })
})
