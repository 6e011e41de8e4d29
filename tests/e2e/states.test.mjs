// States of a page, of its connection and of its callers: what each function ends in, by the documents' table.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { beforeEach, test } from 'node:test'
import { signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { Intermittent } from './harness/intermittent.mjs'
import { assertInTime } from './harness/page.mjs'
import { PATIENCE_MS, within } from './harness/programs.mjs'
import { keep, standing } from './harness/standing.mjs'
import { readTables } from './harness/tables.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** By function and by state, how it ends. */
const [, TABLE] = readTables('docs/en/reference/faults.md')

/** Served at the top of the site, whose pages are its then. */
const SERVICE_WORKER = readFileSync(new URL('harness/pages/service-worker.js', import.meta.url))

/** Time enough for what shall work. */
const TIMEOUT_MS = 10_000
/** For what gets no response. */
const SHORT_TIMEOUT_MS = 2000

/** How a function is called. @typedef {{ login: string, timeoutMs: number, attempts?: number, signal?: AbortSignal }} Terms */

/**
 * The functions, by the table's column: what calls each, and the response to its login when all is well, and
 * what it gives. `framed`: it is called in a frame.
 * @type {Record<string, {
 *   unit: string, run: (terms: Terms) => Promise<unknown>, entry?: 'cec', framed?: true,
 *   login?: (origin: string) => object,
 * }>}
 */
const FUNCTIONS = {
  openWorkbench: {
    unit: 'workbench',
    login: (origin) => ({
      token: '0123456789abcdef0123456789abcdef',
      sdkAppId: '1400000001',
      userId: 'agent@example.com',
      sdkUrl: `${origin}/pages/vendor.js`,
    }),
    run: (terms) => sdk.openWorkbench(terms),
  },
  openChat: {
    unit: 'chat',
    entry: 'cec',
    login: () => signed('Ann', 'u-1'),
    run: ({ login, timeoutMs, signal }) =>
      sdk.openChat({ login, timeoutMs, signal, contextPath: '/service-cloud', locale: 'en' }),
  },
  callOut: {
    unit: 'call',
    framed: true,
    run: ({ timeoutMs, signal }) =>
      sdk.callOut('10086', { allowParents: [location.origin], timeoutMs, signal }),
  },
  onScreenPop: {
    unit: 'call',
    framed: true,
    run: ({ signal }) =>
      new Promise((resolve, reject) => {
        sdk.onScreenPop(resolve, { onError: reject, signal })
        location.hash = `#?mobile=10086&status=100&nickName=${performance.now()}`
        // After the core has started: every listener has heard of the hash.
        const heard = () => setTimeout(() => reject({ code: 'no call' }), 50)
        if (signal) sdk.currentCall().then(heard, reject)
      }),
  },
  embedChat: {
    unit: 'frame',
    login: () => ({ webAppId: '9903496b6be2e67ad291dd2323f3ae9f' }),
    run: ({ login, timeoutMs, signal }) => {
      const chatPage = `${location.origin}/own/chat`
      return sdk.embedChat(document.body, { login, timeoutMs, signal, chatPage })
    },
  },
}

/**
 * How a call ended: `works` or its code with the number of attempts, after how many ms, when by the page's
 * clock, and whether the page was visible.
 * @typedef {{ end: string, code: string, ms: number, at: number, state: string }} Ended
 */

/** Runs in the page: calls, and gives how it ended. @returns {Promise<Ended>} */
async function called(
  /** @type {string} */ source,
  /** @type {Terms & { abort?: 'before' | 'meanwhile' | 'afterwards' }} */ { abort, ...terms },
) {
  const stop = new AbortController()
  if (abort === 'before') stop.abort()
  const begun = performance.now()
  const signal = abort && { signal: stop.signal }
  const work = new Function(`return (${source})`)()({ ...terms, ...signal })
  if (abort === 'meanwhile') stop.abort()
  let [code, times] = ['works', 1]
  try {
    await work
  } catch (error) {
    const { code: own, attempts = [] } = /** @type {any} */ (error)
    code = own ?? String(error)
    times += attempts.length
  }
  if (abort === 'afterwards') {
    const elements = document.querySelectorAll('*').length
    stop.abort()
    await new Promise((resolve) => setTimeout(resolve))
    if (document.querySelectorAll('*').length !== elements) code = 'undone'
  }
  const at = performance.now()
  const end = times > 1 ? `${code} ×${times}` : code
  return { end, code, ms: Math.round(at - begun), at, state: document.visibilityState }
}

/** Runs in the page: calls once `start` is reached, keeps how it ended and tells the site. */
function begin(
  /** @type {string} */ call,
  /** @type {string} */ source,
  /** @type {Terms} */ terms,
  /** @type {'hidden' | 'now'} */ start,
) {
  window.kept = { resumed: 0 }
  document.addEventListener('resume', () => {
    window.kept.resumed = performance.now()
  })
  const run = async () => {
    window.kept.ended = await new Function(`return (${call})`)()(source, terms)
    await fetch('/own/ended')
  }
  if (start === 'now') run()
  else document.addEventListener('visibilitychange', run, { once: true })
}

inEachBrowser('states of a page', (world) => {
  beforeEach(() => withoutCookies(world))
  assert.deepEqual([...(TABLE?.keys() ?? [])], Object.keys(FUNCTIONS), 'the columns of faults.md')

  const hides = world.cannot({ webkit: 'its driver hides no page' })
  const freezes = world.cannot({
    firefox: 'only a protocol of Chromium freezes a page',
    webkit: 'only a protocol of Chromium freezes a page',
  })

  const never = /** @type {Promise<void>} */ (new Promise(() => {}))
  for (const [name, { unit, run, entry, framed, login }] of Object.entries(FUNCTIONS)) {
    const source = `${run}`
    const cells = new Map(TABLE?.get(name))
    const good = () => JSON.stringify(login?.(world.site.origin))

    /**
     * Opens the page of a test. Its login waits for `held`; `/own/ended` and `/own/gone` call the two listeners.
     * @param {{ held?: Promise<void>, gone?: () => unknown }} [given]
     */
    async function open({ held = Promise.resolve(), gone = () => {} } = {}) {
      let ended = () => {}
      const told = new Promise((resolve) => {
        ended = () => resolve(undefined)
      })
      /** @type {Record<string, () => unknown>} */
      const reported = { '/own/ended': ended, '/own/gone': gone, '/own/chat': () => {} }
      world.site.own = (request, response) => {
        const { pathname } = new URL(request.url ?? '', 'http://site')
        if (pathname === '/own/login') {
          request.resume()
          const headers = { 'content-type': 'application/json' }
          held.then(() => response.writeHead(200, headers).end(good()))
          return true
        }
        if (pathname === '/service-worker.js') {
          response.writeHead(200, { 'content-type': 'text/javascript' }).end(SERVICE_WORKER)
          return true
        }
        const report = reported[pathname]
        if (!report) return false
        report()
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Hello')
        return true
      }
      const page = entry ? { entry } : {}
      const { outer, inner } = framed
        ? await world.openFramed(world.site.origin, page)
        : { outer: undefined, inner: await world.open(page) }
      // What is loaded takes none of the time of who gets no response.
      if (held === never)
        await inner.run(async (framed) => {
          await sdk.ready()
          if (framed) await bench.load('/node_modules/calldock/tccc/frame/host-page.js')
        }, framed ?? false)
      return { page: inner, outer, told: () => within(PATIENCE_MS, 'the end', told) }
    }
    /** @param {Partial<Terms>} [given] */
    const terms = (given) => ({ login: '/own/login', timeoutMs: TIMEOUT_MS, ...given })
    /** @param {import('./harness/page.mjs').View} page @param {Partial<Parameters<typeof called>[1]>} [given] */
    const call = (page, given) => page.run(called, source, terms(given))
    /** The call works, where it did not before. @param {import('./harness/page.mjs').View} page */
    const works = async (page) => assert.equal((await call(page)).end, 'works')
    /**
     * A row of the table: a test of its cell.
     * @param {string} row
     * @param {(expected: string, t: import('node:test').TestContext) => Promise<void>} work
     */
    const row = (row, work, can = {}) => {
      const expected = cells.get(row) ?? assert.fail(`faults.md has no row ${row}`)
      cells.delete(row)
      if (expected !== '–') test(`${name}, ${row}: ${expected}`, can, (t) => work(expected, t))
    }
    /** Turns the driver to another tab, until the test's end. @param {import('node:test').TestContext} t */
    const anotherTab = async (t) => {
      const { driver } = world
      const own = await driver.getWindowHandle()
      await driver.switchTo().newWindow('tab')
      const back = async () => {
        if ((await driver.getAllWindowHandles()).length > 1) await driver.close()
        await driver.switchTo().window(own)
      }
      t.after(back)
      return back
    }
    for (const responds of [true, false])
      row(
        responds ? 'hidden page' : 'hidden page, no response',
        async (expected, t) => {
          const { page, told } = await open(responds ? {} : { held: never })
          const timeoutMs = responds ? TIMEOUT_MS : SHORT_TIMEOUT_MS
          await page.run(begin, `${called}`, source, terms({ timeoutMs }), 'hidden')
          const back = await anotherTab(t)
          await told()
          await back()
          const { end, state, ...ended } = /** @type {Ended} */ (
            await page.run(() => window.kept.ended)
          )
          assert.deepEqual([end, state], [expected, 'hidden'])
          assertInTime(ended, timeoutMs)
        },
        hides,
      )

    for (const responds of [true, false])
      row(
        responds ? 'frozen page, a response meanwhile' : 'frozen page, past its deadline',
        async (expected, t) => {
          await anotherTab(t)
          let release = () => {}
          const held = /** @type {Promise<void>} */ (
            new Promise((resolve) => {
              release = () => resolve(undefined)
            })
          )
          const { page, outer } = await open({ held: responds ? held : never })
          const timeoutMs = responds ? TIMEOUT_MS : SHORT_TIMEOUT_MS
          await page.run(begin, `${called}`, source, terms({ timeoutMs }), 'now')
          if (login) await page.until('the login', () => bench.logged(['login.requested']))
          if (name === 'callOut') await outer?.until('the call', () => bench.messages.length > 0)
          const freeze = (/** @type {string} */ state) =>
            /** @type {any} */ (world.driver).sendDevToolsCommand('Page.setWebLifecycleState', {
              state,
            })
          await freeze('frozen')
          release()
          // Nothing tells that the time has passed in a page whose clock stands.
          if (!responds) await new Promise((resolve) => setTimeout(resolve, SHORT_TIMEOUT_MS + 100))
          await freeze('active')
          await page.until('the end', () => window.kept.ended)
          const { ended, resumed } = await page.run(() => window.kept)
          assert.equal(ended.end, expected)
          assert.ok(resumed > 0, 'it was frozen')
          if (!responds && name !== 'onScreenPop')
            assert.ok(ended.at >= resumed, `it ended ${resumed - ended.at} ms before it woke`)
          assertInTime({ code: ended.code, ms: ended.at - resumed }, 0)
        },
        freezes,
      )

    for (const how of [
      'passes requests on',
      'responds with HTTP 500',
      'responds with a web page',
      'fails',
    ])
      row(`service worker that ${how}`, async (expected, t) => {
        const { page } = await open()
        t.after(() => page.run(unregister))
        await page.run(register, `/service-worker.js?how=${how}`)
        const before = await page.run(standing)
        world.site.requested = []
        const ended = await call(page)
        assert.equal(ended.end, expected)
        const taken = world.site.requested.filter((path) => /^\/own\/login$|\.wasm$/.test(path))
        const passes = how === 'passes requests on'
        assert.equal(taken.length > 0, passes, `the site had ${taken}`)
        assert.equal(await page.run(() => sdk.engine()), passes ? 'streaming' : 'js')
        if (ended.end === 'works') return
        assert.deepEqual(await page.run(standing), before)
        await page.run(passOn)
        await works(page)
      })

    /** A server beside the site that is not there. @param {import('node:test').TestContext} t */
    const absent = async (t) => {
      const server = new Intermittent(() => ({ type: 'application/json', body: good() }))
      await server.start()
      await server.stop()
      t.after(() => server.stop())
      return server
    }
    row('no connection, then one', async (expected, t) => {
      const server = await absent(t)
      const { page } = await open()
      // What makes no request of its own needs none once its files are there.
      if (!login) {
        await works(page)
        world.site.own = ({ socket }) => Boolean(socket.destroy())
      }
      await page.run(keep)
      const before = await page.run(standing)
      const ended = await call(page, { login: `${server.origin}/own/login` })
      assert.equal(ended.end, expected)
      if (expected !== 'works') assert.deepEqual(await page.run(standing), before)
      await server.start()
      assert.equal((await call(page, { login: `${server.origin}/own/login` })).end, 'works')
    })
    row('no connection for the first attempt', async (expected, t) => {
      const server = await absent(t)
      const { page } = await open({ gone: () => server.start() })
      await page.run(() => {
        bench.until(() => bench.logged(['attempt.failed'])).then(() => fetch('/own/gone'))
      })
      const given = { login: `${server.origin}/own/login` }
      // Enough attempts for a server that takes a second to start.
      const retries = name === 'openWorkbench' && { attempts: 8 }
      assert.equal((await call(page, { ...given, ...retries })).end, expected)
    })

    row('ten calls at once', async (expected) => {
      const { page, outer } = await open()
      world.site.requested = []
      const distinct = await page.run(
        async (source, terms) => {
          const run = new Function(`return (${source})`)()
          return new Set(await Promise.all(Array.from({ length: 10 }, () => run(terms)))).size
        },
        source,
        terms(),
      )
      const logins = world.site.requested.filter((path) => path === '/own/login').length
      const count = (/** @type {number} */ n, /** @type {string} */ what) =>
        `${n} ${what}${n === 1 ? '' : 's'}`
      const counts = [count(distinct, unit), ...(login ? [count(logins, 'login')] : [])]
      assert.equal(counts.join(', '), expected)
      if (name === 'callOut') await outer?.until('all', () => bench.messages.length === 10)
    })

    for (const abort of /** @type {const} */ (['before', 'meanwhile', 'afterwards']))
      row(`aborted ${abort}`, async (expected) => {
        const { page } = await open()
        await page.run(keep)
        const before = await page.run(standing)
        assert.equal((await call(page, { abort })).end, expected)
        assert.deepEqual(await page.run(() => bench.errors), [])
        if (expected === 'works') return
        assert.deepEqual(await page.run(standing), before)
        await works(page)
      })

    assert.deepEqual([...cells.keys()], [], 'rows of faults.md that nothing tests')
  }
})

/** Runs in the page: registers a service worker, and waits until the page is its. */
async function register(/** @type {string} */ path) {
  window.kept = undefined
  const { serviceWorker } = navigator
  const taken = new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', resolve, { once: true })
  })
  await serviceWorker.register(path)
  await taken
}

/** Runs in the page: its service worker passes requests on from now on. */
function passOn() {
  const { port1, port2 } = new MessageChannel()
  const done = new Promise((resolve) => {
    port1.onmessage = resolve
  })
  navigator.serviceWorker.controller?.postMessage('passes requests on', [port2])
  return done.then(() => {})
}

/** Runs in the page: no later page has its service worker. */
async function unregister() {
  const { serviceWorker } = navigator
  for (const registration of await serviceWorker.getRegistrations()) await registration.unregister()
}
