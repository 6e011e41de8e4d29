// The core itself: traps and exceptions, the growth of its memory, and rendering on a server.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { assertInTime } from './harness/page.mjs'
import * as places from './harness/places.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NAME = '刘先生'
/** Not a name: it may be logged. */
const WORD = '备注'
/** @param {string} role */
const trapped = (role) => `the ${role} core: expected to go on, found that it trapped`
const LINK = { webAppId: '9903496b6be2e67ad291dd2323f3ae9f' }

inEachBrowser('core', (world) => {
  test('a trap fails all that waits for its role and all that comes after', async () => {
    const page = await world.open({ before: ['capture.js'], hash: '#?mobile=1&status=100' })
    await world.doubles.control('faults', { sdk: { readyDelay: 'never' } })
    const found = await page.run(async (link) => {
      await sdk.ready({ roles: ['host'] })
      /** @param {Promise<unknown>} promise */
      const settled = (promise) =>
        promise.then(
          () => ({ code: 'none', message: '' }),
          (error) => ({ code: error.code, message: error.message }),
        )
      const waiting = settled(sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }))
      await bench.until(() => bench.logged(['script.loaded']))
      window.core.trapNext = true
      const first = await settled(sdk.chatLink(link))
      const begun = performance.now()
      const pending = await waiting
      const ms = performance.now() - begun
      const later = await Promise.all([
        settled(sdk.chatLink(link)),
        settled(sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })),
        settled(sdk.ready({ roles: ['host'] })),
      ])
      const other = await sdk.currentCall()
      return {
        traps: window.core.traps,
        all: [first, pending, ...later],
        atOnce: ms < 5000,
        mobile: other?.mobile,
        engines: [sdk.engine('host'), sdk.engine('frame')],
        logged: bench.entries.filter(({ name }) => name === 'core.trapped').length,
        left: bench.left().scripts,
      }
    }, LINK)
    assert.equal(found.traps, 1, 'one real trap')
    assert.equal(found.all.length, 5)
    for (const { code, message } of found.all)
      assert.deepEqual([code, message], ['INTERNAL', trapped('host')])
    assert.equal(found.atOnce, true, 'what waits does not wait for its deadline')
    assert.equal(found.mobile, '1', 'the other role goes on')
    assert.deepEqual(found.engines, [null, 'streaming'])
    assert.equal(found.logged, 1)
    assert.equal(found.left, 0, 'the script of the opening is gone')
  })

  test('a trap ends an open workbench: closed, event loops and commands settle', async () => {
    const page = await world.open({ before: ['capture.js'] })
    const found = await page.run(async (link) => {
      const login = async () => ({
        ...(await bench.login()()),
        sdkUrl: `${location.origin}/pages/vendor.js`,
      })
      const workbench = await sdk.openWorkbench({ login })
      if (window.tccc) window.tccc.answer = new Promise(() => {})
      const call = workbench.call.startOutbound({ phoneNumber: '10086' }).catch((e) => e.code)
      const loop = (async () => {
        for await (const event of workbench.events()) void event
        return 'ended'
      })()
      await bench.until(() => window.tccc?.requested.length)
      window.core.trapNext = true
      await sdk.chatLink(link).catch(() => {})
      const closed = workbench.closed.then(
        () => 'closed',
        (error) => error.code,
      )
      const close = Promise.resolve(workbench.close()).then(
        () => 'closed',
        (error) => error.code,
      )
      const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'pending'))
      return Promise.all([call, loop, closed, close].map((each) => Promise.race([each, late])))
    }, LINK)
    assert.deepEqual(found, ['INTERNAL', 'ended', 'closed', 'closed'])
  })

  test('a trap inside the hashchange listener is heard by onError, and by the window where none is', async () => {
    for (const listens of [true, false]) {
      const page = await world.open({ before: ['capture.js'] })
      const found = await page.run(async (listens) => {
        /** @type {any[]} */
        const errors = []
        /** @type {any[]} */
        const calls = []
        await sdk.ready({ roles: ['frame'] })
        const stop = sdk.onScreenPop((call) => calls.push(call.mobile), {
          ...(listens && { onError: (/** @type {any} */ error) => errors.push(error.code) }),
        })
        location.hash = '#?mobile=1&status=100'
        await bench.until(() => calls.length)
        window.core.trapNext = true
        location.hash = '#?mobile=2&status=100'
        await bench.until(() => errors.length + bench.errors.length)
        // Heard after the package's own listeners, and what these have begun ends before the next task.
        const third = new Promise((resolve) =>
          addEventListener('hashchange', ({ newURL }) => newURL.includes('mobile=3') && resolve(0)),
        )
        location.hash = '#?mobile=3&status=100'
        await third
        await new Promise((resolve) => setTimeout(resolve))
        stop()
        const later = await sdk.callOut('10086').catch((error) => error.code)
        return { errors, calls, uncaught: bench.errors.length, later }
      }, listens)
      assert.deepEqual(found.calls, ['1'])
      assert.deepEqual(found.errors, listens ? ['INTERNAL'] : [])
      assert.equal(found.uncaught, listens ? 0 : 1)
      assert.equal(found.later, 'INTERNAL')
    }
  })

  test('an exception of the page, of its getters or of a replaced API does not poison', async () => {
    const page = await world.open({ hash: '#?mobile=1&status=100' })
    const found = await page.run(async () => {
      /** @param {() => unknown} work */
      const code = async (work) => {
        try {
          await work()
          return 'none'
        } catch (error) {
          return /** @type {any} */ (error).code ?? String(error)
        }
      }
      const { proxy, revoke } = Proxy.revocable({ phoneNumber: '10086' }, {})
      revoke()
      const throwing = Object.defineProperty({}, 'phoneNumber', {
        enumerable: true,
        get() {
          throw new TypeError('mine')
        },
      })
      const codes = [
        await code(() => sdk.callOut(/** @type {any} */ (proxy))),
        await code(() => sdk.callOut(/** @type {any} */ (throwing))),
      ]
      const { createElement } = document
      document.createElement = () => {
        throw new Error('replaced')
      }
      codes.push(await code(() => sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })))
      document.createElement = createElement
      const { parse } = JSON
      JSON.parse = () => {
        throw new SyntaxError('replaced')
      }
      codes.push(await code(() => sdk.currentCall()))
      JSON.parse = parse
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      await workbench.close()
      return { codes, mobile: (await sdk.currentCall())?.mobile }
    })
    assert.deepEqual(found.codes.slice(0, 2), ['INVALID_OPTION', 'INVALID_OPTION'])
    assert.equal(found.codes[2], 'INTERNAL')
    assert.equal(found.codes[3], 'INTERNAL')
    assert.equal(found.mobile, '1')
  })

  test('exceptions that pass the module do not use up its stack', async () => {
    const page = await world.open({ before: ['capture.js'], hash: '#?mobile=1&status=100' })
    const found = await page.run(async () => {
      await sdk.ready({ roles: ['frame'] })
      const [core] = window.core.instances
      const before = core.stack_pointer(0)
      const { parse } = JSON
      JSON.parse = () => {
        throw new SyntaxError('replaced')
      }
      for (let at = 0; at < 100; at++) await sdk.currentCall().catch(() => {})
      JSON.parse = parse
      return core.stack_pointer(0) - before
    })
    assert.equal(found, 0)
  })

  // A promise that an async function returns without `await` looks `then` up in the page.
  for (const name of ['openWorkbench', 'openChat', 'embedChat', 'openChatWindow'])
    test(`${name}: its deadline passes though the page has replaced setTimeout and Promise.prototype.then`, async () => {
      const page = await world.open(name === 'openChat' ? { entry: 'cec' } : {})
      const failure = await page.failure(async (name) => {
        await sdk.ready({ roles: [name === 'openChat' ? 'cec' : 'host'] })
        /** @type {any} */
        const options = {
          login: () => new Promise(() => {}),
          ...(name === 'openChat' && { contextPath: '/service-cloud', locale: 'en' }),
          timeoutMs: 1500,
        }
        window.open = /** @type {any} */ (() => ({ close() {} }))
        /** @type {Record<string, () => Promise<unknown>>} */
        const functions = {
          openWorkbench: () => sdk.openWorkbench(options),
          openChat: () => sdk.openChat(options),
          embedChat: () => sdk.embedChat(document.body, options),
          openChatWindow: () => sdk.openChatWindow(options),
        }
        const { setTimeout } = window
        const { then } = Promise.prototype
        const opening = functions[name]?.()
        window.setTimeout = /** @type {any} */ (() => 0)
        // biome-ignore lint/suspicious/noThenProperty: as a hostile or broken page does
        Promise.prototype.then = () => new Promise(() => {})
        try {
          // Not `return opening`: that would look `then` up.
          await opening
        } finally {
          window.setTimeout = setTimeout
          // biome-ignore lint/suspicious/noThenProperty: the browser's own
          Promise.prototype.then = then
        }
      }, name)
      assert.equal(failure.code, 'TIMEOUT')
      assertInTime(failure, 1500)
    })

  for (const engine of /** @type {const} */ (['streaming', 'js']))
    for (const settles of [true, false])
      test(`a then that ${settles ? 'returns nothing' : 'never settles'} while the first call is made ends no role, ${engine}`, async () => {
        const page = await world.open({
          hash: '#?mobile=1&status=100',
          ...(engine === 'js' && { csp: "script-src 'self'" }),
        })
        const found = await page.run(async (settles) => {
          const { then } = Promise.prototype
          const never = new Promise(() => {})
          // biome-ignore lint/suspicious/noThenProperty: as a hostile or broken page does
          Promise.prototype.then = /** @type {any} */ (() => (settles ? undefined : never))
          const first = sdk.currentCall({ timeoutMs: 5000 })
          // biome-ignore lint/suspicious/noThenProperty: the browser's own
          Promise.prototype.then = then
          const calls = [await first, await sdk.currentCall({ timeoutMs: 5000 })]
          return [sdk.engine('frame'), ...calls.map((call) => call?.mobile)]
        }, settles)
        assert.deepEqual(found, [engine, '1', '1'])
      })

  for (const engine of /** @type {const} */ (['streaming', 'js']))
    test(`after its memory has grown, texts pass whole through every export, ${engine}`, async () => {
      const options = engine === 'streaming' ? { before: ['capture.js'] } : {}
      const { outer, inner: page } = await world.openFramed(world.site.otherOrigin, {
        ...options,
        hash: `#?mobile=1&nickName=${encodeURIComponent(NAME)}&status=100&${encodeURIComponent(WORD)}=${encodeURIComponent(NAME)}`,
      })
      // Grown while everything that holds a view of the memory already exists.
      const found = await page.run(
        async (engine, name, word) => {
          if (engine === 'js') await sdk.ready({ engine })
          else await sdk.ready()
          /** @type {any[]} */
          const pops = []
          sdk.onScreenPop((call) => pops.push(call))
          const login = async () => ({
            ...(await bench.login()()),
            sdkUrl: `${location.origin}/pages/vendor.js`,
            userId: name,
          })
          const workbench = await sdk.openWorkbench({ login, renderDomId: name })
          for (const { memory } of window.core?.instances ?? []) memory.grow(160)
          const grown = window.core?.instances.length
          const desc = name.repeat(3_000_000)
          const long = await sdk
            .callOut({ phoneNumber: '10086', desc })
            .catch((error) => error.message)
          if (window.tccc)
            window.tccc.answer = { status: 'success', data: { sessionId: word, remark: name } }
          const call = await workbench.call.startOutbound({
            phoneNumber: '10086',
            phoneDesc: name,
            uui: name,
          })
          if (window.tccc)
            window.tccc.answer = Promise.reject({ status: 'error', errorMsg: `${word} 忙` })
          const no = await workbench.call
            .startOutbound({ phoneNumber: '10086' })
            .catch((error) => error.message)
          const event = (() => {
            try {
              return workbench.on(/** @type {any} */ (name), () => {})
            } catch (error) {
              return /** @type {Error} */ (error).message
            }
          })()
          /** @type {any} */
          let received
          workbench.on('incoming', (payload) => {
            received = payload
          })
          window.tccc?.emit('callIn', { data: { sessionId: word, nickname: name } })
          await bench.until(() => pops.length === 1)
          location.hash = location.hash.replace('status=100', `status=${encodeURIComponent(name)}`)
          await bench.until(() => pops.length === 2)
          const current = await sdk.currentCall()
          const posted = await sdk.callOut(
            { phoneNumber: '10086', desc: name },
            { targetOrigin: '*' },
          )
          return {
            engine: sdk.engine(),
            long,
            grown,
            call,
            no,
            event,
            received,
            posted: posted.targetOrigin,
            agentId: workbench.agentId,
            dataset: window.tccc?.dataset,
            requested: window.tccc?.requested[0],
            current: {
              nickName: current?.nickName,
              extra: [...(current?.extra ?? [])],
              status: current?.status,
            },
            pops: pops.map(({ nickName, changed }) => ({ nickName, changed })),
          }
        },
        engine,
        NAME,
        WORD,
      )
      assert.equal(found.engine, engine)
      assert.match(
        found.long,
        /^callOut\.desc: expected at most 256 characters, found ‹9000000 characters›/,
      )
      if (engine === 'streaming') assert.equal(found.grown, 2, 'both modules have grown')
      assert.deepEqual(found.call, { sessionId: WORD, remark: NAME })
      assert.match(found.no, /"备注 忙"/)
      assert.match(String(found.event), /^event: expected ready, tokenExpired, .* found /)
      assert.deepEqual(found.received, { sessionId: WORD, nickname: NAME })
      assert.equal(found.agentId, NAME)
      assert.equal(found.dataset?.userid, NAME)
      assert.equal(found.dataset?.renderDomId, NAME)
      assert.deepEqual(found.requested, { phoneNumber: '10086', phoneDesc: NAME, uui: NAME })
      assert.deepEqual(found.current, {
        nickName: NAME,
        extra: [[WORD, NAME]],
        status: `other:${NAME}`,
      })
      assert.deepEqual(found.pops, [
        { nickName: NAME, changed: found.pops[0]?.changed },
        { nickName: NAME, changed: ['status'] },
      ])
      assert.ok(found.pops[0]?.changed.includes(WORD))
      await outer.until('the message', () => bench.messages.length > 0)
      const [message] = await outer.run(() => /** @type {any[]} */ (bench.messages))
      assert.deepEqual(message.data.payload.message, { phoneNumber: '10086', desc: NAME })
    })

  for (const engine of /** @type {const} */ (['streaming', 'js']))
    test(`after its memory has grown, a real vendor hears whole texts, ${engine}`, async () => {
      const page = await world.open()
      await page.run(
        async (engine, name) => {
          if (engine === 'js') await sdk.ready({ engine })
          const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
          const call = { phoneNumber: '10086', desc: name.repeat(3_000_000) }
          await sdk.callOut(call).catch(() => {})
          await workbench.call.startOutbound({ phoneNumber: '10086', phoneDesc: name })
        },
        engine,
        NAME,
      )
      const [command] = await world.doubles.log('command')
      assert.deepEqual(command?.options, { phoneNumber: '10086', phoneDesc: NAME })
    })

  test('a start that failed may be tried again', async () => {
    const page = await world.open()
    const playground = world.site.playground
    world.site.playground = '/nowhere'
    try {
      // One role: the second try would join another one's start, which may not have failed yet.
      const failure = await page.failure(() => sdk.ready({ roles: ['frame'] }))
      assert.equal(failure.code, 'NETWORK')
      assert.match(failure.message, /^the frame core: expected frame\.wasm beside the script/)
    } finally {
      world.site.playground = playground
    }
    assert.equal(await page.run(() => sdk.ready({ roles: ['frame'] })), 'streaming')
  })

  test('ready settles by its deadline and by its signal', async () => {
    /** @type {() => void} */
    let release = () => {}
    const held = new Promise((resolve) => {
      release = () => resolve(undefined)
    })
    const page = await world.open({ wasm: { held: /** @type {Promise<void>} */ (held) } })
    const late = await page.failure(() => sdk.ready({ timeoutMs: 200 }))
    assert.equal(late.code, 'TIMEOUT')
    assertInTime(late, 200)
    const stopped = await page.failure(() => {
      const stop = new AbortController()
      const ready = sdk.ready({ signal: stop.signal })
      stop.abort()
      return ready
    })
    assert.equal(stopped.code, 'ABORTED')
    release()
    assert.equal(await page.run(() => sdk.ready()), 'streaming')
  })
})

test('on a server the package touches no window, and what it is asked is refused', async () => {
  const at = (/** @type {string} */ file) =>
    import(pathToFileURL(`${places.playground()}/node_modules/calldock/${file}`).href)
  const tccc = /** @type {typeof import('calldock/tccc')} */ (await at('tccc.js'))
  const shared = /** @type {typeof import('calldock')} */ (await at('index.js'))
  assert.equal(typeof globalThis.window, 'undefined')
  assert.equal(shared.engine(), undefined)
  shared.setLogger(() => {})
  const refused = (/** @type {unknown} */ error) =>
    error instanceof shared.CalldockError && error.code === 'UNSUPPORTED_BROWSER'
  await assert.rejects(shared.ready(), refused)
  await assert.rejects(tccc.currentCall(), refused)
  await assert.rejects(tccc.callOut('10086'), refused)
  await assert.rejects(tccc.openWorkbench({ login: '/calldock/v1/tccc/login' }), refused)
  let requested = 0
  const login = async () => {
    requested += 1
    throw new Error('never')
  }
  await assert.rejects(tccc.openWorkbench({ login }), refused)
  assert.equal(requested, 0, 'no login is spent on a server')
  assert.throws(() => tccc.onScreenPop(() => {}), refused)
})
