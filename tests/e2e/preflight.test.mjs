// A page is checked before anything of a vendor is loaded.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { View } from './harness/page.mjs'
import * as places from './harness/places.mjs'
import { INSECURE_HOST, inEachBrowser } from './harness/world.mjs'

const VENDOR = 'https://tccc.qcloud.com'
const NONCE = 'c29tZXRoaW5n'
/** Lets the test's own pages and the vendor in. */
const OPEN = `script-src 'self' 'wasm-unsafe-eval' ${VENDOR}; connect-src 'self' ${VENDOR}`

/** A page that is isolated from other origins. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/**
 * What of a page is not `ok`, and the headers that fix it.
 * @type {{
 *   name: string, csp?: string, nonce?: string, headers?: Record<string, string>, body?: string,
 *   for?: 'workbench' | 'chat' | 'frame', frames?: string[], parents?: string[], not: Record<string, string>,
 *   add?: string[],
 * }[]}
 */
const pages = [
  { name: 'no policy at all', not: {} },
  { name: 'a policy that allows the vendor', csp: OPEN, not: {} },
  {
    name: 'a policy without the vendor’s script',
    csp: `script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${VENDOR}`,
    not: { script: 'failed' },
    add: [`Content-Security-Policy: script-src ${VENDOR}`],
  },
  {
    name: 'script-src-elem goes before script-src',
    csp: `${OPEN}; script-src-elem 'self'`,
    not: { script: 'failed' },
    add: [`Content-Security-Policy: script-src-elem ${VENDOR}`],
  },
  {
    name: 'the page’s own nonce is enough for scripts',
    csp: `script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'; connect-src 'self' ${VENDOR}`,
    nonce: NONCE,
    not: {},
  },
  {
    name: 'a script with an empty nonce has none',
    csp: `script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'; connect-src 'self' ${VENDOR}`,
    body: '<script nonce=""></script>',
    not: { script: 'failed' },
  },
  {
    name: 'the nonce of a script behind one without counts',
    csp: `script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'; connect-src 'self' ${VENDOR}`,
    body: `<script nonce=""></script><script nonce="${NONCE}"></script>`,
    not: {},
  },
  {
    name: 'a source of http allows https',
    csp: `script-src 'self' 'wasm-unsafe-eval' http:; connect-src 'self' tccc.qcloud.com:80`,
    not: {},
  },
  {
    name: "'strict-dynamic' is enough for scripts",
    csp: `script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self' ${VENDOR}`,
    nonce: NONCE,
    not: {},
  },
  {
    name: 'a policy without WebAssembly',
    csp: `script-src 'self' ${VENDOR}; connect-src 'self' ${VENDOR}`,
    not: { wasm: 'warning' },
    add: ["Content-Security-Policy: script-src 'wasm-unsafe-eval'"],
  },
  {
    name: 'default-src decides where nothing else does',
    csp: "default-src 'self'",
    not: { wasm: 'warning', script: 'failed', connect: 'failed' },
    add: [
      "Content-Security-Policy: default-src 'wasm-unsafe-eval'",
      `Content-Security-Policy: default-src ${VENDOR}`,
    ],
  },
  {
    name: 'a wildcard of hosts, and a scheme',
    csp: "script-src 'self' 'wasm-unsafe-eval' https://*.qcloud.com; connect-src 'self' https:",
    not: {},
  },
  {
    name: 'a wildcard is not its own parent, nor another host’s end',
    csp: "script-src 'self' 'wasm-unsafe-eval' https://*.tccc.qcloud.com; connect-src 'self' https://notqcloud.com",
    not: { script: 'failed', connect: 'failed' },
  },
  {
    name: 'another port is another source',
    csp: `script-src 'self' 'wasm-unsafe-eval' ${VENDOR}:8443; connect-src 'self' tccc.qcloud.com:*`,
    not: { script: 'failed' },
  },
  {
    name: 'of two policies both must allow',
    csp: `${OPEN}, connect-src 'self'`,
    not: { connect: 'failed' },
  },
  {
    name: 'Trusted Types that leave Calldock’s policy out',
    csp: `${OPEN}; require-trusted-types-for 'script'; trusted-types other`,
    not: { trustedTypes: 'failed' },
    add: ['Content-Security-Policy: trusted-types calldock'],
  },
  {
    name: 'Trusted Types with Calldock’s policy',
    csp: `${OPEN}; require-trusted-types-for 'script'; trusted-types other calldock`,
    not: {},
  },
  {
    name: 'a Permissions-Policy without the microphone',
    headers: { 'permissions-policy': 'microphone=()' },
    not: { microphonePolicy: 'failed' },
    add: ['Permissions-Policy: microphone=(self)'],
  },
  {
    name: 'a framed page without a rule',
    for: 'frame',
    not: { frame: 'warning' },
    add: [
      'Content-Security-Policy: frame-ancestors https://tccc.qcloud.com https://connect.tencentcloud.com https://desk.qcloud.com',
    ],
  },
  {
    name: 'a framed page that refuses frames',
    for: 'frame',
    headers: { 'x-frame-options': 'SAMEORIGIN' },
    not: { frame: 'failed' },
  },
  {
    name: 'a framed page that refuses all frames',
    for: 'frame',
    headers: { 'x-frame-options': 'deny, DENY' },
    parents: ['{self}'],
    not: { frame: 'failed' },
  },
  {
    name: 'a framed page for parents of its own origin alone',
    for: 'frame',
    headers: { 'x-frame-options': 'SameOrigin' },
    parents: ['{self}'],
    not: {},
  },
  {
    name: 'a framed page for parents of its own origin and of another',
    for: 'frame',
    headers: { 'x-frame-options': 'SAMEORIGIN' },
    parents: ['{self}', VENDOR],
    not: { frame: 'failed' },
    add: [`Content-Security-Policy: frame-ancestors {self} ${VENDOR}`],
  },
  {
    name: 'X-Frame-Options of different values, one of which browsers know',
    for: 'frame',
    headers: { 'x-frame-options': 'ALLOWALL, SAMEORIGIN' },
    parents: ['{self}'],
    not: { frame: 'failed' },
  },
  ...['ALLOW-FROM https://tccc.qcloud.com', 'ALLOWALL', 'ALLOW-FROM https://a.example, none'].map(
    (value) => ({
      name: `a framed page with X-Frame-Options: ${value}, which browsers ignore`,
      for: /** @type {const} */ ('frame'),
      headers: { 'x-frame-options': value },
      parents: [VENDOR],
      not: { frame: 'warning' },
      add: [`Content-Security-Policy: frame-ancestors ${VENDOR}`],
    }),
  ),
  {
    name: 'a framed page whose frame-ancestors goes over X-Frame-Options',
    for: 'frame',
    csp: `frame-ancestors ${VENDOR}`,
    headers: { 'x-frame-options': 'DENY' },
    parents: [VENDOR],
    not: {},
  },
  {
    name: 'a framed page that allows one of the two',
    for: 'frame',
    csp: `frame-ancestors 'self' ${VENDOR}`,
    headers: { 'x-frame-options': 'DENY' },
    not: { frame: 'failed' },
  },
  {
    name: 'a framed page that allows both',
    for: 'frame',
    csp: `frame-ancestors ${VENDOR} https://connect.tencentcloud.com https://desk.qcloud.com`,
    not: {},
  },
  {
    name: 'a policy that lets the page show its frames',
    csp: `${OPEN}; frame-src https://crm.example.com`,
    frames: ['https://crm.example.com'],
    not: {},
  },
  {
    name: 'child-src decides about frames where frame-src is missing',
    csp: `${OPEN}; child-src 'self'`,
    frames: ['https://crm.example.com'],
    not: { frames: 'failed' },
    add: ['Content-Security-Policy: child-src https://crm.example.com'],
  },
  {
    name: 'an isolated page (COOP and COEP)',
    headers: ISOLATED,
    not: {},
  },
  {
    name: 'an isolated page that shows a foreign frame',
    headers: ISOLATED,
    frames: ['https://crm.example.com'],
    not: { isolation: 'warning' },
    add: ['Cross-Origin-Embedder-Policy: unsafe-none'],
  },
  {
    name: 'a sandbox that leaves the page its origin',
    csp: `${OPEN}; sandbox allow-scripts allow-same-origin`,
    not: {},
  },
  {
    name: 'a chat behind the page’s own proxy',
    for: 'chat',
    csp: "default-src 'self' 'unsafe-inline'",
    not: { wasm: 'warning' },
  },
  {
    name: 'a chat whose text the policy does not let run',
    for: 'chat',
    csp: "script-src 'self' 'wasm-unsafe-eval'",
    not: { script: 'failed' },
    add: ["Content-Security-Policy: script-src 'nonce-…'"],
  },
  {
    name: 'a chat on a page with a nonce',
    for: 'chat',
    csp: `script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    not: {},
  },
  {
    name: 'a framed page of two policies, one of which refuses',
    for: 'frame',
    csp: `frame-ancestors 'self', frame-ancestors ${VENDOR} https://connect.tencentcloud.com https://desk.qcloud.com`,
    not: { frame: 'failed' },
  },
]

