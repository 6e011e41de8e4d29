// Every option's bad value: which option, what was expected, and never the value itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const SECRET = 'secret-value'

/**
 * What is done in the page, with `value` among it; the message begins with `says`. A value is written
 * as JSON, because it travels to the page.
 * @typedef {{ name: string, value?: unknown, code?: string, says: string }} Row
 */

/** Options of openWorkbench beside a login that is fine. @type {(Row & { option: string })[]} */
const options = [
  ...[0, -1, 1e12].map((value) => ({
    name: `timeoutMs: ${value}`,
    option: 'timeoutMs',
    value,
    says: `timeoutMs: expected a number of ms above 0, found ${value}`,
  })),
  ...[0, 11, 1.5].map((value) => ({
    name: `attempts: ${value}`,
    option: 'attempts',
    value,
    says: `attempts: expected a whole number from 1 to 10, found ${value}`,
  })),
  ...['timeoutMs', 'attempts'].flatMap((option) =>
    ['3', {}, true].map((value) => ({
      name: `${option}: ${JSON.stringify(value)}`,
      option,
      value,
      says: `options.${option}: expected a number, found`,
    })),
  ),
  {
    name: 'an option that is misspelt',
    option: 'takeover',
    value: true,
    says: 'options.takeover: expected login, attach, showWorkbenchAtFirstLogin',
  },
  {
    name: 'showWorkbenchAtFirstLogin as a text',
    option: 'showWorkbenchAtFirstLogin',
    value: SECRET,
    says: 'options.showWorkbenchAtFirstLogin: expected true or false, found a text',
  },
  {
    name: 'renderDomId as an object',
    option: 'renderDomId',
    value: { id: SECRET },
    says: 'options.renderDomId: expected a text, found an object',
  },
  {
    name: 'nonce as a number',
    option: 'nonce',
    value: 7,
    says: 'options.nonce: expected a text, found a number',
  },
  ...[SECRET, {}].map((value) => ({
    name: `signal: ${value === SECRET ? 'a text' : JSON.stringify(value)}`,
    option: 'signal',
    value,
    says: 'signal: expected an AbortSignal, found',
  })),
]

/** Instead of a login. @type {Row[]} */
const logins = [
  ...[undefined, null].map((value) => ({
    name: `${value}`,
    value,
    says: 'login: expected the address of an endpoint, a function or a login, found nothing',
  })),
  {
    name: 'an empty address',
    value: '',
    says: 'login: expected the address of an endpoint, a function or a login, found',
  },
  {
    name: 'a number',
    value: 5,
    says: 'login: expected the address of an endpoint, a function or a login, found',
  },
  {
    name: 'a list',
    value: [SECRET],
    code: 'LOGIN_FAILED',
    says: 'login: expected an object, found a list',
  },
]

const GOOD = {
  token: '0123456789abcdef0123456789abcdef',
  sdkUrl: 'https://tccc.qcloud.com/sdk/tcccSdk.js?token=0123456789abcdef0123456789abcdef',
  sdkAppId: 1400000000,
  userId: 'agent@example.com',
}

/** Members of a login that are wrong. @type {(Row & { login: unknown })[]} */
const members = [
  ...['sdkUrl', 'sdkAppId', 'userId'].map((name) => ({
    name: `a login without ${name}`,
    login: { ...GOOD, [name]: undefined },
    says: `login.${name}: expected`,
  })),
  ...['token', 'sdkUrl', 'userId'].flatMap((name) => [
    {
      name: `an empty ${name}`,
      login: { ...GOOD, [name]: '  ' },
      says: `login.${name}: expected a text`,
    },
    {
      name: `a ${name} beyond all reason`,
      login: { ...GOOD, [name]: SECRET.repeat(500) },
      says: `login.${name}: expected at most 4096 characters, found ‹6000 characters›`,
    },
    {
      name: `a ${name} that is a number`,
      login: { ...GOOD, [name]: 7 },
      says: `login.${name}: expected a text`,
    },
  ]),
  ...[0, -1, 1.5, 'abc', 1e300].map((sdkAppId) => ({
    name: `sdkAppId: ${JSON.stringify(sdkAppId)}`,
    login: { ...GOOD, sdkAppId },
    says: 'login.sdkAppId: expected a positive number',
  })),
  ...[
    'http://tccc.qcloud.com/sdk/tcccSdk.js',
    'http://localhost.evil.example/sdk.js',
    'ftp://tccc.qcloud.com/sdk.js',
    'javascript:alert(1)',
    'data:text/javascript,1',
    '/sdk/tcccSdk.js',
    'tcccSdk.js',
  ].map((sdkUrl) => ({
    name: `sdkUrl: ${sdkUrl}`,
    login: { ...GOOD, sdkUrl: `${sdkUrl}?token=${SECRET}` },
    says: 'login.sdkUrl: expected an https address (http only for localhost), found',
  })),
  ...[
    'https://tccc.qcloud.com:port/sdk.js',
    'https://tccc.qcloud.com:99999/sdk.js',
    'https://:443/sdk.js',
    'https://<host>/sdk.js',
    'https://[::1/sdk.js',
  ].map((sdkUrl) => ({
    name: `sdkUrl: ${sdkUrl}`,
    login: { ...GOOD, sdkUrl: `${sdkUrl}?token=${SECRET}` },
    says: 'login.sdkUrl: expected an http address, found a text that is none',
  })),
  ...['secretKey', 'TmpSecretId', 'secretAccessKey', 'accessKeySecret', 'clientSecret'].map(
    (name) => ({
      name: `a login with a ${name}`,
      login: { ...GOOD, [name]: SECRET },
      code: 'SECRET_IN_PAGE',
      says: `login: expected no secret, found a member named ${name}`,
    }),
  ),
  {
    name: 'a login that is a text',
    login: SECRET,
    says: 'login: expected an object, found a text',
  },
  {
    name: 'a login that is nothing',
    login: null,
    says: 'login: expected an object, found null',
  },
]

