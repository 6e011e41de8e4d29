// The core itself: what a panic does, what its memory's growth must not do, and a server's rendering.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import * as places from './harness/places.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NAME = '刘先生'
/** A word that is nobody's name: it may stand in a log. */
const WORD = '备注'
const BROKEN = /^the core: expected to go on, found that it panicked\. Reload the page/

inEachBrowser('core', (world) => {
  test('a panic fails all that waits and all that comes after', async () => {
    const page = await world.open({ before: ['capture.js'], hash: '#?mobile=1&status=100' })
    await world.doubles.control('faults', { sdk: { readyDelay: 'never' } })
    const found = await page.run(async () => {
      await sdk.ready()
      /** @type {any[]} */
      const told = []
      sdk.onScreenPop(() => {}, { onError: (error) => told.push(error) })
      /** @param {Promise<unknown>} promise */
      const settled = (promise) =>
        promise.then(
          () => ({ code: 'none', message: '' }),
          (error) => ({ code: error.code, message: error.message }),
        )
      const waiting = settled(sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }))
      await bench.until(() => bench.entries.some(({ name }) => name === 'global.found'))
      window.core.trapNext = true
      const victim = await settled(sdk.currentCall())
      const begun = performance.now()
      const pending = await waiting
      const ms = performance.now() - begun
      const later = await Promise.all([
        settled(sdk.currentCall()),
        settled(sdk.callOut('10086')),
        settled(sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })),
        settled(sdk.ready()),
      ])
      location.hash = '#?mobile=2&status=100'
      await bench.until(() => told.length)
      return {
        traps: window.core.traps,
        all: [victim, pending, ...later, { code: told[0].code, message: told[0].message }],
        atOnce: ms < 100,
        panicked: bench.entries.filter(({ name }) => name === 'core.panicked').length,
      }
    })
    assert.equal(found.traps, 1, 'one real trap')
    assert.equal(found.all.length, 7)
    for (const { code, message } of found.all) {
      assert.equal(code, 'INTERNAL')
      assert.match(message, BROKEN)
    }
    assert.equal(found.atOnce, true, 'what waits does not wait for its deadline')
    assert.equal(found.panicked, 1)
  })

  test('a panic inside a timer or an event of the core is noticed as well', async () => {
    const page = await world.open({ before: ['capture.js'] })
    await world.doubles.control('faults', { sdk: { globalDelay: '20000' } })
    const failure = await page.failure(async () => {
      const opening = sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      opening.catch(() => {})
      await bench.until(() => bench.entries.some(({ name }) => name === 'script.loaded'))
      // The next to enter the core is the timer that looks for the global.
      window.core.trapNext = true
      await opening
    })
    assert.equal(failure.code, 'INTERNAL')
    assert.match(failure.message, BROKEN)
    assert.ok(failure.ms < 5000, `after ${failure.ms} ms`)
  })

  test('a panic while a command waits fails the command', async () => {
    const page = await world.open({ before: ['capture.js'] })
    const failure = await page.failure(async () => {
      const login = async () => ({
        ...(await bench.login()()),
        sdkUrl: `${location.origin}/pages/vendor.js`,
      })
      const workbench = await sdk.openWorkbench({ login })
      if (window.tccc) window.tccc.answer = new Promise(() => {})
      const call = workbench.call.startOutbound({ phoneNumber: '10086' })
      call.catch(() => {})
      await bench.until(() => window.tccc?.asked.length)
      window.core.trapNext = true
      await sdk.currentCall().catch(() => {})
      await call
    })
    assert.equal(failure.code, 'INTERNAL')
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
          const before = window.core?.memory.buffer.byteLength
          const desc = name.repeat(3_000_000)
          const long = await sdk
            .callOut({ phoneNumber: '10086', desc })
            .catch((error) => error.message)
          const grown = window.core && window.core.memory.buffer.byteLength - Number(before)

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
          let heard
          workbench.on('callIn', (payload) => {
            heard = payload
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
            heard,
            posted: posted.targetOrigin,
            userId: workbench.userId,
            dataset: window.tccc?.dataset,
            asked: window.tccc?.asked[0],
            current: {
              nickName: current?.nickName,
              extra: [...(current?.extra ?? [])],
              status: current?.status,
            },
            pops: pops.map(({ nickName, changed }) => ({ nickName, changed })),
            agent: bench.entries.find(({ name }) => name === 'login.answered')?.detail.userId,
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
      if (engine === 'streaming') assert.ok(Number(found.grown) > 8e6, `grew by ${found.grown}`)
      assert.deepEqual(found.call, { sessionId: WORD, remark: NAME })
      assert.match(found.no, /"备注 忙"/)
      assert.match(
        String(found.event),
        /^event: expected ready, tokenExpired, .* found ‹3 characters›/,
      )
      assert.deepEqual(found.heard, { sessionId: WORD, nickname: NAME })
      assert.equal(found.userId, NAME)
      assert.equal(found.agent, '‹3 characters›')
      assert.equal(found.dataset?.userid, NAME)
      assert.equal(found.dataset?.renderDomId, NAME)
      assert.deepEqual(found.asked, { phoneNumber: '10086', phoneDesc: NAME, uui: NAME })
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
    const failure = await page.failure(() => sdk.ready())
    assert.equal(failure.code, 'NETWORK')
    assert.match(failure.message, /^the core: expected calldock_bg\.wasm or calldock_bg\.wasm\.js/)
    world.site.playground = playground
    assert.equal(await page.run(() => sdk.ready()), 'streaming')
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
    assert.ok(late.ms < 800, `${late.ms} ms`)
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
  let asked = 0
  const login = async () => {
    asked += 1
    throw new Error('never')
  }
  await assert.rejects(tccc.openWorkbench({ login }), refused)
  assert.equal(asked, 0, 'no login is spent on a server')
  assert.throws(() => tccc.onScreenPop(() => {}), refused)
})
