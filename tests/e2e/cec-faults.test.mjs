// Whatever goes wrong on the way to CEC's chat: each ends in an error that says so, in time, and leaves
// nothing of ours in the page.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { OddVendor } from './cec/odd-vendor.mjs'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

/**
 * A chat that must fail. `cec` and `rest` are the double's faults, `odd` what another CEC answers.
 * @typedef {{
 *   name: string, login?: unknown, cec?: Record<string, unknown>,
 *   odd?: Record<string, import('./cec/odd-vendor.mjs').Odd>, options?: Record<string, unknown>,
 *   code: string, says: RegExp, again?: 'ALREADY_OPEN',
 * }} Row
 */

const GLOBALS =
  'configId userId userName tenantSpaceId locale token $ContextPath $aicc_ContextPath thirdUserData thirdValidate importScript'

/** A first script that does what the guide's page is there for. */
const FIRST = { 'thirdPartyClient.js': { body: 'thirdValidate(thirdUserData)' } }

/** @type {Row[]} */
const faults = [
  ...[LOGIN.token, LOGIN.authorization].flatMap((login) => {
    const mode = login.split('/').pop()
    return [
      {
        name: `${mode}: 200 with a page of HTML`,
        login,
        cec: { script: 'html' },
        code: 'VENDOR_REJECTED',
        says: /ThirdPartyClient\.js: expected 200 with a script, found that the proxy responded with a page/i,
      },
      {
        name: `${mode}: 500`,
        login,
        cec: { script: '500' },
        code: 'VENDOR_REJECTED',
        says: /expected 200 with a script, found HTTP 500/,
      },
      {
        name: `${mode}: refused`,
        login,
        cec: { script: 'refuse' },
        code: 'VENDOR_REJECTED',
        says: /found HTTP 403/,
      },
      {
        name: `${mode}: expired`,
        login,
        cec: { expired: true, at: 'second' },
        code: 'VENDOR_REJECTED',
        says: /^newThirdPartyClient\.js: expected 200 with a script, found HTTP 403/,
        .../** @type {{ again?: 'ALREADY_OPEN' }} */ (
          mode === 'token' ? { again: 'ALREADY_OPEN' } : {}
        ),
      },
      {
        name: `${mode}: never answered`,
        login,
        cec: { script: 'hang' },
        code: 'TIMEOUT',
        says: /it still in the stage '\w*thirdPartyClient\.js'/i,
      },
      {
        name: `${mode}: slower than the deadline`,
        login,
        cec: { script: 'slow:3000' },
        code: 'TIMEOUT',
        says: /expected an end within 10000 ms/,
      },
    ]
  }),
  {
    name: 'a signature for another name',
    login: { ...signed('Ann', 'u-1'), thirdUserName: 'Eve' },
    code: 'VENDOR_REJECTED',
    says: /found HTTP 403/,
  },
  {
    name: "a signature of another tenant's key",
    login: signed('Ann', 'u-1', 'another'),
    code: 'VENDOR_REJECTED',
    says: /found HTTP 403/,
  },
  {
    name: 'a token that nobody gave',
    login: { ...signed('Ann', 'u-1'), mode: 'token', token: 'forged', authorization: undefined },
    code: 'VENDOR_REJECTED',
    says: /^newThirdPartyClient\.js: .*found HTTP 403/,
    again: 'ALREADY_OPEN',
  },
  {
    name: 'an empty answer',
    odd: { 'newThirdPartyClient.js': { body: ' \n' } },
    code: 'VENDOR_REJECTED',
    says: /^newThirdPartyClient\.js: expected 200 with a script, found an empty response/,
  },
  {
    name: 'a refusal in the form of the REST interface',
    odd: {
      'newThirdPartyClient.js': { body: '{"resultCode":"60001","resultDesc":"auth failed"}' },
    },
    code: 'VENDOR_REJECTED',
    says: /^newThirdPartyClient\.js: expected 200 with a script, found "?resultCode 60001 "auth failed"/,
  },
  {
    name: 'an empty object',
    odd: { 'newThirdPartyClient.js': { body: ' {}' } },
    code: 'VENDOR_REJECTED',
    says: /^newThirdPartyClient\.js: expected 200 with a script/,
  },
  ...['"token expired"', 'null', ' false', '40301', '-1\n', '[]'].map(
    (body) =>
      /** @type {Row} */ ({
        name: `JSON instead of a script, ${body.trim()}`,
        odd: { 'newThirdPartyClient.js': { body, type: 'application/json' } },
        code: 'VENDOR_REJECTED',
        says: /^newThirdPartyClient\.js: expected 200 with a script, found ‹\d+ characters›/,
      }),
  ),
  {
    name: 'a page that says it is a script',
    odd: { 'newThirdPartyClient.js': { body: '\ufeff\n<!doctype html>', type: 'text/javascript' } },
    code: 'VENDOR_REJECTED',
    says: /the proxy responded with a page/,
  },
  {
    name: 'an answer that breaks off',
    odd: { 'newThirdPartyClient.js': { body: 'var a = 1', cut: true } },
    code: 'NETWORK',
    says: /^newThirdPartyClient\.js: expected a response, found no connection/,
  },
  {
    name: 'a first script that throws before it asks for the second',
    login: LOGIN.token,
    cec: { script: 'throw', at: 'first' },
    code: 'VENDOR_REJECTED',
    says: /^thirdPartyClient\.js: expected it to call thirdValidate, found it throw/,
    again: 'ALREADY_OPEN',
  },
  {
    name: 'a cobrowsing script that is not there',
    odd: { 'cobrowse.js': { status: 404 } },
    options: { cobrowse: true },
    code: 'NETWORK',
    says: /cobrowse\.js|the vendor's script/,
  },
  {
    name: 'a path at which the server has no login',
    login: '/calldock/v1/nowhere',
    code: 'INVALID_OPTION',
    says: /the login endpoint: This server has nothing at this path/,
  },
]