/**
 * What a login endpoint answers instead.
 * @type {(Row & { status?: number, type?: string, body: string, attempts?: number })[]}
 */
const answers = [
  {
    name: 'a web page',
    type: 'text/html; charset=utf-8',
    body: `<p>${SECRET}</p>`,
    says: 'the login endpoint: expected 200 with JSON, found HTTP 200 with ‹19 characters› of text/html',
  },
  {
    name: 'half of a JSON',
    body: '{"token":"secret-va',
    says: 'the login endpoint: expected 200 with JSON',
  },
  { name: 'nothing', body: '', says: 'the login endpoint: expected 200 with JSON' },
  { name: 'a JSON list', body: '[]', says: 'login: expected an object, found a list' },
  {
    name: 'a JSON without an address',
    body: '{"token":"xyz"}',
    says: 'login.sdkUrl: expected a text, found nothing',
  },
  { name: '401', status: 401, body: SECRET, says: 'the login endpoint: expected 200 with JSON' },
  { name: '404', status: 404, body: SECRET, says: 'the login endpoint: expected 200 with JSON' },
  {
    name: '503',
    status: 503,
    body: SECRET,
    attempts: 2,
    says: 'the login endpoint: expected 200 with JSON',
  },
  {
    name: 'a problem of Calldock’s server',
    status: 403,
    type: 'application/problem+json',
    body: JSON.stringify({
      code: 'ORIGIN_REFUSED',
      title: 'no',
      detail: 'Not from here.',
      remedy: 'Go home.',
    }),
    code: 'ORIGIN_REFUSED',
    says: 'the login endpoint: Not from here',
  },
  {
    name: 'a problem of somebody else’s',
    status: 409,
    type: 'application/problem+json',
    body: JSON.stringify({ code: 'out-of-credit', title: 'Out of credit' }),
    says: 'the login endpoint: Out of credit',
  },
]

/** Options of an outbound call. @type {(Row & { call: unknown })[]} */
const outbound = [
  { name: 'null', call: null, says: 'call.startOutbound: expected an object, found null' },
  { name: 'a text', call: '10086', says: 'call.startOutbound: expected an object, found a text' },
  {
    name: 'no number',
    call: {},
    says: 'call.startOutbound.phoneNumber: expected a text, found nothing',
  },
  {
    name: 'letters',
    call: { phoneNumber: '138-0000-OOPS' },
    says: 'phoneNumber: expected 3 to 20 digits',
  },
  ...['phoneDesc', 'uui', 'callerPhoneNumber'].map((name) => ({
    name: `${name} as a number`,
    call: { phoneNumber: '10086', [name]: 7 },
    says: `call.startOutbound.${name}: expected a text, found a number`,
  })),
  {
    name: 'skillGroupId as a list',
    call: { phoneNumber: '10086', skillGroupId: [7] },
    says: 'call.startOutbound.skillGroupId: expected a text or a number, found a list',
  },
  {
    name: 'servingNumberGroupIds as a text',
    call: { phoneNumber: '10086', servingNumberGroupIds: SECRET },
    says: 'call.startOutbound.servingNumberGroupIds: expected a list of texts, found a text',
  },
  {
    name: 'servingNumberGroupIds with an object',
    call: { phoneNumber: '10086', servingNumberGroupIds: ['g', {}] },
    says: 'call.startOutbound.servingNumberGroupIds: expected a list of texts, found a list',
  },
  {
    name: 'another phoneEncodeType',
    call: { phoneNumber: '10086', phoneEncodeType: SECRET },
    says: 'call.startOutbound.phoneEncodeType: expected number',
  },
]

