// Every failure the doubles can make, as a row: what it ends in, when, and that the page can go on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTables } from './harness/tables.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** By name, the code and how often it was attempted. */
const [, , TABLE] = readTables('docs/en/reference/faults.md')

/**
 * `api` and `sdk` are the doubles' faults, `url` replaces the script's address, `used` is one that was requested
 * before. `says` must all be in the message, in their order; `logins` is how many were requested, where it is not
 * one for each attempt; `foreign` is a global that was never ours and stays; `late` says when the page's clock
 * jumps, by the log's entries, and by how many ms.
 * @typedef {{
 *   name: string, api?: string, sdk?: Record<string, string>, url?: string, used?: true, late?: Late[],
 *   says: string[], logins?: number, foreign?: string[],
 * }} Row
 * @typedef {[entries: string[], ms: number]} Late
 */

/** The deadline of every opening. */
const TIMEOUT_MS = 10_000
const DEADLINE = `expected an end within ${TIMEOUT_MS} ms`
/** How long the vendor's script may take to register its global. */
const GLOBAL_MS = 5000

/** @type {Row[]} */
const failures = [
  {
    name: "the vendor's API responds with HTTP 500",
    api: '500',
    says: ['the login endpoint', 'expected its JSON envelope', 'found', 'HTTP 500'],
  },
  {
    name: "the vendor's API responds with a web page",
    api: 'html',
    says: ['the login endpoint', 'expected its JSON envelope', 'found', 'HTTP 200'],
  },
  {
    name: "the vendor's API is slower than the deadline",
    api: 'slow:60000',
    late: [[['core.started', 'login.requested'], TIMEOUT_MS]],
    says: [`openWorkbench: ${DEADLINE}`, "in the stage 'login'"],
  },
  {
    name: "the vendor's API never responds",
    api: 'hang',
    late: [[['core.started', 'login.requested'], TIMEOUT_MS]],
    says: ["in the stage 'login'"],
  },
  ...[
    'AuthFailure.SignatureExpire',
    'AuthFailure.SignatureFailure',
    'AuthFailure.SecretIdNotFound',
    'FailedOperation.PermissionDenied',
    'LimitExceeded.InsufficientLicense',
  ].map((code) => ({
    name: `the vendor's API responds with ${code}`,
    api: code,
    says: ['the login endpoint', code],
  })),
  {
    name: 'the vendor is asked too often',
    api: 'RequestLimitExceeded',
    says: ['the login endpoint', 'RequestLimitExceeded'],
  },
  {
    name: 'the vendor does not know the agent',
    api: 'InvalidParameterValue.AccountNotExist',
    says: ['the login endpoint', 'InvalidParameterValue.AccountNotExist'],
  },
  {
    name: "the script's address responds with HTTP 500",
    sdk: { script: '500' },
    says: ['/sdk/tcccSdk.js: expected a script', 'found', 'an HTTP error'],
  },
  {
    name: 'the script is a web page',
    sdk: { script: 'html' },
    says: ['/sdk/tcccSdk.js: expected a script', 'another type than JavaScript'],
  },
  {
    name: "no server listens at the script's address",
    url: 'http://127.0.0.1:1/sdk/tcccSdk.js?token=0123456789abcdef0123456789abcdef',
    says: ['http://127.0.0.1:1/sdk/tcccSdk.js: expected a script', 'no connection'],
  },
  {
    name: "the script's address was used before",
    used: true,
    says: ['/sdk/tcccSdk.js', ': expected a script', 'found', 'an HTTP error'],
    logins: 1,
  },
  {
    name: 'the script never arrives',
    sdk: { script: 'hang' },
    late: [[['script.injected'], TIMEOUT_MS]],
    says: [DEADLINE, "in the stage 'script'"],
  },
  {
    name: 'the script throws',
    sdk: { script: 'throw' },
    late: [[['script.loaded'], GLOBAL_MS]],
    says: ['window.tccc or window.TCCC', 'found none', 'the script threw', 'failed to start'],
  },
  {
    name: 'the script registers no global',
    sdk: { global: 'none' },
    late: [[['script.loaded'], GLOBAL_MS]],
    says: ['expected it to register window.tccc or window.TCCC', 'found none'],
  },
  {
    name: "another script's window.tccc appears",
    sdk: { global: 'foreign' },
    late: [[['script.loaded'], GLOBAL_MS]],
    says: [
      'expected it to register window.tccc',
      'found window.tccc to be an object of another shape',
    ],
    foreign: ['tccc'],
  },
  {
    name: 'the global is late',
    sdk: { globalDelay: '60000' },
    late: [[['script.loaded'], GLOBAL_MS]],
    says: ['expected it to register window.tccc', 'found none'],
  },
  {
    name: 'the script is late, and its global later',
    sdk: { script: 'slow:600', globalDelay: '60000' },
    late: [
      [['script.injected'], TIMEOUT_MS - GLOBAL_MS + 1000],
      [['script.loaded'], GLOBAL_MS - 1000],
    ],
    says: [DEADLINE, "in the stage 'global'"],
  },
  {
    name: 'the agent is never ready',
    sdk: { readyDelay: 'never' },
    late: [[['global.found'], TIMEOUT_MS]],
    says: [DEADLINE, "in the stage 'ready'"],
  },
  {
    name: 'every token is expired at the start',
    sdk: { expired: '1' },
    says: ['expected a token the vendor accepts', "'tokenExpired' at the start"],
  },
]

