// Every fault of a connection at every request of every function that makes one: each ends by its
// deadline, in the code of this table, and leaves nothing of ours in the page.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LOGIN, signed } from './cec/visitor.mjs'
import { assertInTime } from './harness/page.mjs'
import { HARMLESS, WIRE } from './harness/wire.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** The table of the documents: by request and by fault, how it ends. */
const TABLE = readTable(new URL('../../docs/en/reference/faults.md', import.meta.url))

/** Time enough for three attempts with their pauses. */
const TIMEOUT_MS = 8000
/** For what hangs: it ends by its deadline. */
const SHORT_TIMEOUT_MS = 900

/** @param {URL} file @returns {Map<string, Map<string, string>>} */
function readTable(file) {
  const lines = readFileSync(file, 'utf8').split('\n')
  const rows = lines
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
  const [[, ...requests] = [], ...faults] = rows
  return new Map(
    requests.map((request, at) => [
      request.replaceAll('`', ''),
      new Map(faults.map((cells) => [cells[0] ?? '', cells[at + 1] ?? ''])),
    ]),
  )
}

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

/**
 * The requests: which path, the answer when all is well, and what makes the request.
 * @type {Record<string, {
 *   path: RegExp, entry?: 'cec', good: (origin: string) => { body: string, type: string },
 *   run: (timeoutMs: number, login?: any) => Promise<unknown>, login?: string,
 * }>}
 */
const REQUESTS = {
  'openWorkbench: login': {
    path: /^\/own\/login$/,
    good: (origin) => ({
      type: 'application/json',
      body: JSON.stringify({ ...TCCC_LOGIN, sdkUrl: `${origin}/pages/vendor.js` }),
    }),
    run: (timeoutMs) => sdk.openWorkbench({ login: '/own/login', timeoutMs }),
  },
  'openWorkbench: script': {
    path: /^\/own\/vendor\.js/,
    good: () => ({
      type: 'text/javascript',
      body: readFileSync(new URL('harness/pages/vendor.js', import.meta.url), 'utf8'),
    }),
    run: (timeoutMs) =>
      sdk.openWorkbench({
        login: async () => ({
          token: '0123456789abcdef0123456789abcdef',
          sdkAppId: '1400000001',
          userId: 'agent@example.com',
          sdkUrl: `${location.origin}/own/vendor.js`,
        }),
        timeoutMs,
      }),
  },
  'openChatWindow, embedChat: login': {
    path: /^\/own\/login$/,
    good: () => ({ type: 'application/json', body: JSON.stringify(CHAT_LOGIN) }),
    run: async (timeoutMs) => {
      window.open = /** @type {any} */ (() => ({ close() {}, location: { replace() {} } }))
      await sdk.openChatWindow({ login: '/own/login', timeoutMs })
    },
  },
  'loadChatWidget: script': {
    path: /^\/own\/widget\.js/,
    good: () => ({ type: 'text/javascript', body: 'window.customerServiceIframe = () => {}' }),
    run: (timeoutMs) =>
      sdk.loadChatWidget({
        webAppId: '9903496b6be2e67ad291dd2323f3ae9f',
        scriptUrl: `${location.origin}/own/widget.js`,
        timeoutMs,
      }),
  },
  'openChat: login': {
    path: /^\/own\/login$/,
    entry: 'cec',
    good: () => ({ type: 'application/json', body: JSON.stringify(signed('Ann', 'u-1')) }),
    run: (timeoutMs) =>
      sdk.openChat({
        login: '/own/login',
        contextPath: '/service-cloud',
        locale: 'en',
        timeoutMs,
      }),
  },
  'openChat: script': {
    path: /ThirdPartyClient\.js/i,
    entry: 'cec',
    login: LOGIN.authorization,
    good: () => ({ type: 'text/javascript', body: 'window.secondScript = 1' }),
    run: (timeoutMs, login) =>
      sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en', timeoutMs }),
  },
}

/** What an engine takes for something else (docs/en/browsers.md). @type {Record<string, Parameters<import('./harness/world.mjs').World['cannot']>[0]>} */
const CANNOT = {
  'not HTTP': { firefox: 'reads it as HTTP/0.9' },
  'half of a chunked body, then closed': { webkit: 'takes it for the whole body' },
}

inEachBrowser('faults of a connection', (world) => {
  for (const [request, terms] of Object.entries(REQUESTS)) {
    const { path, entry, good, run, login } = terms
    const open = async (/** @type {(typeof WIRE)[string]} */ answer) => {
      const page = await world.open(entry ? { entry } : {})
      world.site.own = (requested, response) => {
        if (!path.test(new URL(requested.url ?? '', 'http://site').pathname)) return false
        requested.resume()
        answer(requested, response, good(world.site.origin))
        return true
      }
      return page
    }
    const result = TABLE.get(request)
    assert.deepEqual(
      [...(result?.keys() ?? [])],
      Object.keys(WIRE),
      'the rows of docs/en/reference/faults.md',
    )

    for (const [fault, answer] of Object.entries(WIRE)) {
      const expected = result?.get(fault) ?? ''
      const can = CANNOT[fault] ? world.cannot(CANNOT[fault]) : {}
      test(`${request}, ${fault}: ${expected}`, can, async () => {
        const page = await open(answer)
        const timeoutMs = expected === 'TIMEOUT' ? SHORT_TIMEOUT_MS : TIMEOUT_MS
        if (expected === 'opens') return void (await page.run(opened, `${run}`, timeoutMs, login))
        await page.run(() => {
          window.kept = bench.left()
        })
        const failure = await page.failure(run, timeoutMs, login)
        const [code = '', times = '×1'] = expected.split(' ')
        assert.equal(failure.code, code, failure.message)
        const before = Array(Number(times.slice(1)) - 1).fill(code)
        assert.deepEqual(
          failure.attempts.map((attempt) => attempt.code),
          before,
        )
        assertInTime(failure, timeoutMs)
        const left = await page.run(() => ({ before: window.kept, after: bench.left() }))
        assert.deepEqual(left.after, left.before)
      })
    }
    for (const [oddity, answer] of Object.entries(HARMLESS))
      test(`${request}, ${oddity}: opens`, async () => {
        const page = await open(answer)
        await page.run(opened, `${run}`, TIMEOUT_MS, login)
      })
  }
})

/** Runs in the page: opens, and returns nothing, since a workbench cannot leave the page. */
async function opened(
  /** @type {string} */ source,
  /** @type {number} */ timeoutMs,
  /** @type {unknown} */ login,
) {
  await new Function(`return (${source})`)()(timeoutMs, login)
}