inEachBrowser('bad input', (world) => {
  /** @param {import('./harness/page.mjs').Failure} failure @param {Row} row @param {string} byDefault */
  function assertSays({ code, message }, row, byDefault) {
    assert.equal(code, row.code ?? byDefault, message)
    assert.ok(message.startsWith(row.says), message)
    assert.ok(!message.includes(SECRET), message)
  }

  for (const row of options)
    test(`openWorkbench, ${row.name}`, async () => {
      const page = await world.open()
      const failure = await page.failure(
        (option, value) =>
          sdk.openWorkbench({
            login: '/calldock/v1/tccc/login',
            .../** @type {{}} */ ({ [option]: value }),
          }),
        row.option,
        row.value,
      )
      assertSays(failure, row, 'INVALID_OPTION')
      assert.equal((await world.doubles.log('script')).length, 0)
      const left = await page.run(() => bench.left())
      assert.deepEqual([left.scripts, left.element, left.globals], [0, false, []])
    })

  test('openWorkbench, timeoutMs: NaN and endless', async () => {
    const page = await world.open()
    for (const value of ['NaN', 'Infinity']) {
      const failure = await page.failure(
        (value) => sdk.openWorkbench({ login: '/x', timeoutMs: Number(value) }),
        value,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.ok(failure.message.includes(`found ${value}`), failure.message)
    }
  })

  for (const value of [undefined, null, 'x'])
    test(`openWorkbench, ${JSON.stringify(value)} instead of options`, async () => {
      const page = await world.open()
      const failure = await page.failure(
        (value) => sdk.openWorkbench(/** @type {any} */ (value ?? undefined)),
        value,
      )
      assertSays(
        failure,
        { name: '', says: 'options: expected an object, found' },
        'INVALID_OPTION',
      )
    })

  for (const row of logins)
    test(`openWorkbench, ${row.name} instead of a login`, async () => {
      const page = await world.open()
      const failure = await page.failure(
        (login) => sdk.openWorkbench({ login: /** @type {any} */ (login) }),
        row.value,
      )
      assertSays(failure, row, 'INVALID_OPTION')
    })

  for (const row of members)
    test(row.name, async () => {
      const page = await world.open()
      const failures = [
        await page.failure(
          (login) => sdk.openWorkbench({ login: async () => login }),
          /** @type {any} */ (row.login),
        ),
      ]
      if (typeof row.login === 'object' && row.login)
        failures.push(
          await page.failure(
            (login) => sdk.openWorkbench({ login }),
            /** @type {any} */ (row.login),
          ),
        )
      for (const failure of failures) {
        assertSays(failure, row, 'LOGIN_FAILED')
        assert.deepEqual(failure.attempts, [], 'asking again would not fix it')
      }
    })

  for (const row of answers)
    test(`a login endpoint that answers ${row.name}`, async () => {
      const { status = 200, type = 'application/json', body } = row
      world.site.login = (_, response) => {
        response.writeHead(status, { 'content-type': type }).end(body)
      }
      const page = await world.open()
      const failure = await page.failure(() =>
        sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }),
      )
      assertSays(failure, row, 'LOGIN_FAILED')
      assert.equal(failure.attempts.length, row.attempts ?? 0)
      if (row.body.includes('Go home.')) assert.equal(failure.remedy, 'Go home.')
    })

  for (const address of ['https://h:port/x', 'https://h:99999/x', 'https://:443/', 'https://<h>/x'])
    test(`an address of the chat that no browser reads: ${address}`, async () => {
      const page = await world.open()
      for (const [work, at] of /** @type {const} */ ([
        [
          (/** @type {string} */ chatPage) =>
            sdk.embedChat(document.body, {
              chatPage,
              login: () => Promise.reject(new Error('a login works once')),
            }),
          'options.chatPage',
        ],
        [
          (/** @type {string} */ chatPage) =>
            sdk.chatLink({ webAppId: '9903496b6be2e67ad291dd2323f3ae9f' }, { chatPage }),
          'options.chatPage',
        ],
        [
          (/** @type {string} */ scriptUrl) =>
            sdk.loadChatWidget({ webAppId: '9903496b6be2e67ad291dd2323f3ae9f', scriptUrl }),
          'loadChatWidget.scriptUrl',
        ],
      ])) {
        const { code, message } = await page.failure(work, address)
        assert.equal(code, 'INVALID_OPTION', message)
        assert.ok(message.startsWith(`${at}: expected an http address`), message)
      }
    })

  test('a login endpoint that breaks off', async () => {
    world.site.login = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"token":"secret-value')
      setTimeout(() => response.destroy(), 20)
    }
    const page = await world.open()
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', attempts: 2 }),
    )
    assert.equal(failure.code, 'NETWORK')
    assert.match(failure.message, /^the login endpoint: expected a response/)
    assert.equal(failure.attempts.length, 1)
  })

  test('a login endpoint nobody listens at', async () => {
    const page = await world.open()
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: 'http://127.0.0.1:1/login', attempts: 2 }),
    )
    assert.equal(failure.code, 'NETWORK')
    assert.equal(
      failure.message.indexOf('the login endpoint: expected a response, found no connection'),
      0,
    )
  })

  for (const row of outbound)
    test(`startOutbound, ${row.name}`, async () => {
      const page = await world.open()
      const failure = await page.failure(async (call) => {
        const login = async () => ({
          ...(await bench.login()()),
          sdkUrl: `${location.origin}/pages/vendor.js`,
        })
        const workbench = await sdk.openWorkbench({ login })
        await workbench.call.startOutbound(/** @type {any} */ (call))
      }, row.call)
      assertSays(failure, row, 'INVALID_OPTION')
      assert.deepEqual(await page.run(() => window.tccc?.requested), [], 'the vendor was not asked')
    })

  test('events and listeners that are none', async () => {
    const page = await world.open()
    await page.run(async () => {
      const login = async () => ({
        ...(await bench.login()()),
        sdkUrl: `${location.origin}/pages/vendor.js`,
      })
      window.kept = await sdk.openWorkbench({ login })
    })
    for (const method of ['on', 'once', 'off']) {
      const event = await page.failure(
        (method) => window.kept[method]('callOutAccepted', () => {}),
        method,
      )
      assert.equal(event.code, 'INVALID_OPTION')
      assert.match(event.message, /^event: expected ready, tokenExpired, .*, found a text$/)
    }
    for (const method of ['on', 'once']) {
      const listener = await page.failure((method) => window.kept[method]('incoming', {}), method)
      assert.equal(listener.code, 'INVALID_OPTION')
      assert.match(listener.message, /^listener: expected a function, found an object/)
    }
    const none = [
      [undefined, 'call.hangUp: expected an object, found n'],
      [null, 'call.hangUp: expected an object, found null'],
      ['', 'call.hangUp.sessionId: expected a text, found an empty text'],
    ]
    for (const [id, says] of none) {
      const session = await page.failure((id) => window.kept.call.hangUp(id), id)
      assert.equal(session.code, 'INVALID_OPTION')
      assert.ok(session.message.startsWith(String(says)), session.message)
    }
  })

  test('a screen pop’s listener that is none', async () => {
    const page = await world.open()
    const failure = await page.failure(() => sdk.onScreenPop(/** @type {any} */ ('call')))
    assert.equal(failure.code, 'INVALID_OPTION')
    assert.match(failure.message, /^listener: expected a function, found a text/)
  })

  test('ready with a deadline that is none', async () => {
    const page = await world.open()
    const failure = await page.failure(() => sdk.ready({ timeoutMs: -1 }))
    assert.equal(failure.code, 'INVALID_OPTION')
    assert.match(failure.message, /^timeoutMs: expected a number of ms above 0, found -1/)
  })

  test('errors speak the page’s language', async () => {
    const page = await world.open({ lang: 'zh-CN' })
    // An error waits 300 ms for the texts, which may take longer on a busy machine.
    const remedy = await page.until('the text', () =>
      sdk.openWorkbench({ login: '' }).catch(({ remedy }) => !/^See http/.test(remedy) && remedy),
    )
    assert.equal(remedy, '请修正消息中指出的值。')
  })

  test('a logger that throws disturbs nothing', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      sdk.setLogger(() => {
        throw new Error('a bug of the page')
      })
      const { agentId: userId } = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      sdk.setLogger(null)
      return { userId, reported: bench.errors.length > 3 }
    })
    assert.deepEqual(found, { userId: 'agent@example.com', reported: true })
  })
})
