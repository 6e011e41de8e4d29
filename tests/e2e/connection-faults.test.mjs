// Every fault of a connection at every request of every function that makes one: each ends by its
// deadline, in the code of the documents' table, leaves nothing of ours in the page, and the next call works.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LOGIN, signed } from './cec/visitor.mjs'
import { assertInTime } from './harness/page.mjs'
import * as places from './harness/places.mjs'
import { keep, standing } from './harness/standing.mjs'
import { readTables } from './harness/tables.mjs'
import { HARMLESS, UNRESOLVED, WIRE } from './harness/wire.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** By request and by fault, how it ends. */
const [TABLE] = readTables('docs/en/reference/faults.md')

/** @type {(typeof WIRE)[string]} */
const GOOD = (_, response, { body, type }) =>
  response.writeHead(200, { 'content-type': type }).end(body)

/** The fault that no server makes. */
const NO_HOST = 'a host name that does not resolve'

/** Time enough for three attempts with their pauses. */
const TIMEOUT_MS = 8000
/** For what hangs: it ends by its deadline. */
const SHORT_TIMEOUT_MS = 900

const TCCC_LOGIN = {
  token: '0123456789abcdef0123456789abcdef',
  sdkAppId: '1400000001',
  userId: 'agent@example.com',
}
const CHAT_LOGIN = {
  webAppId: '9903496b6be2e67ad291dd2323f3ae9f',
  clientData: '{"uid":"7"}',
  userSig: 'eJw-',
}
const JSON_TYPE = 'application/json'
const SCRIPT = 'text/javascript'

/** A file of the package. @param {string} name */
const file = (name) => readFileSync(`${places.playground()}/node_modules/calldock/${name}`)

/** What the site responds to a chat's login, wherever its page is. */
const chatLogin = () => ({ type: JSON_TYPE, body: JSON.stringify(CHAT_LOGIN) })

/**
 * How a request is made: `base` stands before its path, `late` says what comes before the page's clock jumps, and
 * `next` is set for the call after one that failed.
 * @typedef {{
 *   timeoutMs: number, base: string, login?: any, late?: 'request' | 'headers', next?: boolean,
 * }} Terms
 */

/**
 * The requests, by the table's column: which path, the response when all is well, and what makes the request.
 * Several functions may share a column.
 * @typedef {{
 *   name?: string, path: RegExp, entry?: 'cec', login?: string,
 *   good: (origin: string, path: string) => import('./harness/wire.mjs').Good,
 *   run: (terms: Terms) => Promise<unknown>,
 * }} Requesting
 * @type {Record<string, Requesting | Requesting[]>}
 */