/** What looks like a failure and is none. @type {{ name: string, api?: string, sdk?: Record<string, string> }[]} */
const oddities = [
  { name: 'the vendor’s API is slow', api: 'slow:300' },
  { name: 'the script is slow', sdk: { script: 'slow:400' } },
  { name: 'the global is named TCCC', sdk: { global: 'TCCC' } },
  { name: 'the global is late', sdk: { globalDelay: '900' } },
  { name: 'ready is late', sdk: { readyDelay: '900' } },
  { name: 'events are nested', sdk: { envelope: 'nested' } },
]

inEachBrowser('faults', (world) => {
  const cells = TABLE?.get('openWorkbench') ?? new Map()
  assert.deepEqual(
    [...cells.keys()],
    failures.map(({ name }) => name),
    'the rows of faults.md',
  )
  for (const row of failures)
    test(`${row.name}: ${cells.get(row.name)}`, async () => {
      const { api, sdk: script, url, used, late = [] } = row
      const [code = '', times = '×1'] = (cells.get(row.name) ?? '').split(' ')
      const attempts = Number(times.slice(1))
      const page = await world.open({ before: ['jump.js'] })
      await page.run(() => {
        window.kept = bench.left()
      })
      if (api || script) await world.doubles.control('faults', { api, sdk: script })
      const failure = await page.failure(
        async (url, used, timeoutMs, late, script) => {
          const real = bench.login()
          const before = used && (await real())
          if (before) await fetch(before.sdkUrl, { mode: 'no-cors' })
          const other = url ? { sdkUrl: url } : {}
          const login = async () => before || { ...(await real()), ...other }
          const endpoint = '/calldock/v1/tccc/login'
          const jumps = async () => {
            for (const [entries, ms] of late) await window.jumpAt(entries, ms)
          }
          // The core’s start takes none of the time that the jumps count on.
          if (script) await sdk.ready({ roles: ['host'] })
          const opening = sdk.openWorkbench({ login: url || used ? login : endpoint, timeoutMs })
          await Promise.all([opening, jumps()])
        },
        url ?? '',
        used ?? false,
        TIMEOUT_MS,
        late,
        script !== undefined,
      )
      assert.equal(failure.code, code, failure.message)
      let from = 0
      for (const words of row.says) {
        const at = failure.message.indexOf(words, from)
        assert.ok(at >= 0, `expected ${JSON.stringify(words)} in: ${failure.message}`)
        from = at
      }
      assert.deepEqual(
        failure.attempts.map(({ code }) => code),
        Array(attempts - 1).fill(code),
      )
      const requested = world.site.requested.filter((path) => path === '/calldock/v1/tccc/login')
      assert.equal(requested.length, row.logins ?? attempts, 'logins')
      const left = await page.run(() => ({ before: window.kept, after: bench.left() }))
      assert.deepEqual(left.after.listeners, left.before.listeners)
      assert.equal(left.after.scripts, 0)
      assert.equal(left.after.element, false, 'the vendor’s element stayed')
      assert.deepEqual(left.after.globals, row.foreign ?? [])

      await world.doubles.control('reset')
      const again = await page.run(async () => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        return { userId: workbench.agentId, ...bench.left() }
      })
      assert.equal(again.userId, 'agent@example.com')
      assert.equal(again.scripts, 1)
      assert.equal(again.element, true)
    })

  for (const { name, api, sdk: script } of oddities)
    test(`${name}: it opens all the same`, async () => {
      await world.doubles.control('faults', { api, sdk: script })
      const page = await world.open()
      const opened = await page.run(async () => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        return {
          userId: workbench.agentId,
          sameGlobal: workbench.raw === (window.tccc ?? window.TCCC),
        }
      })
      assert.deepEqual(opened, { userId: 'agent@example.com', sameGlobal: true })
      assert.equal((await world.doubles.log('api')).length, 1)
    })

  test('a script that fails once is fetched with a new login, and the attempt is told', async () => {
    await world.doubles.control('faults', { sdk: { script: '500' }, times: 1 })
    const page = await world.open()
    const entries = await page.run(async () => {
      await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      return bench.entries.filter(({ name }) => name === 'attempt.failed').map((e) => e.detail)
    })
    assert.equal(entries.length, 1)
    assert.equal(entries[0]?.code, 'NETWORK')
    assert.equal(entries[0]?.attempt, 1)
    const scripts = await world.doubles.log('script')
    assert.deepEqual(
      scripts.map(({ outcome }) => outcome),
      ['fault: 500', 'served'],
    )
    assert.equal((await world.doubles.log('api')).length, 2, 'a login works once')
  })

  test('a failure after a failure tells both', async () => {
    await world.doubles.control('faults', { sdk: { script: '500' }, times: 1 })
    const page = await world.open()
    const failure = await page.failure(async () => {
      const login = bench.login()
      await sdk.openWorkbench({
        login: async ({ attempt }) => {
          if (attempt === 2) throw new Error('no login for 13812345678')
          return login()
        },
        attempts: 2,
      })
    })
    assert.equal(failure.code, 'LOGIN_FAILED')
    assert.deepEqual(
      failure.attempts.map(({ code }) => code),
      ['NETWORK'],
    )
  })

  test('attempts: 1 asks once', async () => {
    await world.doubles.control('faults', { sdk: { script: '500' } })
    const page = await world.open()
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', attempts: 1 }),
    )
    assert.equal(failure.code, 'NETWORK')
    assert.deepEqual(failure.attempts, [])
    assert.equal((await world.doubles.log('api')).length, 1)
  })
})
