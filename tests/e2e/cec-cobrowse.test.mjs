// Cobrowsing: with the chat, and in the page that was shared (CEC guide, chapter 3).

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { OddVendor } from './cec/odd-vendor.mjs'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NONCE = 'c29tZXRoaW5n'
const SHARED = '?cobrowse_share_url=https%3A%2F%2Fcec.example%2Fs%2F1'
const COBROWSE = '/service-cloud/resource.root/cobrowse/sdk/cobrowse.js'
const COMMON = '/service-cloud/webclient/chat_client/js/cobrowseCommon.js'

inEachBrowser('cobrowsing', (world) => {
  const odd = new OddVendor()
  before(() => odd.start())
  after(() => odd.stop())
  beforeEach(() => withoutCookies(world))
  const requested = () =>
    world.site.sent.map(({ path }) => path).filter((path) => path.includes('cobrowse'))
  const start = async () => {
    const started = await sdk.startCobrowse({ contextPath: '/service-cloud' })
    const { cobrowse, cobrowseFrame } = document.documentElement.dataset
    return { started, cobrowse, cobrowseFrame, violations: bench.violations }
  }

  test('with the chat: both scripts in their order, and the visitor shares from the chat', async () => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    const seen = await view.run(async (login) => {
      const { dataset } = document.documentElement
      const options = { contextPath: '/service-cloud', locale: /** @type {const} */ ('en') }
      await sdk.openChat({ login, ...options, cobrowse: true })
      await chatWindow.open()
      const before = { ...dataset }
      chatWindow.part('share').click()
      chatWindow.part('yes').click()
      return { before, after: { ...dataset } }
    }, LOGIN.authorization)
    assert.deepEqual(seen.before, { cobrowse: 'loaded', cobrowseCommon: 'loaded' })
    assert.equal(seen.after.cobrowse, 'shared')
    assert.equal(seen.after.cobrowseFrame, 'top')
    // Both are requested at once.
    assert.deepEqual(requested().sort(), [COBROWSE, COMMON])
  })

  test('without it neither is loaded, and the chat offers no sharing', async () => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    const hidden = await view.run(async (login) => {
      await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      await chatWindow.open()
      return chatWindow.part('share').hidden
    }, LOGIN.authorization)
    assert.equal(hidden, true)
    assert.deepEqual(requested(), [])
  })

  test('a page that was shared is shared once, however often it is asked for', async () => {
    const view = await world.open({ entry: 'cec', hash: SHARED })
    const found = await view.run(async () => {
      const start = () => sdk.startCobrowse({ contextPath: '/service-cloud' })
      const stop = new AbortController()
      const options = { contextPath: '/service-cloud', signal: stop.signal }
      const left = sdk.startCobrowse(options).catch(({ code }) => code)
      stop.abort()
      const started = await Promise.all([start(), start()])
      return { left: await left, started, later: await start() }
    })
    assert.deepEqual(found, { left: 'ABORTED', started: [true, true], later: true })
    assert.deepEqual(requested(), [COBROWSE])
  })

  /** Addresses of pages. @type {[string, string, boolean][]} */
  const addresses = [
    ['the parameter', SHARED, true],
    ['the parameter behind another one', `?id=5&${SHARED.slice(1)}`, true],
    ['the parameter behind &amp;, as mail programs write it', `?id=5&amp;${SHARED.slice(1)}`, true],
    ['no query', '', false],
    ['another query', '?id=5', false],
    ['an empty parameter', '?cobrowse_share_url=', false],
    ['a parameter that only begins so', '?cobrowse_share_url_x=1', false],
    ['the parameter in the hash alone', `#${SHARED}`, false],
  ]
  for (const [name, hash, shared] of addresses)
    test(`a page with ${name}: ${shared ? 'shared' : 'nothing is loaded'}`, async () => {
      const view = await world.open({ entry: 'cec', hash })
      const found = await view.run(start)
      const { violations, ...rest } = found
      assert.deepEqual(
        rest,
        shared
          ? { started: true, cobrowse: 'shared', cobrowseFrame: 'top' }
          : { started: false, cobrowse: null, cobrowseFrame: null },
      )
      assert.deepEqual(violations, [])
      assert.equal(await view.run(() => bench.logged(['core.started'])), shared)
      // cobrowse.js alone: the other belongs to the chat.
      assert.deepEqual(requested(), shared ? [COBROWSE] : [])
    })

  /** As the vendor's may be written: no member of the window, and no script that could run twice. */
  const LEXICAL = `const CoBrowse = { initFromUrl() {
    const { dataset } = document.documentElement
    dataset.cobrowse = (dataset.cobrowse ?? '') + 'shared'
  } }`
  for (const [name, source, nonce] of /** @type {[string, string?, string?][]} */ ([
    ['no policy'],
    ['a nonce', `'nonce-${NONCE}'`, NONCE],
    [
      'Trusted Types',
      `'nonce-${NONCE}'; require-trusted-types-for 'script'; trusted-types calldock`,
      NONCE,
    ],
  ]))
    test(`a script that declares CoBrowse by const shares the page, under ${name}`, async () => {
      odd.answers = { 'cobrowse.js': { body: LEXICAL } }
      world.site.cec = odd.origin
      const csp = `default-src 'none'; img-src data:; connect-src 'self'; script-src 'wasm-unsafe-eval' ${source}`
      const view = await world.open({
        entry: 'cec',
        hash: SHARED,
        ...(source && { csp }),
        ...(nonce && { nonce }),
      })
      const found = await view.run(async () => {
        const started = await sdk.startCobrowse({ contextPath: '/service-cloud' })
        const again = await sdk.startCobrowse({ contextPath: '/service-cloud' })
        const { cobrowse } = document.documentElement.dataset
        const marks = Object.keys(window).filter((name) => name.startsWith('calldock.'))
        return { started, again, cobrowse, marks, errors: bench.errors }
      })
      const shared = { started: true, again: true, cobrowse: 'shared' }
      assert.deepEqual(found, { ...shared, marks: [], errors: [] })
      assert.deepEqual(requested(), [COBROWSE])
    })

  /** Who comes first in a page that has a chat and was shared. */
  for (const first of /** @type {const} */ (['chat', 'page', 'both']))
    test(`a shared page with a chat runs each script once: first the ${first}`, async () => {
      odd.answers = {
        'cobrowse.js': { body: LEXICAL },
        'cobrowseCommon.js': { body: 'const common = 1' },
        'newThirdPartyClient.js': { body: 'window.client = 1' },
      }
      world.site.cec = odd.origin
      const view = await world.open({ entry: 'cec', hash: SHARED })
      const found = await view.run(
        async (first, login) => {
          const place = /** @type {const} */ ({ contextPath: '/service-cloud' })
          const open = () => sdk.openChat({ login, ...place, locale: 'en', cobrowse: true })
          const start = () => sdk.startCobrowse(place)
          if (first === 'chat') {
            await open()
            await start()
          } else if (first === 'page') {
            await start()
            await open()
          } else await Promise.all([open(), start()])
          return { ...document.documentElement.dataset, errors: bench.errors }
        },
        first,
        signed('Ann', 'u-1'),
      )
      assert.deepEqual(found, { cobrowse: 'shared', errors: [] })
      assert.deepEqual(requested().sort(), [COBROWSE, COMMON])
    })

  test('a chat that gives up leaves the script to the page that is being shared', async () => {
    odd.answers = {
      'cobrowse.js': { body: LEXICAL, after: 'sendMessageForWebChannel' },
      'cobrowseCommon.js': { hang: true },
    }
    world.site.cec = odd.origin
    const view = await world.open({ entry: 'cec', hash: SHARED })
    const found = await view.run(
      async (login) => {
        const place = /** @type {const} */ ({ contextPath: '/service-cloud' })
        const stop = new AbortController()
        const { signal } = stop
        const scripts = () => document.querySelectorAll('script[src*="cobrowse"]').length
        const starting = sdk.startCobrowse(place)
        await bench.until(() => scripts() === 1)
        const opening = sdk
          .openChat({ login, ...place, locale: 'en', cobrowse: true, signal })
          .catch(({ code }) => code)
        await bench.until(() => scripts() > 1)
        stop.abort()
        const code = await opening
        await bench.until(() => scripts() === 1)
        await fetch('/service-cloud/rest/sendMessageForWebChannel')
        return { code, started: await starting }
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, { code: 'ABORTED', started: true })
    // Both are requested at once.
    assert.deepEqual(requested().sort(), [COBROWSE, COMMON])
  })

  test('a page in a frame: only the frame is shared', async () => {
    world.site.pages.set('/framed', { entry: 'cec' })
    await world.open({ entry: 'none', frame: `${world.site.origin}/framed${SHARED}` })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => window.sdk)
    const found = await inner.run(start)
    assert.deepEqual([found.started, found.cobrowseFrame], [true, 'frame'])
    const outer = await new View(world.driver).run(
      () => document.documentElement.dataset.cobrowse ?? null,
    )
    assert.equal(outer, null)
  })

  for (const [name, source, nonce] of /** @type {[string, string, string?][]} */ ([
    ['a list of sources', "'self'"],
    ['a nonce', `'nonce-${NONCE}'`, NONCE],
    ["a nonce and 'strict-dynamic'", `'nonce-${NONCE}' 'strict-dynamic'`, NONCE],
    [
      'Trusted Types',
      `'nonce-${NONCE}'; require-trusted-types-for 'script'; trusted-types calldock`,
      NONCE,
    ],
  ]))
    test(`under ${name} the shared page is shared`, async () => {
      const csp = `default-src 'none'; img-src data:; connect-src 'self'; script-src 'wasm-unsafe-eval' ${source}`
      const view = await world.open({
        entry: 'cec',
        hash: SHARED,
        csp,
        ...(nonce ? { nonce } : {}),
      })
      const found = await view.run(start)
      assert.deepEqual([found.started, found.cobrowse, found.violations], [true, 'shared', []])
    })

  test('a policy that does not list the vendor: CSP_BLOCKED', async () => {
    const csp = `default-src 'none'; img-src data:; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'`
    const view = await world.open({ entry: 'cec', hash: SHARED, csp })
    const failure = await view.failure(
      (contextPath) => sdk.startCobrowse({ contextPath }),
      `${world.site.otherOrigin}/service-cloud`,
    )
    assert.equal(failure.code, 'CSP_BLOCKED')
    assert.match(failure.message, /expected script-src to allow http:\/\/127\.0\.0\.1:\d+/)
  })

  /** What may come instead of the script. @type {[string, import('./cec/odd-vendor.mjs').Odd, string, RegExp][]} */
  const scripts = [
    ['that is missing', { status: 404 }, 'NETWORK', /expected .*script|the vendor's script/],
    [
      'of another kind',
      { body: 'window.other = 1' },
      'GLOBAL_MISSING',
      /^cobrowse\.js: expected it to register CoBrowse\.initFromUrl/,
    ],
    [
      'that throws',
      { body: 'window.CoBrowse = { initFromUrl() { throw new Error("no") } }' },
      'VENDOR_REJECTED',
      /^CoBrowse\.initFromUrl: expected it to run, found it throw/,
    ],
    ['that never comes', { hang: true }, 'TIMEOUT', /it still in the stage 'cobrowse'/],
  ]
  for (const [name, answer, code, says] of scripts)
    test(`a script ${name}: ${code}, and none is left`, async () => {
      odd.answers = { 'cobrowse.js': answer }
      world.site.cec = odd.origin
      const view = await world.open({ entry: 'cec', hash: SHARED, before: ['jump.js'] })
      const failure = await view.failure(async (late) => {
        const starting = sdk.startCobrowse({ contextPath: '/service-cloud', timeoutMs: 10_000 })
        const requested = () => document.querySelector('script[src*="cobrowse"]')
        await Promise.all([starting, late && window.jumpAt(requested, 10_000)])
      }, code === 'TIMEOUT')
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
      const scripts = () => document.querySelectorAll('script[src*="cobrowse"]').length === 0
      await view.until('no script of it', scripts)
    })

  /** @type {[string, string, string, RegExp][]} */
  const options = [
    [
      'no options',
      'undefined',
      'INVALID_OPTION',
      /^startCobrowse: expected an object, found nothing/,
    ],
    ['no contextPath', '{}', 'INVALID_OPTION', /contextPath: expected a text, found nothing/],
    [
      'contextPath without /service-cloud',
      "{ contextPath: '/x' }",
      'INVALID_OPTION',
      /contextPath: expected a path with \/service-cloud/,
    ],
    [
      'nonce',
      "{ contextPath: '/service-cloud', nonce: 5 }",
      'INVALID_OPTION',
      /nonce: expected a text, found a number/,
    ],
    [
      'timeoutMs',
      "{ contextPath: '/service-cloud', timeoutMs: -1 }",
      'INVALID_OPTION',
      /^timeoutMs: expected/,
    ],
    [
      'secretKey',
      "{ contextPath: '/service-cloud', secretKey: 'secret-value' }",
      'SECRET_IN_PAGE',
      /found a member named secretKey/,
    ],
    [
      'signal that has aborted',
      "{ contextPath: '/service-cloud', signal: AbortSignal.abort() }",
      'ABORTED',
      /^startCobrowse: .*its signal aborted it$/,
    ],
  ]
  for (const [name, text, code, says] of options)
    test(`${name}: ${code}`, async () => {
      const view = await world.open({ entry: 'cec', hash: SHARED })
      const failure = await view.failure(
        (text) => sdk.startCobrowse(new Function(`return (${text})`)()),
        text,
      )
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
      assert.deepEqual(requested(), [])
    })
})
