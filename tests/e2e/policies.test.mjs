// Content-Security-Policies, Trusted Types, MIME types and forms of the package: what still works,
// and how the rest is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INSECURE_HOST, inEachBrowser } from './harness/world.mjs'

const NONCE = 'c29tZXRoaW5n'
const LOGIN = '/calldock/v1/tccc/login'

/**
 * `csp` has `{vendor}` where the double's origin goes. `engine` is how the core runs when all works;
 * `code` why nothing does.
 * @typedef {{
 *   name: string, csp?: string, headers?: Record<string, string>, nonce?: string, entry?: 'module' | 'inline' | 'global', type?: string,
 *   engine?: string, ready?: 'auto' | 'js', quiet?: boolean, noWasm?: boolean,
 *   code?: string, says?: string[], login?: string,
 * }} Row
 */

/** What every page of a strict site sends beside its script-src. */
const STRICT =
  "default-src 'none'; img-src data:; connect-src 'self' {vendor}; base-uri 'none'; object-src 'none'; "
const TRUSTED = "require-trusted-types-for 'script'; "

/** @type {Row[]} */
const works = [
  { name: 'no policy', engine: 'streaming', quiet: true },
  {
    name: 'a list of sources',
    csp: `${STRICT}script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    engine: 'streaming',
    quiet: true,
  },
  {
    name: 'only a nonce, which is copied from the page',
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    engine: 'streaming',
    quiet: true,
  },
  {
    name: "a nonce and 'strict-dynamic'",
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    engine: 'streaming',
    quiet: true,
  },
  {
    name: "no 'wasm-unsafe-eval': the JavaScript form",
    csp: `${STRICT}script-src 'self' {vendor}`,
    engine: 'js',
    noWasm: true,
  },
  {
    name: "no 'wasm-unsafe-eval' under a nonce: the JavaScript form",
    csp: `${STRICT}script-src 'nonce-${NONCE}'`,
    nonce: NONCE,
    engine: 'js',
  },
  {
    name: "no 'wasm-unsafe-eval' and ready({ engine: 'js' }): the policy has nothing to report",
    csp: `${STRICT}script-src 'self' {vendor}`,
    engine: 'js',
    ready: 'js',
    quiet: true,
    noWasm: true,
  },
  {
    name: 'Trusted Types that allow our policy',
    csp: `${STRICT}${TRUSTED}trusted-types calldock; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    engine: 'streaming',
    quiet: true,
  },
  {
    name: 'Trusted Types with the JavaScript form under a nonce',
    csp: `${STRICT}${TRUSTED}trusted-types calldock; script-src 'nonce-${NONCE}'`,
    nonce: NONCE,
    engine: 'js',
  },
  {
    name: 'a page isolated by COOP and COEP',
    headers: {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    },
    engine: 'streaming',
    quiet: true,
  },
  {
    name: 'a sandbox that leaves the page its origin',
    csp: 'sandbox allow-scripts allow-same-origin',
    engine: 'streaming',
    quiet: true,
  },
  { name: 'wasm of a wrong type', type: 'application/octet-stream', engine: 'buffer', quiet: true },
  { name: 'wasm as a text', type: 'text/plain', engine: 'buffer', quiet: true },
  {
    name: 'the bytes inside the bundle',
    entry: 'inline',
    engine: 'buffer',
    quiet: true,
    noWasm: true,
  },
  {
    name: 'the bytes inside the bundle where wasm is refused',
    entry: 'inline',
    csp: `${STRICT}script-src 'self' {vendor}`,
    engine: 'js',
    noWasm: true,
  },
  { name: 'the classic script', entry: 'global', engine: 'streaming', quiet: true },
  {
    name: 'the classic script where wasm is refused',
    entry: 'global',
    csp: `${STRICT}script-src 'self' {vendor}`,
    engine: 'js',
  },
  {
    name: 'the classic script under a nonce and Trusted Types',
    entry: 'global',
    csp: `${STRICT}${TRUSTED}trusted-types calldock; script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    engine: 'streaming',
    quiet: true,
  },
]

/** @type {Row[]} */
const refused = [
  {
    name: 'a policy without the vendor’s origin',
    csp: `${STRICT}script-src 'self' 'wasm-unsafe-eval'`,
    code: 'CSP_BLOCKED',
    says: [
      "the page's Content-Security-Policy: expected script-src to allow {vendor}",
      'refusing it',
    ],
  },
  {
    name: 'a policy without the vendor’s origin or wasm',
    csp: `${STRICT}script-src 'self'`,
    code: 'CSP_BLOCKED',
    says: ['script-src to allow {vendor}'],
  },
  {
    name: 'a policy whose connect-src lacks the login endpoint',
    csp: `default-src 'none'; img-src data:; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    login: '{other}/calldock/v1/tccc/login',
    code: 'CSP_BLOCKED',
    says: ["the page's Content-Security-Policy: expected connect-src to allow the login endpoint"],
  },
  {
    name: 'a policy that connects nowhere',
    csp: `default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    code: 'CSP_BLOCKED',
    says: ['expected connect-src to allow the login endpoint'],
  },
  {
    name: 'Trusted Types without our policy',
    csp: `${STRICT}${TRUSTED}trusted-types another; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    code: 'TRUSTED_TYPES_BLOCKED',
    says: ["expected trusted-types to allow 'calldock', found it refused"],
  },
  {
    name: "Trusted Types that allow none: 'none'",
    csp: `${STRICT}${TRUSTED}trusted-types 'none'; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
    code: 'TRUSTED_TYPES_BLOCKED',
    says: ["expected trusted-types to allow 'calldock'"],
  },
]

inEachBrowser('policies', (world) => {
  /** @param {string} text */
  const filled = (text) =>
    text.replaceAll('{vendor}', world.doubles.origin).replaceAll('{other}', world.site.otherOrigin)

  /** @param {Row} row */
  function opened({ csp, headers, nonce, entry = 'module', type }) {
    return world.open({
      entry,
      hash: '#?mobile=13812345678&nickName=%E5%88%98%E5%85%88%E7%94%9F&status=100',
      ...(csp ? { csp: filled(csp) } : {}),
      ...(headers ? { headers } : {}),
      ...(nonce ? { nonce } : {}),
      ...(type ? { wasm: { type } } : {}),
    })
  }

  /**
   * What preflight says of an opening with this login: whether it works, the first code that it fails with,
   * and whether WebAssembly runs.
   * @param {import('./harness/page.mjs').View} page
   * @param {string} login
   * @param {string} [nonce]
   */
  async function foretold(page, login, nonce) {
    const report = await page.run(
      (vendor, login, nonce) => {
        const connect = [new URL(login, location.href).origin, vendor]
        const required = { scripts: [vendor], connect, ...(nonce && { nonce }) }
        return sdk.preflight({ for: 'workbench', ...required })
      },
      world.doubles.origin,
      login,
      nonce ?? null,
    )
    const wasm = report.checks.find(({ name }) => name === 'wasm')?.status
    const failed = report.checks.find(({ status }) => status === 'failed')
    return { ok: report.ok, code: failed?.code, wasm, report }
  }

  test('a nonce that reads as an empty text is none: the page’s own is used', async () => {
    const csp = filled(`${STRICT}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`)
    const page = await world.open({ csp, nonce: NONCE })
    const found = await page.run(async (login) => {
      const nonce = document.querySelector('script[nonce]')?.getAttribute('nonce') ?? 'none'
      // One that a template has left empty hides no other.
      const empty = document.createElement('script')
      empty.setAttribute('nonce', '')
      document.head.prepend(empty)
      const workbench = await sdk.openWorkbench({ login, nonce })
      return [nonce, workbench.agentId]
    }, LOGIN)
    assert.deepEqual(found, ['', 'agent@example.com'])
  })

  for (const row of works)
    test(`${row.name}: it works, ${row.engine}`, async () => {
      const page = await opened(row)
      const { ok, code, wasm } = await foretold(page, LOGIN)
      const expected = { ok: true, code: undefined, wasm: row.engine === 'js' ? 'warning' : 'ok' }
      assert.deepEqual({ ok, code, wasm }, expected, 'foretold')
      const found = await page.run(async (engine) => {
        const running = engine ? await sdk.ready({ engine }) : undefined
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        window.kept = { workbench, calls: [] }
        workbench.on('incoming', (call) => window.kept.calls.push(call))
        const call = await sdk.currentCall()
        const out = await sdk.callOut('10086').catch((error) => error.code)
        return {
          running,
          engine: sdk.engine(),
          agentId: workbench.agentId,
          mobile: call?.mobile,
          nickName: call?.nickName,
          out,
          violations: bench.violations,
        }
      }, row.ready)
      const { running, violations, ...rest } = found
      assert.deepEqual(rest, {
        engine: row.engine,
        agentId: 'agent@example.com',
        mobile: '13812345678',
        nickName: '刘先生',
        out: 'ORIGIN_REFUSED',
      })
      if (row.ready) assert.equal(running, row.engine)
      await world.doubles.control('ring', { nickName: '刘先生' })
      await page.until('the call', () => window.kept.calls.length)
      if (row.quiet) assert.deepEqual(violations, [])
      const fetched = world.site.requested.filter((path) => path.endsWith('.wasm'))
      if (row.noWasm) assert.deepEqual(fetched, [])
      const forms = world.site.requested.filter((path) => path.endsWith('.wasm.js'))
      const roles = forms.map((path) => path.replace(/^.*\/|\.wasm\.js$/g, '')).sort()
      assert.deepEqual(roles, row.engine === 'js' ? ['frame', 'host'] : [])
    })

  for (const row of refused)
    test(`${row.name}: ${row.code}`, async () => {
      const page = await opened(row)
      const login = filled(row.login ?? LOGIN)
      const { ok, code, report } = await foretold(page, login)
      const failure = await page.failure(
        (login) => sdk.openWorkbench({ login, attempts: 1 }),
        login,
      )
      assert.deepEqual({ ok, code }, { ok: false, code: failure.code }, JSON.stringify(report))
      assert.equal(failure.code, row.code, failure.message)
      for (const words of row.says ?? [])
        assert.ok(failure.message.includes(filled(words)), failure.message)
      const { scripts, element, globals, listeners } = await page.run(() => bench.left())
      assert.deepEqual([scripts, element, globals], [0, false, []])
      assert.deepEqual(Object.keys(listeners), [])
      assert.equal((await world.doubles.log('script')).length, 0)
    })

  test('a policy is not tried again', async () => {
    const page = await world.open({ csp: filled(`${STRICT}script-src 'self' 'wasm-unsafe-eval'`) })
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', attempts: 3 }),
    )
    assert.equal(failure.code, 'CSP_BLOCKED')
    assert.deepEqual(failure.attempts, [])
  })

  test('a sandbox without an origin: preflight says what an opening meets', async () => {
    // The package comes from where every origin may load it; the login is the site's.
    world.site.own = (request, response) => {
      if (/^\/(pages|node_modules)\//.test(request.url ?? ''))
        response.setHeader('access-control-allow-origin', '*')
      return false
    }
    const page = await world.open({ csp: 'sandbox allow-scripts' })
    const report = await page.run(() => sdk.preflight({ for: 'workbench' }))
    const sandbox = report.checks.find(({ name }) => name === 'sandbox')
    assert.deepEqual([sandbox?.status, report.ok], ['failed', false])
    const framed = await page.run(() => sdk.preflight({ for: 'frame' }))
    assert.equal(framed.checks.find(({ name }) => name === 'sandbox')?.status, 'warning')
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', attempts: 1 }),
    )
    assert.equal(failure.code, sandbox?.code, failure.message)
    const { scripts, element, globals } = await page.run(() => bench.left())
    assert.deepEqual([scripts, element, globals], [0, false, []])
  })

  test('a nonce that is handed in is used', async () => {
    const page = await world.open({
      csp: filled(`${STRICT}script-src 'self' 'wasm-unsafe-eval' 'nonce-${NONCE}'`),
    })
    const { ok, report } = await foretold(page, LOGIN, NONCE)
    assert.equal(ok, true, JSON.stringify(report))
    assert.equal((await foretold(page, LOGIN)).code, 'CSP_BLOCKED')
    const agentId = await page.run(async (nonce) => {
      const { agentId } = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login', nonce })
      return agentId
    }, NONCE)
    assert.equal(agentId, 'agent@example.com')
  })

  test(
    'a Permissions-Policy without the microphone: the workbench opens, and its calls have no voice',
    world.cannot({
      firefox: 'does not apply Permissions-Policy',
      webkit: 'does not apply Permissions-Policy',
    }),
    async () => {
      const page = await world.open({ headers: { 'permissions-policy': 'microphone=()' } })
      const { ok, code, report } = await foretold(page, LOGIN)
      assert.deepEqual({ ok, code }, { ok: false, code: 'PERMISSION_DENIED' })
      const found = await page.run(async () => {
        const { agentId } = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const name = /** @type {PermissionName} */ ('microphone')
        return { agentId, microphone: (await navigator.permissions.query({ name })).state }
      })
      assert.deepEqual(found, { agentId: 'agent@example.com', microphone: 'denied' })
      const failed = report.checks.filter(({ status }) => status === 'failed')
      assert.equal(failed[0]?.name, 'microphonePolicy')
    },
  )

  for (const connected of [true, false])
    test(`${connected ? 'a' : 'no'} microphone: the workbench opens, and preflight says so`, async () => {
      const page = await world.open()
      const found = await page.run(
        async (connected, vendor) => {
          // Not every engine of the tests has devices.
          const kinds = connected ? ['audiooutput', 'audioinput'] : ['audiooutput']
          const devices = { enumerateDevices: async () => kinds.map((kind) => ({ kind })) }
          const permissions = { query: async () => ({ state: 'granted' }) }
          for (const [name, value] of Object.entries({ mediaDevices: devices, permissions }))
            Object.defineProperty(navigator, name, { value })
          const { ok, checks } = await sdk.preflight({ for: 'workbench', scripts: [vendor] })
          const { agentId, devices: own } = await sdk.openWorkbench({
            login: '/calldock/v1/tccc/login',
          })
          return {
            ...{ ok, agentId, found: checks.at(-1)?.found },
            microphones: (await own.getMicrophones()).length,
          }
        },
        connected,
        world.doubles.origin,
      )
      assert.deepEqual(found, {
        ok: true,
        agentId: 'agent@example.com',
        found: connected ? 'granted' : 'no microphone is connected',
        microphones: connected ? 1 : 0,
      })
    })

  test('a frame-src without the chat’s origin: preflight says what embedChat meets', async () => {
    const csp = `${STRICT}frame-src 'self'; script-src 'self' 'wasm-unsafe-eval' {vendor}`
    const page = await world.open({ csp: filled(csp), body: '<main id="here"></main>' })
    const report = await page.run(
      (vendor) => sdk.preflight({ for: 'workbench', scripts: [vendor], frames: [vendor] }),
      world.doubles.origin,
    )
    const failed = report.checks.filter(({ status }) => status === 'failed')
    assert.deepEqual(
      failed.map(({ name, header }) => [name, header]),
      [['frames', filled('Content-Security-Policy: frame-src {vendor}')]],
    )
    const failure = await page.failure(
      (chatPage) =>
        sdk.embedChat(/** @type {Element} */ (document.getElementById('here')), {
          login: '/calldock/v1/tccc/chat',
          chatPage,
        }),
      `${world.doubles.origin}/chat`,
    )
    assert.equal(failure.code, failed[0]?.code, failure.message)
  })

  test('our Trusted Types policy makes no other address', async () => {
    const page = await world.open({
      csp: filled(
        `${STRICT}${TRUSTED}trusted-types calldock 'allow-duplicates'; script-src 'self' 'wasm-unsafe-eval' {vendor}`,
      ),
    })
    const found = await page.run(async () => {
      /** @type {any} */
      let policy
      const factory = /** @type {any} */ (window).trustedTypes
      const { createPolicy } = factory
      factory.createPolicy = (/** @type {string} */ name, /** @type {unknown} */ rules) => {
        policy = createPolicy.call(factory, name, rules)
        return policy
      }
      await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      return {
        name: policy.name,
        evil: String(policy.createScriptURL('https://evil.example/x.js')),
      }
    })
    assert.deepEqual(found, { name: 'calldock', evil: '' })
  })

  test('a page without HTTPS: INSECURE_CONTEXT', async () => {
    const page = await world.open({ origin: `http://${INSECURE_HOST}:${world.site.port}` })
    const { ok, code } = await foretold(page, LOGIN)
    assert.deepEqual({ ok, code }, { ok: false, code: 'INSECURE_CONTEXT' })
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }),
    )
    assert.equal(failure.code, 'INSECURE_CONTEXT')
    assert.match(
      failure.message,
      /^the page: expected HTTPS or localhost, found an insecure context/,
    )
    assert.equal((await world.doubles.log('script')).length, 0)
  })

  test('no module beside the script: the JavaScript form', async () => {
    const page = await world.open({
      csp: filled(`${STRICT}script-src 'self' {vendor} 'wasm-unsafe-eval'`),
      wasm: { status: 404 },
    })
    const engine = await page.run(() => sdk.ready())
    assert.equal(engine, 'js')
  })
})
