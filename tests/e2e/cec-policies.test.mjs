// CEC's chat under Content-Security-Policies: it is fetched as a text and run, so it takes more than a
// list of sources; and every option's bad value, which has an error of its own.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NONCE = 'c29tZXRoaW5n'
/** What every page of a strict site sends beside its script-src. */
const STRICT =
  "default-src 'none'; img-src data:; connect-src 'self'; base-uri 'none'; object-src 'none'; "
const TRUSTED = "require-trusted-types-for 'script'; trusted-types calldock; "

/**
 * A page with a policy. `code` is why nothing works there; without it all does.
 * @typedef {{
 *   name: string, csp: string, nonce?: string, handed?: string, engine?: 'streaming' | 'js',
 *   cobrowse?: boolean, login?: string, context?: string, code?: string, says?: RegExp,
 * }} Row
 */

/** @type {Row[]} */
const rows = [
  {
    name: 'a nonce',
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    cobrowse: true,
  },
  {
    name: "a nonce and 'strict-dynamic'",
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    cobrowse: true,
  },
  {
    name: 'a nonce and Trusted Types',
    csp: `${STRICT}${TRUSTED}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    cobrowse: true,
  },
  {
    name: "a nonce, 'strict-dynamic' and Trusted Types",
    csp: `${STRICT}${TRUSTED}script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    cobrowse: true,
  },
  {
    name: 'a nonce that only the page knows',
    csp: `${STRICT}script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    handed: NONCE,
    cobrowse: true,
  },
  {
    name: "'unsafe-inline'",
    csp: `${STRICT}script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'`,
    cobrowse: true,
  },
  {
    name: "'unsafe-inline' and Trusted Types",
    csp: `${STRICT}${TRUSTED}script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'`,
  },
  {
    name: "no 'wasm-unsafe-eval': the JavaScript form",
    csp: `${STRICT}${TRUSTED}script-src 'nonce-${NONCE}' 'strict-dynamic'`,
    nonce: NONCE,
    engine: 'js',
  },
  {
    name: 'neither a nonce nor inline scripts',
    csp: `${STRICT}script-src 'self' 'wasm-unsafe-eval'`,
    code: 'CSP_BLOCKED',
    says: /expected script-src to allow the nonce of the page's scripts/,
  },
  {
    name: 'another nonce than the policy has',
    csp: `${STRICT}script-src 'self' 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    handed: 'YW5vdGhlcg',
    code: 'CSP_BLOCKED',
    says: /expected script-src to allow/,
  },
  {
    name: 'Trusted Types without our policy',
    csp: `${STRICT}require-trusted-types-for 'script'; trusted-types another; script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    code: 'TRUSTED_TYPES_BLOCKED',
    says: /expected trusted-types to allow 'calldock', found it refused/,
  },
  {
    name: 'a connect-src that lacks the login endpoint',
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    login: '{other}/calldock/v1/cec/login',
    code: 'CSP_BLOCKED',
    says: /expected connect-src to allow the login endpoint/,
  },
  {
    name: "a connect-src that lacks the vendor's origin",
    csp: `${STRICT}script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`,
    nonce: NONCE,
    context: '{other}/service-cloud',
    code: 'CSP_BLOCKED',
    says: /expected connect-src to allow http:\/\/127\.0\.0\.1:\d+/,
  },
]

/**
 * Options of which one is wrong, the code, and what the message says.
 * @type {[string, string, string, RegExp][]}
 */
