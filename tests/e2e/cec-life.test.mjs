// An open chat from its first command to its end, and pages that make it hard: odd globals, odd options,
// another copy of the package, a core that traps.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { OddVendor } from './cec/odd-vendor.mjs'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** @param {import('./harness/page.mjs').View} view */
const opened = (view) =>
  view.run(
    async (login) => {
      window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
    },
    signed('Ann', 'u-1'),
  )

inEachBrowser("an open chat of CEC's", (world) => {
  const odd = new OddVendor()
  before(() => odd.start())
  after(() => odd.stop())
  beforeEach(() => withoutCookies(world))
  const page = (/** @type {string[]} */ ...more) =>
    world.open({ entry: 'cec', before: ['chat-window.js', ...more] })

  test('close ends the chat, takes away what is ours, and settles closed', async () => {
    const view = await page()
    await opened(view)
    const seen = await view.run(async () => {
      const chat = window.kept
      let settled = false
      chat.closed.then(() => {
        settled = true
      })
      await Promise.resolve()
      const before = settled
      await Promise.all([chat.close(), chat.close()])
      const reason = await chat.closed
      await chat.close()
      const page = /** @type {any} */ (window)
      const globals = ['userName', 'thirdUserData', 'importScript', '$ContextPath']
      return {
        before,
        reason: reason ?? 'none',
        left: globals.filter((name) => page[name] !== undefined),
        seen: Object.values(chat.report().globals).some(Boolean),
      }
    })
    assert.deepEqual(seen, { before: false, reason: 'none', left: [], seen: false })
    const orders = (await world.doubles.log('cec')).filter(
      ({ controlType }) => controlType === 'DISCONNECT',
    )
    assert.equal(orders.length, 1)
  })

  test('an opening that its own call has left stops, though another call has failed meanwhile', async () => {
    const view = await page()
    odd.answers = { 'newThirdPartyClient.js': { hang: true } }
    world.site.cec = odd.origin
    const found = await view.run(
      async (login) => {
        const place = /** @type {const} */ ({ contextPath: '/service-cloud', locale: 'en' })
        const stop = new AbortController()
        const first = sdk.openChat({ login, ...place, signal: stop.signal })
        await bench.until(() => bench.fetched.some((url) => url.includes('newThirdPartyClient')))
        const second = await sdk
          .openChat({ login, ...place, timeoutMs: 1 })
          .catch(({ code }) => code)
        stop.abort()
        const code = await first.catch(({ code }) => code)
        return { code, second }
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, { code: 'ABORTED', second: 'TIMEOUT' })
    odd.answers = {}
    world.site.cec = ''
    const customer = await view.run(
      async (login) =>
        (await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })).customerId,
      signed('Ann', 'u-1'),
    )
    assert.equal(customer, 'u-1')
  })

  test('a prerendered page requests no login before it is shown, and its deadline begins then', async () => {
    const view = await page('jump.js')
    const found = await view.run(async () => {
      const show = bench.prerendered()
      let logins = 0
      let settled = false
      const login = () => {
        logins += 1
        return new Promise(() => {})
      }
      const opening = sdk
        .openChat({ login, contextPath: '/service-cloud', locale: 'en', timeoutMs: 5000 })
        .catch(({ code }) => code)
        .finally(() => {
          settled = true
        })
      await window.jumpAt(() => bench.listeners().prerenderingchange, 5000)
      const before = logins
      show()
      await window.jumpAt(() => logins > 0 || settled, 5000)
      return { before, after: logins, end: await opening }
    })
    assert.deepEqual(found, { before: 0, after: 1, end: 'TIMEOUT' })
  })

  test('a chat that is closed while another call requests its login is not given to that call', async () => {
    const view = await page()
    await opened(view)
    const code = await view.run(
      async (login) => {
        /** @type {((login: any) => void) | undefined} */
        let give
        const pending = () =>
          new Promise((resolve) => {
            give = resolve
          })
        const second = sdk
          .openChat({ login: pending, contextPath: '/service-cloud', locale: 'en' })
          .then(
            () => 'opened',
            ({ code }) => code,
          )
        await bench.until(() => give)
        await window.kept.close()
        give?.(login)
        return second
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(code, 'ALREADY_OPEN')
  })

  for (const [name, place, code] of /** @type {const} */ ([
    ['a path without /service-cloud', { contextPath: '/x' }, 'INVALID_OPTION'],
    ['a host of that name', { contextPath: 'https://service-cloud/' }, 'INVALID_OPTION'],
    ['a query', { contextPath: '/service-cloud?x=1' }, 'INVALID_OPTION'],
    [
      'http on another machine',
      { contextPath: 'http://shop.example/service-cloud' },
      'INVALID_OPTION',
    ],
    [
      'a page whose chat was closed',
      { contextPath: '/service-cloud', closed: true },
      'ALREADY_OPEN',
    ],
    ['a call that joins, with another path', { contextPath: '/x', joins: true }, 'INVALID_OPTION'],
  ]))
    test(`no login is requested for ${name}: ${code}`, async () => {
      const view = await page()
      if ('closed' in place || 'joins' in place) await opened(view)
      if ('closed' in place) await view.run(() => window.kept.close())
      const found = await view.run(
        async (contextPath, login) => {
          let requested = 0
          const count = () => {
            requested += 1
            return login
          }
          const code = await sdk.openChat({ login: count, contextPath, locale: 'en' }).then(
            () => 'opened',
            (error) => error.code,
          )
          return { code, requested }
        },
        place.contextPath,
        signed('Ann', 'u-1'),
      )
      assert.deepEqual(found, { code, requested: 0 })
    })

  test('after close each command is CLOSED, and another chat needs a reload', async () => {
    const view = await page()
    await opened(view)
    await view.run(() => window.kept.close())
    for (const command of ['toAgent', 'channelConfig', 'clickToCall']) {
      const failure = await view.failure((command) => window.kept[command]('voice'), command)
      assert.equal(failure.code, 'CLOSED', failure.message)
    }
    const failure = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      signed('Ann', 'u-1'),
    )
    assert.equal(failure.code, 'ALREADY_OPEN')
  })

  test('a close that fails leaves the chat open', async () => {
    const view = await page()
    await opened(view)
    await world.doubles.control('faults', { rest: '500' })
    assert.equal((await view.failure(() => window.kept.close())).code, 'VENDOR_REJECTED')
    await world.doubles.control('faults', { rest: 'ok' })
    const reason = await view.run(async () => {
      await window.kept.close()
      return (await window.kept.closed) ?? 'none'
    })
    assert.equal(reason, 'none')
  })

  test('using closes it, where the engine knows Symbol.dispose', async () => {
    const view = await page()
    await opened(view)
    const reason = await view.run(async () => {
      const { dispose } = /** @type {any} */ (Symbol)
      if (!dispose) return 'none'
      window.kept[dispose]()
      return (await window.kept.closed) ?? 'none'
    })
    assert.equal(reason, 'none')
  })

  test('commands take a signal and a deadline, and end their request', async () => {
    const view = await page()
    await opened(view)
    odd.answers = { sendMessageForWebChannel: { hang: true } }
    world.site.cec = odd.origin
    const late = await view.failure(() => window.kept.toAgent({ timeoutMs: 300 }))
    assert.equal(late.code, 'TIMEOUT')
    const aborted = await view.failure(() => {
      const stop = new AbortController()
      const { length } = bench.fetched
      bench.until(() => bench.fetched.length > length).then(() => stop.abort())
      return window.kept.toAgent({ signal: stop.signal })
    })
    assert.equal(aborted.code, 'ABORTED')
    for (const [options, says] of /** @type {[any, RegExp][]} */ ([
      [{ timeoutMs: 0 }, /timeoutMs/],
      [{ signal: 5 }, /signal/],
      [{ timeout: 5 }, /toAgent\.timeout: expected timeoutMs, signal/],
      [5, /toAgent: expected an object/],
    ])) {
      const failure = await view.failure((options) => window.kept.toAgent(options), options)
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.match(failure.message, says)
    }
  })

  test('globals that refuse do not keep the chat from opening', async () => {
    const view = await page()
    const seen = await view.run(async (login) => {
      const refuse = () => {
        throw new Error('no')
      }
      Object.defineProperty(window, 'mine', { get: refuse, set: refuse, configurable: true })
      Object.defineProperty(window, 'frozen', { value: 1 })
      const chat = await sdk.openChat({
        login,
        contextPath: '/service-cloud',
        locale: 'en',
        globals: { mine: 1, frozen: 2, other: 3 },
      })
      const { globals } = chat.report()
      await chat.close()
      return { mine: globals.mine, other: globals.other, errors: bench.errors }
    }, LOGIN.token)
    assert.deepEqual(seen, { mine: false, other: true, errors: [] })
  })

  test('options that throw, and a polluted Object.prototype, do no harm', async () => {
    const view = await page()
    for (const source of [
      '({ get login() { throw new Error("secret-value") }, contextPath: "/service-cloud", locale: "en" })',
      '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()',
      '({ ...good, scripts: new Proxy([], { get() { throw new Error("secret-value") } }) })',
      '({ ...good, globals: new Proxy({}, { ownKeys() { throw new Error("secret-value") } }) })',
    ]) {
      const failure = await view.failure(
        (source, login) => {
          const good = { login, contextPath: '/service-cloud', locale: 'en' }
          return sdk.openChat(new Function('good', `return ${source}`)(good))
        },
        source,
        signed('Ann', 'u-1'),
      )
      assert.equal(failure.code, 'INVALID_OPTION', source)
      assert.doesNotMatch(failure.message, /secret-value/)
    }
    const seen = await view.run(
      async (login) => {
        const polluted = {
          nonce: 'x',
          cobrowse: true,
          mapService: 'google',
          timeoutMs: 1,
          token: 'x',
        }
        Object.assign(Object.prototype, polluted)
        try {
          const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
          return chat.customerId
        } finally {
          for (const name of Object.keys(polluted))
            delete (/** @type {any} */ (Object.prototype)[name])
        }
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(seen, 'u-1')
    const bodies = world.site.sent.filter(({ path }) => path.includes('ThirdPartyClient'))
    assert.equal(JSON.parse(bodies[0]?.body ?? '').mapService, undefined)
    assert.equal(
      world.site.sent.some(({ path }) => path.includes('cobrowse')),
      false,
    )
  })

  test('nothing that is inherited is an option of a request to CEC', async () => {
    odd.answers = {
      'newThirdPartyClient.js': { body: 'window.ran = true' },
      queryChannelConfigByChannelAndId: { type: 'application/json', body: '{"web":"1"}' },
    }
    world.site.cec = odd.origin
    const view = await page()
    const found = await view.run(
      async (login) => {
        const polluted = {
          ...{ body: 'evil', integrity: 'sha256-evil', mode: 'navigate', redirect: 'error' },
          ...{ method: 'PUT', headers: { 'x-evil': '1' }, referrer: 'https://evil.invalid/' },
        }
        Object.assign(Object.prototype, polluted)
        try {
          const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
          return await chat.channelConfig()
        } finally {
          for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
        }
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, { web: '1' })
    const sent = world.site.sent.map(({ method, headers, body }) => [
      ...[method, headers['x-evil'], headers['content-type'], body.slice(0, 1)],
    ])
    assert.deepEqual(sent, [
      ['POST', undefined, 'application/x-www-form-urlencoded; charset=UTF-8', '{'],
      ['GET', undefined, undefined, ''],
    ])
  })

  for (const kind of /** @type {const} */ (['Object', 'Array']))
    test(`a toJSON on ${kind}.prototype changes no login, and makes no two visitors one`, async () => {
      odd.answers = {
        'thirdPartyClient.js': {
          body: 'thirdUserData.at = new Date(0); thirdValidate(thirdUserData)',
        },
        'newThirdPartyClient.js': { body: 'window.ran = true' },
      }
      world.site.cec = odd.origin
      const view = await page()
      const code = await view.run(
        async (kind, login) => {
          const { prototype } = { Object, Array }[kind]
          Object.assign(prototype, { toJSON: () => 'evil' })
          const options = { contextPath: '/service-cloud', locale: /** @type {const} */ ('en') }
          try {
            await sdk.openChat({ ...options, login })
            await sdk.openChat({ ...options, login: { ...login, thirdUserId: 'u-2' } })
            return 'one chat'
          } catch (error) {
            return /** @type {any} */ (error).code
          } finally {
            Reflect.deleteProperty(prototype, 'toJSON')
          }
        },
        kind,
        /** @type {any} */ ({ ...signed('Ann', 'u-1'), mode: 'token', token: 'x' }),
      )
      assert.equal(code, 'ALREADY_OPEN')
      const bodies = world.site.sent.map(({ body }) => JSON.parse(body))
      const seen = bodies.map(({ thirdUserToken, thirdUserId, at }) => [
        ...[thirdUserToken, thirdUserId, at],
      ])
      assert.deepEqual(seen, [
        ['x', 'u-1', undefined],
        ['x', 'u-1', '1970-01-01T00:00:00.000Z'],
      ])
    })

  test('user data of the first script that cannot be sent: VENDOR_REJECTED', async () => {
    odd.answers = {
      'thirdPartyClient.js': {
        body: 'thirdUserData.self = thirdUserData; thirdValidate(thirdUserData)',
      },
    }
    world.site.cec = odd.origin
    const view = await page()
    const failure = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      /** @type {any} */ ({ ...signed('Ann', 'u-1'), mode: 'token', token: 'x' }),
    )
    assert.equal(failure.code, 'VENDOR_REJECTED')
    assert.match(failure.message, /^thirdValidate: expected the user data/)
  })

  test('the chat of another copy of the package is the same chat', async () => {
    const view = await page()
    const same = await view.run(
      async (login) => {
        const options = { login, contextPath: '/service-cloud', locale: 'en' }
        const other = await import(`/node_modules/calldock/cec.js?${'copy'}`)
        const one = await sdk.openChat(/** @type {any} */ (options))
        const two = await other.openChat(options)
        return one === two
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(same, true)
  })

  test('a core that traps: INTERNAL, the chat is closed, and so is what comes later', async () => {
    const view = await page('capture.js')
    await opened(view)
    const trapped = await view.failure(() => {
      window.core.trapNext = true
      return window.kept.toAgent()
    })
    assert.equal(trapped.code, 'INTERNAL')
    const reason = await view.run(async () => (await window.kept.closed)?.code)
    assert.equal(reason, 'INTERNAL')
    assert.equal((await view.failure(() => window.kept.toAgent())).code, 'CLOSED')
    const again = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      signed('Ann', 'u-1'),
    )
    assert.equal(again.code, 'INTERNAL')
  })

  test('a core that traps while the chat is opening: INTERNAL at once, and no script of it is left', async () => {
    odd.answers = {
      ...{ 'cobrowse.js': {}, 'cobrowseCommon.js': {} },
      'newThirdPartyClient.js': { hang: true },
    }
    world.site.cec = odd.origin
    const view = await page('capture.js')
    const failure = await view.failure(
      async (login) => {
        const options = { contextPath: '/service-cloud', locale: /** @type {const} */ ('en') }
        const work = sdk.openChat({ login, ...options, cobrowse: true })
        work.catch(() => {})
        const page = /** @type {any} */ (window)
        await bench.until(() => page.importScript)
        window.core.trapNext = true
        page.importScript('1')
        return work
      },
      signed('Ann', 'u-1'),
    )
    assert.equal(failure.code, 'INTERNAL')
    const none = () => !document.querySelector('script[src*="cobrowse"]')
    await view.until('no script of it', none)
  })
})