const REQUESTS = {
  'openWorkbench: login': {
    path: /^\/own\/login$/,
    good: (origin) => ({
      type: JSON_TYPE,
      body: JSON.stringify({ ...TCCC_LOGIN, sdkUrl: `${origin}/pages/vendor.js` }),
    }),
    run: ({ timeoutMs, base }) => sdk.openWorkbench({ login: `${base}/own/login`, timeoutMs }),
  },
  'openWorkbench: script': {
    path: /^\/own\/vendor\.js/,
    good: () => ({
      type: SCRIPT,
      body: readFileSync(new URL('harness/pages/vendor.js', import.meta.url), 'utf8'),
    }),
    run: ({ timeoutMs, base }) =>
      sdk.openWorkbench({
        login: async () => ({
          token: '0123456789abcdef0123456789abcdef',
          sdkAppId: '1400000001',
          userId: 'agent@example.com',
          // Another one for each login, as the vendor's.
          sdkUrl: `${base || location.origin}/own/vendor.js?token=${performance.now()}`,
        }),
        timeoutMs,
      }),
  },
  'openChatWindow, embedChat: login': [
    {
      name: 'openChatWindow: login',
      path: /^\/own\/login$/,
      good: chatLogin,
      run: async ({ timeoutMs, base }) => {
        window.open = /** @type {any} */ (() => ({ close() {}, location: { replace() {} } }))
        await sdk.openChatWindow({ login: `${base}/own/login`, timeoutMs })
      },
    },
    {
      name: 'embedChat: login',
      path: /^\/own\/login$/,
      good: chatLogin,
      run: ({ timeoutMs, base }) =>
        sdk.embedChat(document.body, {
          login: `${base}/own/login`,
          chatPage: `${location.origin}/pages/chat-window.js`,
          timeoutMs,
        }),
    },
  ],
  'embedChat: frame': {
    path: /^\/own\/chat$/,
    good: () => ({ type: 'text/html', body: '<!doctype html><title>chat</title><p>Hello' }),
    run: ({ timeoutMs, base }) =>
      sdk.embedChat(document.body, {
        login: { webAppId: '9903496b6be2e67ad291dd2323f3ae9f' },
        chatPage: `${base || location.origin}/own/chat`,
        timeoutMs,
      }),
  },
  'loadChatWidget: script': {
    path: /^\/own\/widget\.js/,
    good: () => ({ type: SCRIPT, body: 'window.customerServiceIframe = () => {}' }),
    run: ({ timeoutMs, base, next }) =>
      sdk.loadChatWidget({
        webAppId: '9903496b6be2e67ad291dd2323f3ae9f',
        // Browsers let a script's request wait for one of the same address that has not ended.
        scriptUrl: `${base || location.origin}/own/widget.js${next ? '?next' : ''}`,
        timeoutMs,
      }),
  },
  'openChat: login': {
    path: /^\/own\/login$/,
    entry: 'cec',
    good: () => ({ type: JSON_TYPE, body: JSON.stringify(signed('Ann', 'u-1')) }),
    run: ({ timeoutMs, base }) =>
      sdk.openChat({
        login: `${base}/own/login`,
        contextPath: '/service-cloud',
        locale: 'en',
        timeoutMs,
      }),
  },
  'openChat: script': {
    path: /ThirdPartyClient\.js/i,
    entry: 'cec',
    login: LOGIN.authorization,
    good: () => ({ type: SCRIPT, body: 'window.secondScript = 1' }),
    run: ({ timeoutMs, base, login }) =>
      sdk.openChat({ login, contextPath: `${base}/service-cloud`, locale: 'en', timeoutMs }),
  },
  'core: wasm file': {
    path: /\/frame\.wasm$/,
    good: () => ({ type: 'application/wasm', body: file('core/roles/frame.wasm') }),
    run: async ({ base, late }) => {
      const asked = () => bench.fetched.some((url) => url.endsWith('/frame.wasm'))
      let arrived = false
      const { fetch } = window
      window.fetch = async (...terms) => {
        const response = await fetch(...terms)
        arrived = true
        return response
      }
      const wasm = base ? { frame: `${base}/frame.wasm` } : {}
      const ready = sdk.ready({ roles: ['frame'], wasm })
      // How long the file may take.
      if (late) await window.jumpAt(late === 'headers' ? () => arrived : asked, 10_000)
      if ((await ready) === 'streaming') throw new Error('the fault was not met')
    },
  },
  'core: both files': {
    path: /\/frame\.wasm(\.js)?$/,
    good: (_, path) =>
      path.endsWith('.js')
        ? { type: SCRIPT, body: file('core/roles/frame.wasm.js') }
        : { type: 'application/wasm', body: file('core/roles/frame.wasm') },
    run: ({ timeoutMs }) => sdk.ready({ roles: ['frame'], timeoutMs }),
  },
}

/** What an engine takes for something else (docs/en/browsers.md). @type {Record<string, Parameters<import('./harness/world.mjs').World['cannot']>[0]>} */
const CANNOT = {
  'not HTTP': { firefox: 'reads it as HTTP/0.9' },
  'half of a chunked body, then closed': { webkit: 'takes it for the whole body' },
}

/** A cell where engines differ: a frame shows an error page, and only some report that it has loaded. */
const EITHER = 'opens or TIMEOUT'
/** A cell of what waits for the page's clock. */
const LATE = 'opens after 10 s'