const options = [
  [
    'no contextPath',
    '{ contextPath: undefined }',
    'INVALID_OPTION',
    /contextPath: expected a text, found nothing/,
  ],
  [
    'contextPath a number',
    '{ contextPath: 5 }',
    'INVALID_OPTION',
    /contextPath: expected a text, found a number/,
  ],
  [
    'contextPath without /service-cloud',
    "{ contextPath: '/chat' }",
    'INVALID_OPTION',
    /contextPath: expected a path with \/service-cloud, such as/,
  ],
  [
    'contextPath of a look-alike',
    "{ contextPath: '/service-cloudwebclient' }",
    'INVALID_OPTION',
    /contextPath: expected a path with \/service-cloud/,
  ],
  [
    'contextPath without HTTPS',
    "{ contextPath: 'http://cec.example/service-cloud' }",
    'INVALID_OPTION',
    /contextPath: expected a path or an https address/,
  ],
  [
    'contextPath of another scheme',
    "{ contextPath: 'javascript:/service-cloud' }",
    'INVALID_OPTION',
    /contextPath: expected a path or an https address/,
  ],
  [
    'contextPath with a query',
    "{ contextPath: '/service-cloud?a=1' }",
    'INVALID_OPTION',
    /contextPath: expected a path or an https address/,
  ],
  [
    'contextPath with a hash',
    "{ contextPath: '/service-cloud#a' }",
    'INVALID_OPTION',
    /contextPath: expected a path or an https address/,
  ],
  [
    'contextPath that is no address',
    "{ contextPath: 'https://[/service-cloud' }",
    'INVALID_OPTION',
    /contextPath: expected a path or an https address/,
  ],
  [
    'no locale',
    '{ locale: undefined }',
    'INVALID_OPTION',
    /locale: expected .*zh.*fr.*, found nothing/,
  ],
  [
    'an unknown locale',
    "{ locale: 'de' }",
    'INVALID_OPTION',
    /locale: expected zh, en, ar, es, pt, fr, found/,
  ],
  [
    'locale a number',
    '{ locale: 1 }',
    'INVALID_OPTION',
    /locale: expected zh, en, ar, es, pt, fr, found a number/,
  ],
  [
    'mapService',
    "{ mapService: 'baidu' }",
    'INVALID_OPTION',
    /mapService: expected tencent, google, found/,
  ],
  [
    'cobrowse',
    "{ cobrowse: 'yes' }",
    'INVALID_OPTION',
    /cobrowse: expected true or false, found a text/,
  ],
  ['nonce', '{ nonce: 5 }', 'INVALID_OPTION', /nonce: expected a text, found a number/],
  [
    'contentType',
    "{ contentType: 'xml' }",
    'INVALID_OPTION',
    /contentType: expected form, json, found/,
  ],
  [
    'scripts as a text',
    "{ scripts: 'newThirdPartyClient.js' }",
    'INVALID_OPTION',
    /scripts: expected a list of texts, found a text/,
  ],
  [
    'scripts of another name',
    "{ scripts: ['other.js'] }",
    'INVALID_OPTION',
    /scripts: expected \['newThirdPartyClient\.js'\] or both scripts in their order/,
  ],
  [
    'scripts in another order',
    "{ scripts: ['newThirdPartyClient.js', 'thirdPartyClient.js'] }",
    'INVALID_OPTION',
    /scripts: expected/,
  ],
  ['no script', '{ scripts: [] }', 'INVALID_OPTION', /scripts: expected/],
  [
    'scripts with a number',
    '{ scripts: [5] }',
    'INVALID_OPTION',
    /scripts: expected a list of texts/,
  ],
  [
    'contextPathSlash',
    "{ contextPathSlash: 'no' }",
    'INVALID_OPTION',
    /contextPathSlash: expected true or false, found a text/,
  ],
  ['globals as a text', "{ globals: 'jQuery' }", 'INVALID_OPTION', /globals: expected an object/],
  ['globals as a list', '{ globals: [] }', 'INVALID_OPTION', /globals: expected an object/],
  [
    'refusePhones',
    '{ refusePhones: 1 }',
    'INVALID_OPTION',
    /refusePhones: expected true or false, found a number/,
  ],
  [
    'no login',
    '{ login: undefined }',
    'INVALID_OPTION',
    /^openChat\.login: expected a value, found nothing/,
  ],
  [
    'login a number',
    '{ login: 5 }',
    'INVALID_OPTION',
    /^login: expected the address of an endpoint, a function or a login, found 5/,
  ],
  [
    'an empty login',
    "{ login: '' }",
    'INVALID_OPTION',
    /^login: expected the address of an endpoint/,
  ],
  [
    'timeoutMs of zero',
    '{ timeoutMs: 0 }',
    'INVALID_OPTION',
    /^timeoutMs: expected a number of ms above 0, found 0/,
  ],
  [
    'timeoutMs as a text',
    "{ timeoutMs: '5' }",
    'INVALID_OPTION',
    /timeoutMs: expected a number, found a text/,
  ],
  ['timeoutMs beyond a timer', '{ timeoutMs: 2 ** 31 }', 'INVALID_OPTION', /^timeoutMs: expected/],
  ...[
    'secretKey',
    'secretId',
    'secret',
    'accessKey',
    'accessKeyId',
    'accessKeySecret',
    'secretAccessKey',
    'appSecret',
  ].map(
    (name) =>
      /** @type {[string, string, string, RegExp]} */ ([
        name,
        `{ ${name}: 'secret-value' }`,
        'SECRET_IN_PAGE',
        new RegExp(`^openChat: expected no secret, found a member named ${name}$`),
      ]),
  ),
]