inEachBrowser('preflight', (world) => {
  const policies = world.cannot({
    firefox: 'does not apply Permissions-Policy',
    webkit: 'does not apply Permissions-Policy',
  })
  /** What such a browser tells no page. @type {Record<string, string>} */
  const untold = 'skip' in policies ? { microphonePolicy: 'unknown' } : {}
  for (const row of pages)
    test(row.name, row.not.microphonePolicy ? policies : {}, async () => {
      const { csp, nonce, headers, body } = row
      const filled = (/** @type {string} */ text) => text.replace('{self}', world.site.origin)
      const page = await world.open({
        ...(csp && { csp }),
        ...(nonce && { nonce }),
        ...(headers && { headers }),
        ...(body && { body }),
      })
      const before = await page.run(() => bench.violations.length)
      const report = await page.run(
        (use, frames, parents) => sdk.preflight({ for: use, frames, ...(parents && { parents }) }),
        row.for ?? /** @type {const} */ ('workbench'),
        row.frames ?? [],
        row.parents?.map(filled) ?? null,
      )
      const not = Object.fromEntries(
        report.checks
          // Whether the microphone was allowed is this browser's to say.
          .filter(({ name, status }) => status !== 'ok' && name !== 'microphonePermission')
          .map(({ name, status }) => [name, status]),
      )
      const expected = { ...row.not, ...(!row.for && untold) }
      assert.deepEqual(not, expected)
      assert.equal(report.ok, !Object.values(expected).includes('failed'))
      if (row.add) assert.deepEqual(report.headers, row.add.map(filled))
      for (const { status, found } of report.checks) assert.ok(status && found)
      const after = await page.run(() => ({
        violations: bench.violations.length,
        left: bench.left(),
      }))
      assert.equal(after.violations, before, 'nothing was tried')
      assert.equal(after.left.scripts, 0)
    })

  test('what the report says is what an opening meets', async () => {
    const csp = "script-src 'self' 'wasm-unsafe-eval'"
    const page = await world.open({ csp })
    const { origin } = world.doubles
    const report = await page.run(
      (origin) => sdk.preflight({ for: 'workbench', scripts: [origin] }),
      origin,
    )
    const [failed] = report.checks.filter(({ status }) => status === 'failed')
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }),
    )
    assert.equal(failed?.code, failure.code)
    const [, directive = '', source = ''] = /: (\S+) (\S+)$/.exec(failed?.header ?? '') ?? []
    const fixed = await world.open({ csp: csp.replace(directive, `${directive} ${source}`) })
    const agentId = await fixed.run(
      async () => (await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })).agentId,
    )
    assert.equal(agentId, 'agent@example.com')
  })

  test('an insecure context is said to', async () => {
    const origin = `http://${INSECURE_HOST}:${world.site.port}`
    const page = await world.open({ origin })
    const report = await page.run(() => sdk.preflight({ for: 'workbench' }))
    const [secure] = report.checks
    assert.deepEqual([secure?.status, secure?.code], ['failed', 'INSECURE_CONTEXT'])
    assert.equal(report.ok, false)
  })

  test('a file: page has no origin, and the report says what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'))
    try {
      const script = pathToFileURL(join(places.playground(), 'node_modules/calldock/global.js'))
      const file = join(folder, 'page.html')
      writeFileSync(file, `<!doctype html><meta charset="utf-8"><script src="${script}"></script>`)
      await world.driver.get(pathToFileURL(file).href)
      const page = new View(world.driver)
      await page.until('the package', () => 'calldock' in window)
      const report = await page.run(() =>
        /** @type {any} */ (window).calldock.preflight({ for: 'workbench' }),
      )
      assert.deepEqual(report, {
        ok: false,
        checks: [
          {
            ...{ name: 'secureContext', status: 'failed', code: 'INSECURE_CONTEXT' },
            found: 'a file: page, which has no origin: serve it by HTTPS or from localhost',
          },
        ],
        headers: [],
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  /**
   * The report of a page without an address of its own, in a frame.
   * @param {'workbench' | 'chat' | 'frame'} use @param {{ csp?: string, sandbox?: string }} [parent]
   */
  async function reportOfSrcdoc(use, { csp, sandbox } = {}) {
    // A page without an origin loads modules only from where every origin may.
    world.site.own = (request, response) => {
      if (/^\/(pages|node_modules)\//.test(request.url ?? ''))
        response.setHeader('access-control-allow-origin', '*')
      return false
    }
    const scripts = ['src="/pages/probe.js"', 'type="module" src="/pages/entry-module.js"']
    const srcdoc = scripts.map((attributes) => `<script ${attributes}></script>`).join('')
    const attributes = sandbox === undefined ? '' : `sandbox="${sandbox}"`
    await world.open({
      entry: 'none',
      ...(csp && { csp }),
      body: `<iframe id="inner" ${attributes} srcdoc='${srcdoc}'></iframe>`,
    })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    const report = await inner.run((use) => sdk.preflight({ for: use }), use)
    const status = (/** @type {string} */ name) =>
      report.checks.find((check) => check.name === name)?.status
    return { ...report, status }
  }

  test('a page of about:srcdoc has the origin of its parent, and headers that are not known', async () => {
    for (const use of /** @type {const} */ (['chat', 'frame'])) {
      const { ok, status } = await reportOfSrcdoc(use)
      assert.equal(ok, true)
      assert.deepEqual([status('sandbox'), status('connect')], ['ok', 'unknown'])
    }
  })

  test('a page of about:srcdoc in a sandbox has no origin, and the report says so', async () => {
    const sandbox = 'allow-scripts'
    // A source without a scheme has that of the page.
    const csp = `script-src ${world.site.origin} 'wasm-unsafe-eval'; connect-src tccc.qcloud.com`
    for (const use of /** @type {const} */ (['workbench', 'chat'])) {
      const { ok, status } = await reportOfSrcdoc(use, { csp, sandbox })
      assert.deepEqual([ok, status('sandbox')], [false, 'failed'])
    }
    const framed = await reportOfSrcdoc('frame', { sandbox })
    assert.equal(framed.status('sandbox'), 'warning')
  })

  test('headers that cannot be read make no verdict', async () => {
    const page = await world.open()
    world.site.own = (request, response) => {
      if (request.method !== 'HEAD') return false
      response.writeHead(405).end()
      return true
    }
    const report = await page.run(() => sdk.preflight({ for: 'workbench' }))
    const unknown = report.checks.filter(({ status }) => status === 'unknown')
    assert.deepEqual(
      unknown.map(({ name }) => name).filter((name) => name !== 'microphonePermission'),
      ['wasm', 'script', 'connect', 'trustedTypes', 'frames', 'isolation', ...Object.keys(untold)],
    )
  })

  /** What of a page is not `ok`, the headers that fix it, and what a meta element refuses. @param {{ csp?: string, meta?: string }} page */
  async function unread({ meta = '', ...page }) {
    const view = await world.open(page)
    await view.run((content) => {
      const element = document.createElement('meta')
      Object.assign(element, { httpEquiv: 'Content-Security-Policy', content })
      if (content) document.head.append(element)
    }, meta)
    const report = await view.run(() => sdk.preflight({ for: 'workbench' }))
    const { listeners } = await view.run(() => bench.left())
    assert.deepEqual(listeners.securitypolicyviolation, undefined)
    const not = report.checks.filter(
      ({ name, status }) => status !== 'ok' && !name.startsWith('microphone'),
    )
    return {
      ok: report.ok,
      not: Object.fromEntries(not.map(({ name, status, code = '' }) => [name, status + code])),
      headers: report.headers.map((line) => line.replace(world.site.origin, '{self}')),
      inMeta: report.checks.filter(({ inMeta }) => inMeta).map(({ name }) => name),
    }
  }

  test('a policy that refuses the request for the page’s own headers is known by its report', async () => {
    const csp = `default-src 'none'; img-src data:; script-src 'self'`
    assert.deepEqual(await unread({ csp }), {
      ok: false,
      not: {
        wasm: 'warning',
        script: 'failedCSP_BLOCKED',
        connect: 'failedCSP_BLOCKED',
        trustedTypes: 'unknown',
        frames: 'unknown',
        isolation: 'unknown',
      },
      headers: [
        "Content-Security-Policy: script-src 'wasm-unsafe-eval'",
        `Content-Security-Policy: script-src ${VENDOR}`,
        `Content-Security-Policy: default-src {self} ${VENDOR}`,
      ],
      inMeta: [],
    })
  })

  test('each policy that refuses it is known', async () => {
    const csp = `connect-src ${VENDOR}, connect-src 'none'; script-src 'self' 'wasm-unsafe-eval'`
    const { not, headers } = await unread({ csp })
    assert.deepEqual([not.script, not.connect], ['failedCSP_BLOCKED', 'failedCSP_BLOCKED'])
    assert.ok(headers.includes(`Content-Security-Policy: script-src ${VENDOR}`), headers.join('\n'))
  })

  test('a policy of a meta element counts where the headers cannot be read', async () => {
    world.site.own = (request, response) => {
      if (request.method !== 'HEAD') return false
      response.writeHead(405).end()
      return true
    }
    const meta = "script-src 'self' 'wasm-unsafe-eval'; sandbox allow-scripts"
    // Under a policy Firefox's driver evaluates nothing by the page, which the element would refuse.
    const found = await unread({ csp: 'img-src data:', meta })
    assert.deepEqual(found.not.script, 'failedCSP_BLOCKED')
    assert.deepEqual([found.not.sandbox, found.not.connect], [undefined, 'unknown'])
    assert.deepEqual(found.headers, [`Content-Security-Policy: script-src ${VENDOR}`])
    assert.deepEqual(found.inMeta, ['script'])
  })

  test('a policy of a meta element that refuses the request for the headers is said to be there', async () => {
    const meta = "connect-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
    const { inMeta } = await unread({ csp: 'img-src data:', meta })
    assert.deepEqual(inMeta, ['script', 'connect'])
  })

  test('a page that may not ask itself, and whose login is elsewhere, has no verdict', async () => {
    const csp = `connect-src ${VENDOR} https://login.example.com; script-src 'self' ${VENDOR} 'wasm-unsafe-eval'`
    const page = await world.open({ csp })
    const report = await page.run(
      (vendor) =>
        sdk.preflight({ for: 'workbench', connect: [vendor, 'https://login.example.com'] }),
      VENDOR,
    )
    assert.equal(report.ok, true, JSON.stringify(report))
    assert.equal(report.checks.find(({ name }) => name === 'connect')?.status, 'unknown')
  })

  for (const [name, options, says] of /** @type {const} */ ([
    ['no use', {}, 'for: expected workbench, chat or frame'],
    [
      'a script that is no origin',
      { for: 'workbench', scripts: ['tccc'] },
      'scripts: expected origins',
    ],
    ['a deadline that is none', { for: 'chat', timeoutMs: 0 }, 'timeoutMs: expected'],
  ]))
    test(name, async () => {
      const page = await world.open()
      const failure = await page.failure(
        (options) => sdk.preflight(/** @type {any} */ (options)),
        options,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.ok(failure.message.startsWith(says), failure.message)
    })
})