inEachBrowser('faults of a connection', (world) => {
  assert.deepEqual([...(TABLE?.keys() ?? [])], Object.keys(REQUESTS), 'the columns of faults.md')
  for (const [column, requesting] of Object.entries(REQUESTS))
    for (const { name: request = column, ...terms } of [requesting].flat()) {
      const { path, entry, good, run, login } = terms
      /** Responds to the request from now on. @param {(typeof WIRE)[string]} answer */
      const respondBy = (answer) => {
        world.site.own = (requested, response) => {
          const { pathname } = new URL(requested.url ?? '', 'http://site')
          if (!path.test(pathname)) return false
          requested.resume()
          answer(requested, response, good(world.site.origin, pathname))
          return true
        }
      }
      const open = () => world.open({ before: ['jump.js'], ...(entry && { entry }) })
      const cells = TABLE?.get(column) ?? new Map()
      assert.deepEqual([...cells.keys()], [NO_HOST, ...Object.keys(WIRE)], 'the rows of faults.md')

      for (const [fault, expected] of cells) {
        if (expected === '–') continue
        const can = CANNOT[fault] ? world.cannot(CANNOT[fault]) : {}
        test(`${request}, ${fault}: ${expected}`, can, async () => {
          const page = await open()
          if (fault !== NO_HOST) respondBy(WIRE[fault] ?? assert.fail(fault))
          const timeoutMs = expected.includes('TIMEOUT') ? SHORT_TIMEOUT_MS : TIMEOUT_MS
          const terms = { timeoutMs, base: fault === NO_HOST ? UNRESOLVED : '', login }
          if (expected === LATE) {
            /** @type {Terms} */
            const given = { ...terms, late: fault.startsWith('headers') ? 'headers' : 'request' }
            return void (await page.run(opened, `${run}`, given))
          }
          if (expected === 'opens') return void (await page.run(opened, `${run}`, terms))
          await page.run(keep)
          const before = await page.run(standing)
          if (expected === EITHER) {
            const { code, ms } = await page.run(ended, `${run}`, terms)
            assert.ok(EITHER.split(' or ').includes(code), code)
            assertInTime({ code, ms }, timeoutMs)
            if (code === 'opens') return
          } else {
            const failure = await page.failure(opened, `${run}`, terms)
            const [code = '', times = '×1'] = expected.split(' ')
            assert.equal(failure.code, code, failure.message)
            assert.deepEqual(
              failure.attempts.map((attempt) => attempt.code),
              Array(Number(times.slice(1)) - 1).fill(code),
            )
            assertInTime(failure, timeoutMs)
          }
          await page.until('the core letting go', () => !('thirdUserData' in window))
          assert.deepEqual(await page.run(standing), before)
          respondBy(GOOD)
          // A wasm file that never arrives is waited for by the next call too.
          await page.run(() => window.jump(10_000))
          const next = { timeoutMs: TIMEOUT_MS, base: '', login, next: true }
          await page.run(opened, `${run}`, next)
        })
      }
      for (const [oddity, answer] of Object.entries(column.startsWith('core') ? {} : HARMLESS))
        test(`${request}, ${oddity}: opens`, async () => {
          const page = await open()
          respondBy(answer)
          await page.run(opened, `${run}`, { timeoutMs: TIMEOUT_MS, base: '', login })
        })
    }
})

/** Runs in the page: opens, and returns nothing, since a workbench cannot leave the page. */
async function opened(/** @type {string} */ source, /** @type {Terms} */ terms) {
  await new Function(`return (${source})`)()(terms)
}

/** Runs in the page: how it ends, and after how many ms. */
async function ended(/** @type {string} */ source, /** @type {Terms} */ terms) {
  const begun = performance.now()
  const work = new Function(`return (${source})`)()(terms)
  const code = await work.then(
    () => 'opens',
    (/** @type {any} */ error) => error.code ?? `${error}`,
  )
  return { code, ms: performance.now() - begun }
}