inEachBrowser("CEC's chat and the page's policies", (world) => {
  beforeEach(() => withoutCookies(world))
  /** @param {string} text */
  const filled = (text) => text.replaceAll('{other}', world.site.otherOrigin)

  for (const row of rows)
    test(`${row.name}: ${row.code ?? 'the chat works'}`, async () => {
      const view = await world.open({
        entry: 'cec',
        before: ['chat-window.js'],
        csp: row.csp,
        ...(row.nonce ? { nonce: row.nonce } : {}),
      })
      const { login = LOGIN.token, context = '/service-cloud', handed, cobrowse = false } = row
      /** @param {string} login @param {string} contextPath @param {string | null} nonce @param {boolean} cobrowse */
      const open = async (login, contextPath, nonce, cobrowse) => {
        const extra = nonce ? { nonce } : {}
        const chat = await sdk.openChat({ login, contextPath, locale: 'en', cobrowse, ...extra })
        await chatWindow.open()
        const reported = await chatWindow.say('hello')
        const page = /** @type {any} */ (window)
        // What the vendor's own script runs later, runs under the same policy.
        page.importScript('window.imported = true')
        await bench.until(() => page.imported)
        const threw = chat.report().scripts.map(({ threw }) => threw ?? null)
        const { cobrowseCommon } = document.documentElement.dataset
        const { violations, errors } = bench
        return { reported, threw, engine: sdk.engine(), cobrowseCommon, violations, errors }
      }
      const requested = /** @type {const} */ ([
        filled(login),
        filled(context),
        handed ?? null,
        cobrowse,
      ])
      const report = await view.run(([login, contextPath, nonce]) => {
        const [asked = '', vendor = ''] = [login, contextPath].map(
          (address) => new URL(address, location.href).origin,
        )
        const required = { scripts: [vendor], connect: [asked, vendor] }
        return sdk.preflight({ for: 'chat', ...required, ...(nonce && { nonce }) })
      }, requested)
      const first = report.checks.find(({ status }) => status === 'failed')
      // The headers, requested again, may have another nonce: preflight cannot tell which one is right.
      const foretold = row.handed && row.code ? undefined : row.code
      assert.deepEqual(
        [report.ok, first?.code],
        [foretold === undefined, foretold],
        JSON.stringify(report),
      )
      if (row.code) {
        const failure = await view.failure(open, ...requested)
        assert.equal(failure.code, row.code, failure.message)
        assert.match(failure.message, row.says ?? /./)
        const left = await view.run(() => [
          'thirdUserData' in window,
          document.querySelectorAll('#aicc-web-chat, script[src*="service-cloud"]').length,
        ])
        assert.deepEqual(left, [false, 0])
        return
      }
      const { violations, ...found } = await view.run(open, ...requested)
      assert.deepEqual(found, {
        reported: 'Received: hello',
        threw: [null, null],
        engine: row.engine ?? 'streaming',
        cobrowseCommon: cobrowse ? 'loaded' : null,
        errors: [],
      })
      // Only the attempt at WebAssembly is reported where it is refused.
      if (!row.engine) assert.deepEqual(violations, [])
    })

  for (const [name, changed, code, says] of options)
    test(`${name}: ${code}`, async () => {
      const view = await world.open({ entry: 'cec' })
      const failure = await view.failure(
        (changed, login) => {
          const good = { login, contextPath: '/service-cloud', locale: 'en' }
          return sdk.openChat({ ...good, ...new Function(`return ${changed}`)() })
        },
        changed,
        signed('Ann', 'u-1'),
      )
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
      assert.deepEqual(world.site.sent, [])
    })

  for (const [name, given] of [
    ['no options', undefined],
    ['options that are a text', 'chat'],
    ['options that are null', null],
  ])
    test(`${name}: INVALID_OPTION`, async () => {
      const view = await world.open({ entry: 'cec' })
      const failure = await view.failure((given) => sdk.openChat(/** @type {any} */ (given)), given)
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.match(failure.message, /^openChat: expected an object, found (nothing|null|a text)/)
    })
})