/** What a second `openChat` does after each of these. Globals: what was there before is there again. */
inEachBrowser("CEC's faults", (world) => {
  const odd = new OddVendor()
  before(() => odd.start())
  after(() => odd.stop())
  beforeEach(() => withoutCookies(world))
  const page = () => world.open({ entry: 'cec', before: ['chat-window.js', 'jump.js'] })
  /** What of ours stands in the page. @param {import('./harness/page.mjs').View} view */
  const left = (view) =>
    view.run((names) => {
      const page = /** @type {any} */ (window)
      return {
        globals: names.split(' ').filter((name) => page[name] !== undefined),
        marks: Object.keys(page).filter((name) => name.startsWith('calldock')),
        scripts: [...document.scripts].filter(({ src }) => src.includes('service-cloud')).length,
        chats: document.querySelectorAll('#aicc-web-chat').length,
        listeners: bench.listeners(),
      }
    }, GLOBALS)
  const CLEAN = { globals: [], marks: [], scripts: 0, chats: 0, listeners: {} }
  /** @param {import('./harness/page.mjs').View} view */
  const works = (view) =>
    view.run(
      async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        return chat.customerId
      },
      signed('Ann', 'u-1'),
    )

  for (const row of faults)
    test(`${row.name}: ${row.code}`, async () => {
      if (row.cec) await world.doubles.control('faults', { cec: row.cec })
      if (row.odd) {
        odd.answers = { ...FIRST, ...row.odd }
        world.site.cec = odd.origin
      }
      const view = await page()
      const failure = await view.failure(
        async (login, options, late) => {
          const opening = sdk.openChat({
            login: /** @type {any} */ (login),
            contextPath: '/service-cloud',
            locale: 'en',
            timeoutMs: 10_000,
            ...options,
          })
          const requested = () => bench.fetched.some((url) => /ThirdPartyClient\.js/i.test(url))
          await Promise.all([opening, late && window.jumpAt(requested, 10_000)])
        },
        row.login ?? signed('Ann', 'u-1'),
        row.options ?? {},
        row.code === 'TIMEOUT',
      )
      assert.equal(failure.code, row.code, failure.message)
      assert.match(failure.message, row.says)
      await view.until('the core letting go', () => !('thirdUserData' in window))
      assert.deepEqual(await left(view), CLEAN)
      await world.doubles.control('reset')
      world.site.cec = ''
      if (row.again) {
        const again = await view.failure(
          (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
          signed('Ann', 'u-1'),
        )
        assert.equal(again.code, row.again)
        assert.match(again.message, /expected a page in which the vendor's chat has not run/)
      } else {
        assert.equal(await works(view), 'u-1')
      }
    })

  test('a script that throws is reported, and nothing of it is lost', async () => {
    await world.doubles.control('faults', { cec: { script: 'throw', at: 'second' } })
    const view = await page()
    const { scripts, logged } = await view.run(async (login) => {
      const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      const logged = bench.entries.filter(({ name }) => name === 'script.threw')
      return { scripts: chat.report().scripts, logged: logged.map(({ detail }) => detail.url) }
    }, LOGIN.token)
    assert.equal(scripts[0]?.threw ?? null, null)
    assert.match(scripts[1]?.threw ?? '', /CEC: the chat client failed to start/)
    assert.deepEqual(logged, ['newThirdPartyClient.js'])
  })

  test('a script that is no JavaScript is reported as what the browser said of it', async () => {
    odd.answers = { 'newThirdPartyClient.js': { body: 'var a = ;', type: 'text/plain' } }
    world.site.cec = odd.origin
    const view = await page()
    const threw = await view.run(
      async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        return chat.report().scripts[0]?.threw
      },
      signed('Ann', 'u-1'),
    )
    assert.match(threw ?? '', /SyntaxError/)
  })

  test('what was on the window before comes back when the chat fails', async () => {
    await world.doubles.control('faults', { cec: { script: '500' } })
    const view = await page()
    await view.run(() => {
      const page = /** @type {any} */ (window)
      page.userName = 'the page’s own'
      page.locale = 'xx'
    })
    await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      signed('Ann', 'u-1'),
    )
    const after = await view.run(() => {
      const { userName, locale, userId } = /** @type {any} */ (window)
      return [userName, locale, userId === undefined]
    })
    assert.deepEqual(after, ['the page’s own', 'xx', true])
  })

  /** The stages a chat goes through, and what holds each of them up. */
  const stages = [
    { stage: 'core', wasm: true },
    { stage: 'login', login: true },
    { stage: 'cobrowse', odd: { 'cobrowse.js': { hang: true } } },
    { stage: 'thirdPartyClient.js', odd: { 'thirdPartyClient.js': { hang: true } } },
    {
      stage: 'thirdValidate',
      odd: { 'thirdPartyClient.js': { body: 'window.first = 1' } },
      ran: true,
    },
    {
      stage: 'newThirdPartyClient.js',
      odd: { ...FIRST, 'newThirdPartyClient.js': { hang: true } },
      ran: true,
    },
  ]
  test('both cobrowsing scripts are requested at once, and run in their order', async () => {
    const note = (/** @type {string} */ name) => ({ body: `(window.order ??= []).push('${name}')` })
    odd.answers = {
      'cobrowse.js': { ...note('cobrowse'), after: 'cobrowseCommon.js' },
      'cobrowseCommon.js': note('common'),
      'newThirdPartyClient.js': note('client'),
    }
    world.site.cec = odd.origin
    const view = await page()
    const order = await view.run(
      async (login) => {
        await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en', cobrowse: true })
        return /** @type {any} */ (window).order
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(order, ['cobrowse', 'common', 'client'])
  })

  for (const { stage, wasm, login, odd: answers, ran } of stages)
    for (const how of /** @type {const} */ (['ABORTED', 'TIMEOUT']))
      test(`${how} while in the stage ${stage}: nothing of ours is left`, async () => {
        /** @type {() => void} */
        let release = () => {}
        const held = new Promise((resolve) => {
          release = () => resolve(undefined)
        })
        if (answers) {
          odd.answers = { 'cobrowse.js': {}, 'cobrowseCommon.js': {}, ...answers }
          world.site.cec = odd.origin
        }
        const view = await world.open({
          entry: 'cec',
          before: ['chat-window.js', 'jump.js'],
          wasm: wasm ? { held: /** @type {Promise<void>} */ (held) } : {},
        })
        const failure = await view.failure(
          async (given, stage, how, waits) => {
            const stop = new AbortController()
            const never = new Promise(() => {})
            const asked = () => {
              window.kept = 'asked'
              return waits ? /** @type {any} */ (never) : given
            }
            const opening = sdk.openChat({
              login: async () => asked(),
              contextPath: '/service-cloud',
              locale: 'en',
              cobrowse: stage !== 'core',
              timeoutMs: 10_000,
              signal: stop.signal,
            })
            /** @type {Record<string, () => unknown>} */
            const reached = {
              core: () => true,
              login: () => window.kept === 'asked' && bench.logged(['core.started']),
              cobrowse: () => document.querySelector('script[src*="cobrowse"]'),
              thirdValidate: () => 'first' in window,
            }
            const fetched = () => bench.fetched.some((url) => url.includes(`/${stage}`))
            const ends = async () => {
              await bench.until(reached[stage] ?? fetched)
              if (how === 'ABORTED') stop.abort('enough')
              else window.jump(10_000)
            }
            const [chat] = await Promise.all([opening, ends()])
            return chat.report()
          },
          { ...signed('Ann', 'u-1'), mode: 'token', token: 'x' },
          stage,
          how,
          login ?? false,
        )
        assert.equal(failure.code, how, failure.message)
        if (how === 'TIMEOUT') assert.match(failure.message, new RegExp(`stage '${stage}'`))
        else assert.match(failure.message, /^openChat: .*its signal aborted it$/)
        world.site.cec = ''
        release()
        await view.until('the core letting go', () => !('thirdUserData' in window))
        assert.deepEqual(await left(view), CLEAN)
        if (ran) {
          const again = await view.failure(
            (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
            signed('Ann', 'u-1'),
          )
          assert.equal(again.code, 'ALREADY_OPEN')
        } else {
          assert.equal(await works(view), 'u-1')
        }
      })

  test('a chat that was stopped may be opened again at once', async () => {
    const view = await page()
    const customerId = await view.run(
      async (login) => {
        const stop = new AbortController()
        const options = {
          login,
          contextPath: '/service-cloud',
          locale: /** @type {const} */ ('en'),
        }
        const stopped = sdk.openChat({ ...options, signal: stop.signal })
        stop.abort()
        await stopped.catch(() => {})
        const chat = await sdk.openChat(options)
        return chat.customerId
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(customerId, 'u-1')
  })

  test('a signal that has aborted already asks nobody', async () => {
    const view = await page()
    const failure = await view.failure(
      (login) =>
        sdk.openChat({
          login,
          contextPath: '/service-cloud',
          locale: 'en',
          signal: AbortSignal.abort(),
        }),
      signed('Ann', 'u-1'),
    )
    assert.equal(failure.code, 'ABORTED')
    assert.deepEqual(world.site.sent, [])
  })

  /** @param {string} body @param {any} login */
  const open = (body, login) =>
    sdk.openChat({
      login: async () => new Function('login', body)(login),
      contextPath: '/service-cloud',
      locale: 'en',
    })
  /** Logins a page's own function may give. @type {[string, string, string, RegExp][]} */
  const logins = [
    [
      'that throws',
      'throw new TypeError("no session")',
      'LOGIN_FAILED',
      /expected a login, found that the function threw/,
    ],
    ['that is no object', 'return 5', 'LOGIN_FAILED', /login: expected an object, found a number/],
    [
      'without a mode',
      'return {}',
      'LOGIN_FAILED',
      /login\.mode: expected token, authorization, found nothing/,
    ],
    [
      'of another mode',
      'return { mode: "both" }',
      'LOGIN_FAILED',
      /login\.mode: expected token, authorization, found ‹4 characters›/,
    ],
    [
      'without its token',
      'return { ...login, mode: "token" }',
      'LOGIN_FAILED',
      /login\.token: expected a text, found nothing/,
    ],
    [
      'without its authorization',
      'return { ...login, authorization: undefined }',
      'LOGIN_FAILED',
      /login\.authorization: expected a text, found nothing/,
    ],
    ...['thirdUserId', 'thirdUserName', 'tenantSpaceId', 'channelConfigId'].flatMap(
      (name) =>
        /** @type {[string, string, string, RegExp][]} */ ([
          [
            `without ${name}`,
            `return { ...login, ${name}: undefined }`,
            'LOGIN_FAILED',
            new RegExp(`login\\.${name}: expected a text, found nothing`),
          ],
          [
            `with an empty ${name}`,
            `return { ...login, ${name}: ' ' }`,
            'LOGIN_FAILED',
            new RegExp(`login\\.${name}: expected a text, found an empty text`),
          ],
        ]),
    ),
    ...['secretKey', 'secretId', 'secret', 'accessKey', 'appSecret'].map(
      (name) =>
        /** @type {[string, string, string, RegExp]} */ ([
          `with a member ${name}`,
          `return { ...login, ${name}: 'secret-value' }`,
          'SECRET_IN_PAGE',
          new RegExp(`login: expected no secret, found a member named ${name}`),
        ]),
    ),
  ]
  for (const [name, body, code, says] of logins)
    test(`a login ${name}: ${code}`, async () => {
      const view = await page()
      const failure = await view.failure(open, body, signed('Ann', 'u-1'))
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
      assert.deepEqual(world.site.sent, [])
      assert.equal(await works(view), 'u-1')
    })

  for (const [name, body, code, says] of logins)
    test(`a login ${name}, while a chat is open: an error too`, async () => {
      const view = await page()
      await works(view)
      const failure = await view.failure(open, body, signed('Ann', 'u-1'))
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, says)
    })

  /** What the REST does wrong, and what the chat's orders say of it. @type {[string, string, RegExp][]} */
  const orders = [
    ['500', 'VENDOR_REJECTED', /expected 200 with resultCode 0, found HTTP 500/],
    ['401', 'VENDOR_REJECTED', /found HTTP 401/],
    ['html', 'VENDOR_REJECTED', /the proxy responded with a page/],
    ['failed', 'VENDOR_REJECTED', /resultCode 1 "the double was told to fail"/],
  ]
  for (const [rest, code, says] of orders)
    test(`orders of an open chat, when the REST answers ${rest}: ${code}`, async () => {
      const view = await page()
      await view.run(
        async (login) => {
          window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        },
        signed('Ann', 'u-1'),
      )
      await world.doubles.control('faults', { rest })
      for (const order of ['close', 'toAgent', 'channelConfig', 'clickToCall']) {
        const failure = await view.failure(
          (order) =>
            order === 'clickToCall' ? window.kept.clickToCall('voice') : window.kept[order](),
          order,
        )
        assert.equal(failure.code, code, failure.message)
        assert.match(failure.message, says)
      }
    })

  /** JSON that says of no command that it was done. @type {[string, RegExp][]} */
  const unknown = [
    ['null', /found null$/],
    ['[]', /found a list$/],
    ['true', /found true or false$/],
    ['"login required"', /found a text$/],
    ['40301', /found a number$/],
    ['{"resultCode":["0"]}', /found a resultCode that is a list$/],
    ['{"resultCode":{"toString":1}}', /found a resultCode that is an object$/],
    ['{"resultCode":false}', /found a resultCode that is true or false$/],
  ]
  /** What only the configuration, whose example in the guide has no code, may be. @type {[string, RegExp][]} */
  const withoutCode = [
    ['{}', /found no resultCode$/],
    ['{"code":401,"msg":"please log in"}', /found no resultCode$/],
    ['{"resultcode":"60001"}', /found no resultCode$/],
    ['{"resultCode":null}', /found no resultCode$/],
  ]
  for (const [body, says] of [...unknown, ...withoutCode])
    test(`orders of an open chat, when the REST answers ${body}: not done`, async () => {
      const view = await page()
      await view.run(
        async (login) => {
          window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        },
        signed('Ann', 'u-1'),
      )
      const answer = { type: 'application/json', body }
      odd.answers = {
        sendMessageForWebChannel: answer,
        createClickToCall: answer,
        queryChannelConfigByChannelAndId: answer,
      }
      world.site.cec = odd.origin
      for (const order of ['close', 'toAgent', 'clickToCall', 'channelConfig']) {
        const call = (/** @type {string} */ order) =>
          order === 'clickToCall' ? window.kept.clickToCall('voice') : window.kept[order]()
        if (order === 'channelConfig' && withoutCode.some(([each]) => each === body)) {
          assert.deepEqual(await view.run(call, order), JSON.parse(body))
          continue
        }
        const failure = await view.failure(call, order)
        assert.equal(failure.code, 'VENDOR_REJECTED', failure.message)
        assert.match(failure.message, /expected 200 with resultCode 0/)
        assert.match(failure.message, says)
      }
      assert.equal(await view.run(() => window.kept.customerId), 'u-1')
    })

  test('an answer of 20,000 objects in each other is not done either, and keeps no report from being made', async () => {
    const view = await page()
    await view.run(
      async (login) => {
        window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      },
      signed('Ann', 'u-1'),
    )
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    odd.answers = { sendMessageForWebChannel: { type: 'application/json', body } }
    world.site.cec = odd.origin
    const failure = await view.failure(() => window.kept.toAgent())
    assert.equal(failure.code, 'VENDOR_REJECTED', failure.message)
    assert.match(failure.message, /found no resultCode$/)
    const { responses } = await view.run(() => window.kept.compatibility())
    assert.ok('sendMessageForWebChannel' in responses)
  })

  test('a cookie that has expired is told by the next order', async () => {
    const view = await page()
    await view.run(
      async (login) => {
        window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      },
      signed('Ann', 'u-1'),
    )
    await world.doubles.control('cec/expire')
    const failure = await view.failure(() => window.kept.toAgent())
    assert.match(failure.message, /HTTP 401/)
  })

  test('an order that no visitor could give is refused by its name', async () => {
    const view = await page()
    await view.run(
      async (login) => {
        window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      },
      signed('Ann', 'u-1'),
    )
    const failure = await view.failure(() => window.kept.clickToCall('smoke'))
    assert.equal(failure.code, 'INVALID_OPTION')
    assert.match(failure.message, /^clickToCall: expected 'voice' or 'video'/)
  })
})
