// Deadlines and signals of the functions that wait for a part of the package, and of the loops over events.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { eventually } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'

/** A function, what it is called with before its options, its options, and what becomes of it in the end. */
const FUNCTIONS = /** @type {const} */ ([
  ['tccc', 'chatLink', [{ webAppId: '9903496b6be2e67ad291dd2323f3ae9f' }], {}, 'done'],
  ['tccc', 'currentCall', [], {}, 'done'],
  ['tccc', 'screenPopCompatibility', [], {}, 'done'],
  ['cec', 'currentCall', [], {}, 'done'],
  ['cec', 'screenPopCompatibility', [], {}, 'done'],
  ['cec', 'callOut', [NUMBER], { allowOrigins: ['https://cec.example.com'] }, 'ORIGIN_REFUSED'],
  ['pop', 'callOut', [NUMBER], { allowOrigins: ['https://cec.example.com'] }, 'ORIGIN_REFUSED'],
])

/** In the page: calls what `kept` has, and stops it while it waits. */
function stopped() {
  const { call, stop } = window.kept
  const called = call({ signal: stop.signal })
  // Not in the same task: it waits by then.
  setTimeout(() => stop.abort())
  return called
}

inEachBrowser('waits', (world) => {
  /** Makes a promise, and what resolves it. */
  const gate = () => {
    let open = () => {}
    const opened = new Promise((/** @type {(value: void) => void} */ resolve) => {
      open = () => resolve()
    })
    return { opened, open }
  }

  for (const [file, name, before, options, end] of FUNCTIONS)
    test(`${name} of ${file} ends by its deadline and by its signal while the core is loaded`, async () => {
      const { opened, open } = gate()
      const page = await world.open({ wasm: { held: opened } })
      try {
        world.site.requested = []
        const early = await page.run(
          async (file, name, before, options) => {
            const module = await bench.load(`/node_modules/calldock/${file}.js`)
            const call = (/** @type {object} */ terms) =>
              module[name](...before, { ...options, ...terms }).then(
                () => 'done',
                (/** @type {any} */ error) => error.code,
              )
            const stopped = new AbortController()
            stopped.abort()
            window.kept = { call, stop: new AbortController() }
            return [
              await call({ timeoutMs: 0 }),
              await call({ signal: 'never' }),
              await call({ signal: stopped.signal }),
            ]
          },
          ...[file, name, before, options],
        )
        assert.deepEqual(early, ['INVALID_OPTION', 'INVALID_OPTION', 'ABORTED'])
        const loaded = () => world.site.requested.filter((path) => path.endsWith('.wasm'))
        assert.deepEqual(loaded(), [], 'an aborted call loads nothing')
        const late = await page.run(() => window.kept.call({ timeoutMs: 100 }))
        assert.equal(late, 'TIMEOUT')
        await eventually('the request', () => loaded().length > 0)
        assert.equal(loaded().length, 1)
        assert.equal(await page.run(stopped), 'ABORTED')
      } finally {
        open()
      }
      assert.equal(await page.run(() => window.kept.call({ timeoutMs: 30_000 })), end)
    })

  for (const [what, entry] of /** @type {const} */ ([
    ['workbench', 'module'],
    ['chat', 'cec'],
  ]))
    test(`compatibility of a ${what} ends by its deadline and by its signal while its part is loaded`, async () => {
      const page = await world.open({ entry, before: ['chat-window.js'], fresh: true })
      await page.run(async (what) => {
        const { openWorkbench, openChat } = /** @type {any} */ (sdk)
        const login = `/calldock/v1/${what === 'chat' ? 'cec' : 'tccc'}/login`
        const opened =
          what === 'chat'
            ? await openChat({ login, contextPath: '/service-cloud', locale: 'en' })
            : await openWorkbench({ login })
        window.kept = {
          stop: new AbortController(),
          call: (/** @type {object} */ terms) =>
            opened.compatibility(terms).then(
              () => 'done',
              (/** @type {any} */ error) => error.code,
            ),
        }
      }, what)
      /** @type {{ path: string, response: import('node:http').ServerResponse }[]} */
      const held = []
      world.site.own = ({ url }, response) => {
        const path = url ?? ''
        if (!/\/(?!codes)[^/]+\.js$/.test(path)) return false
        held.push({ path, response })
        return true
      }
      try {
        const early = await page.run(async () => {
          const stopped = new AbortController()
          stopped.abort()
          const { call } = window.kept
          return [await call({ timeoutMs: 0 }), await call({ signal: stopped.signal })]
        })
        assert.deepEqual(early, ['INVALID_OPTION', 'ABORTED'])
        assert.deepEqual(held, [], 'an aborted call loads nothing')
        assert.equal(await page.run(() => window.kept.call({ timeoutMs: 100 })), 'TIMEOUT')
        assert.equal(await page.run(stopped), 'ABORTED')
        await eventually('the request', () => held.length > 0)
      } finally {
        world.site.own = undefined
        for (const { path, response } of held)
          response.writeHead(302, { location: `${path}?again` }).end()
      }
      assert.equal(await page.run(() => window.kept.call()), 'done')
    })

  test('a signal ends the loop over the events at once, and closing it after what has come', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const login = async () => ({
        ...(await bench.login()()),
        sdkUrl: `${location.origin}/pages/vendor.js`,
      })
      const workbench = await sdk.openWorkbench({ login })
      const ring = (/** @type {string} */ sessionId) =>
        window.tccc?.emit('callIn', { data: { sessionId } })
      const over = async (/** @type {AsyncIterator<any>} */ events) => (await events.next()).done
      const stop = new AbortController()
      const { signal } = stop
      /** @type {string[]} */
      const seen = []
      const loop = (async () => {
        for await (const { sessionId } of workbench.events('incoming', { signal })) {
          seen.push(sessionId)
          if (sessionId === '2') stop.abort()
        }
      })()
      for (const id of ['1', '2', '3']) ring(id)
      await loop
      const after = await over(workbench.events(undefined, { signal }))
      const other = new AbortController()
      const waiting = over(workbench.events('ended', { signal: other.signal }))
      other.abort()
      const aborted = await waiting
      const wrong = (() => {
        try {
          workbench.events('ended', /** @type {any} */ ({ signal: 'never' }))
        } catch (error) {
          return /** @type {any} */ (error).code
        }
      })()
      const kept = workbench.events('incoming', { signal: new AbortController().signal })
      ring('4')
      workbench.close()
      const last = await kept.next()
      return {
        seen,
        ...{ after, aborted, wrong, last: last.value?.sessionId, closed: await over(kept) },
      }
    })
    assert.deepEqual(found, {
      seen: ['1', '2'],
      ...{ after: true, aborted: true, wrong: 'INVALID_OPTION', last: '4', closed: true },
    })
  })

  test('a signal ends the loop over the states of a call, and the call goes on', async () => {
    world.site.pages.set('/framed', {})
    const outer = await world.open({ frame: `${world.site.otherOrigin}/framed` })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    await outer.run(async (allow) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      sdk.serveCallOuts(workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    const found = await inner.run(
      async (number, parent) => {
        const result = await sdk.callOut(number, { allowParents: [parent] })
        if (!result.acknowledged) return undefined
        const stop = new AbortController()
        /** @type {string[]} */
        const seen = []
        for await (const { state } of result.states({ signal: stop.signal })) {
          seen.push(state)
          stop.abort()
        }
        const [after] = [(await result.states({ signal: stop.signal }).next()).done]
        const wrong = (() => {
          try {
            result.states(/** @type {any} */ ({ signal: 'never' }))
          } catch (error) {
            return /** @type {any} */ (error).code
          }
        })()
        window.kept = result
        return { seen, after, wrong }
      },
      NUMBER,
      world.site.origin,
    )
    assert.deepEqual(found, { seen: ['ringing'], after: true, wrong: 'INVALID_OPTION' })
    await world.doubles.control('hangup')
    const last = await inner.run(async () => {
      let last
      for await (const { state } of window.kept.states()) last = state
      return last
    })
    assert.equal(last, 'ended')
  })
})
