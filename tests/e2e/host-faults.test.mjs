// Faults of a host page that were found in the field (docs/vendor/field.md): each row is one kind of them.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { held } from './harness/held.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** @typedef {import('./harness/page.mjs').View} View */

const LOGIN = '/calldock/v1/tccc/login'

inEachBrowser('faults of a host page', (world) => {
  /** How often the server was asked for a login. */
  const logins = () => world.site.requested.filter((path) => path === LOGIN).length

  /** Waits until no agent is held: a lock goes a moment after its workbench. @param {View} page */
  const untilFree = (page) =>
    page.until('no agent that is held', async () => {
      const { held } = await navigator.locks.query()
      return held?.length === 0
    })

  /** A page whose vendor is pages/vendor.js, with an open workbench in `kept`. */
  async function small(/** @type {string[]} */ before = []) {
    const page = await world.open({ before })
    await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      window.kept = { login, workbench: await sdk.openWorkbench({ login }) }
    })
    return page
  }

  // B6
  test('a call that the vendor does not respond to may have been made', async () => {
    const page = await small()
    const failure = await page.failure(() => {
      const vendor = /** @type {any} */ (window.tccc)
      vendor.Call.startOutboundCall = () => new Promise(() => {})
      const { call } = window.kept.workbench
      return call.startOutbound({ phoneNumber: '10086' }, { timeoutMs: 300 })
    })
    assert.equal(failure.code, 'OUTCOME_UNKNOWN')
    assert.match(failure.remedy, /do not dial again/)
    // What starts no call says what happened.
    const other = await page.failure(() => {
      const vendor = /** @type {any} */ (window.tccc)
      vendor.Agent = { online: () => new Promise(() => {}) }
      return window.kept.workbench.agent.online({ timeoutMs: 300 })
    })
    assert.equal(other.code, 'TIMEOUT')
  })

  for (const [part, hangs] of /** @type {const} */ ([
    ['is gone', false],
    ['never arrives', true],
  ]))
    test(`a call may have been made, also where a part of the package ${part}`, async () => {
      const page = await world.open({ fresh: true })
      await page.run(async () => {
        const given = await bench.login()()
        const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
        window.kept = { login, workbench: await sdk.openWorkbench({ login }) }
      })
      /** @type {import('node:http').ServerResponse[]} */
      const held = []
      world.site.own = ({ url = '' }, response) => {
        const isPart = url.endsWith('/host/rare.js')
        if (isPart && hangs) held.push(response)
        else if (isPart) response.writeHead(404).end()
        return isPart
      }
      try {
        const late = await page.failure(() => {
          const vendor = /** @type {any} */ (window.tccc)
          vendor.Call.startOutboundCall = () => new Promise(() => {})
          const { call } = window.kept.workbench
          return call.startOutbound({ phoneNumber: '10086' }, { timeoutMs: 300 })
        })
        assert.equal(late.code, 'OUTCOME_UNKNOWN')
        assert.match(late.remedy, /do not dial again/)
        const stopped = await page.failure(() => {
          const stop = new AbortController()
          const vendor = /** @type {any} */ (window.tccc)
          vendor.Call.startOutboundCall = () => {
            stop.abort()
            return new Promise(() => {})
          }
          const { call } = window.kept.workbench
          return call.startOutbound({ phoneNumber: '10086' }, { signal: stop.signal })
        })
        assert.equal(stopped.code, 'ABORTED')
        assert.match(stopped.remedy, /do not dial again/)
      } finally {
        world.site.own = undefined
        for (const response of held) response.destroy()
      }
    })

  test('a call that the vendor reports as made is made, whatever its data is', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      /* biome-ignore-start lint/suspicious/noThenProperty: a vendor may */
      const answers = {
        'a revoked proxy': proxy,
        'a member then that throws': {
          sessionId: 's-1',
          get then() {
            throw new Error('a getter')
          },
        },
        'a promise that rejects': {
          sessionId: 's-1',
          then: (/** @type {unknown} */ _, /** @type {(error: Error) => void} */ no) =>
            no(new Error('no')),
        },
        'a promise that never settles': { sessionId: 's-1', then() {} },
        'a session of no text': { sessionId: { toString: 1 } },
      }
      /* biome-ignore-end lint/suspicious/noThenProperty: a vendor may */
      const vendor = /** @type {any} */ (window.tccc)
      const { call } = window.kept.workbench
      /** @type {Record<string, string>} */
      const ends = {}
      for (const [name, data] of Object.entries(answers)) {
        vendor.Call.startOutboundCall = async () => ({ status: 'success', data })
        ends[name] = await call.startOutbound({ phoneNumber: '10086' }, { timeoutMs: 2000 }).then(
          (/** @type {any} */ { sessionId }) => sessionId ?? 'made',
          (/** @type {any} */ { code }) => code,
        )
      }
      // What is no call is refused by the vendor, not by the network.
      vendor.Agent = { getStatus: async () => ({ status: 'success', data: proxy }) }
      vendor.Admin = vendor.Agent
      vendor.Admin.getSkillGroups = vendor.Agent.getStatus
      const { agent, admin } = window.kept.workbench
      for (const work of [agent.getStatus, admin.getSkillGroups])
        ends.other = await work().catch((/** @type {any} */ { code }) => code)
      return ends
    })
    assert.deepEqual(found, {
      'a revoked proxy': 'made',
      'a member then that throws': 's-1',
      'a promise that rejects': 's-1',
      'a promise that never settles': 's-1',
      'a session of no text': 'made',
      other: 'VENDOR_REJECTED',
    })
  })

  test('a method ends with its signal, and the vendor is not called for one that had aborted', async () => {
    const page = await small()
    const found = await page.run(async () => {
      let called = 0
      const vendor = /** @type {any} */ (window.tccc)
      vendor.Agent = {
        online: () => {
          called += 1
          return new Promise(() => {})
        },
      }
      const { agent } = window.kept.workbench
      const stop = new AbortController()
      const work = agent.online({ signal: stop.signal }).catch((/** @type {any} */ e) => e.code)
      await bench.until(() => called === 1)
      stop.abort()
      return [await work, called]
    })
    assert.deepEqual(found, ['ABORTED', 1])
  })

  // B17
  test('what a page does to its options later changes nothing', async () => {
    const page = await small()
    const seen = await page.run(async () => {
      const { call } = window.kept.workbench
      const options = { phoneNumber: '10086', servingNumberGroupIds: ['a'] }
      const work = call.startOutbound(options)
      options.phoneNumber = '10010'
      options.servingNumberGroupIds.push('b')
      await work
      return window.tccc?.requested
    })
    assert.deepEqual(seen, [{ phoneNumber: '10086', servingNumberGroupIds: ['a'] }])
  })

  for (const method of /** @type {const} */ (['end', 'kick']))
    test(`nor where the vendor publishes no options: call.${method}`, async () => {
      const page = await small()
      const seen = await page.run(async (method) => {
        /** @type {any[]} */
        const given = []
        const vendor = /** @type {any} */ (window.tccc)
        vendor.Call[method] = async (/** @type {unknown[]} */ ...args) => {
          await null
          given.push(...args, args.length)
        }
        const work = window.kept.workbench.call[method]
        const options = { sessionId: 's-1', more: { list: ['a'] } }
        const called = work(options)
        options.sessionId = 's-2'
        options.more.list.push('b')
        await called
        await work('s-3')
        await work()
        const refused = await work({ work }).catch((/** @type {any} */ { code }) => code)
        const objects = [given[0], given[0].more]
        return { given, prototype: objects.every((one) => 'hasOwnProperty' in one), refused }
      }, method)
      assert.deepEqual(seen, {
        given: [{ sessionId: 's-1', more: { list: ['a'] } }, 1, 's-3', 1, 0],
        prototype: true,
        refused: 'INVALID_OPTION',
      })
    })

  test('nor what it does to a literal login', async () => {
    const page = await world.open()
    const agentId = await page.run(async () => {
      const login = { ...(await bench.login()()) }
      const opening = sdk.openWorkbench({ login })
      Object.assign(login, { userId: 'colleague@example.com', sdkUrl: 'https://evil.example/' })
      return (await opening).agentId
    })
    assert.equal(agentId, 'agent@example.com')
  })

  // B18
  test('a revoked proxy and a getter that throws are invalid options, and all else goes on', async () => {
    const page = await small()
    for (const kind of ['revoked', 'getter']) {
      const failure = await page.failure((kind) => {
        const { proxy, revoke } = Proxy.revocable({ phoneNumber: '10086' }, {})
        revoke()
        const getter = {
          get phoneNumber() {
            throw new Error('not today')
          },
        }
        const options = kind === 'revoked' ? proxy : getter
        return window.kept.workbench.call.startOutbound(/** @type {any} */ (options))
      }, kind)
      assert.equal(failure.code, 'INVALID_OPTION', kind)
    }
    const opening = await page.failure(() => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return sdk.openWorkbench(/** @type {any} */ (proxy))
    })
    assert.equal(opening.code, 'INVALID_OPTION')
    await page.run(() => window.kept.workbench.call.startOutbound({ phoneNumber: '10086' }))
  })

  test('a vendor’s event with a getter that throws arrives without that member', async () => {
    const page = await small()
    const found = await page.run(() => {
      /** @type {any[]} */
      const received = []
      window.kept.workbench.on('incoming', (/** @type {any} */ call) => received.push(call))
      const envelope = {
        sessionId: 's-1',
        type: 'phone',
        get callerLocation() {
          throw new Error('not today')
        },
      }
      window.tccc?.emit('callIn', envelope)
      const throwing = {
        get data() {
          throw new Error('not today')
        },
        sessionId: 's-2',
        type: 'phone',
      }
      window.tccc?.emit('callIn', throwing)
      const { list } = window.kept.workbench.sessions
      const ids = list.map((/** @type {any} */ { sessionId }) => sessionId)
      return { received: received.map(({ sessionId, unreadable }) => [sessionId, unreadable]), ids }
    })
    assert.deepEqual(found, {
      received: [
        ['s-1', ['callerLocation']],
        ['s-2', ['data']],
      ],
      ids: ['s-1', 's-2'],
    })
  })

  // B19
  test('two switches in one tick are done one after the other', async () => {
    const page = await world.open()
    const users = ['colleague@example.com', 'agent@example.com']
    const given = await Promise.all(
      users.map((userId) => world.doubles.control('login', { userId })),
    )
    const found = await page.run(
      async (given) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        /** @type {string[]} */
        const requested = []
        const login = (/** @type {any} */ one) => async () => {
          requested.push(one.userId)
          return one
        }
        const both = await Promise.allSettled(given.map((one) => workbench.switchAgent(login(one))))
        const held = (await navigator.locks.query()).held?.map(({ name }) => name)
        return {
          requested,
          status: both.map(({ status }) => status),
          agentId: workbench.agentId,
          held,
        }
      },
      /** @type {any[]} */ (given),
    )
    assert.deepEqual(found, {
      requested: users,
      status: ['fulfilled', 'fulfilled'],
      agentId: users[1],
      held: [`calldock.tccc.1400000000.${users[1]}`],
    })
  })

  test('a switch whose workbench is closed in the same tick is aborted and leaves nobody logged in', async () => {
    const page = await world.open()
    const colleague = await world.doubles.control('login', { userId: 'colleague@example.com' })
    const found = await page.run(async (given) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      let requested = 0
      const login = async () => {
        requested += 1
        return /** @type {any} */ (given)
      }
      const switching = workbench.switchAgent(login).catch((error) => error.code)
      workbench.close()
      const code = await switching
      const later = await workbench.switchAgent(login).catch((error) => error.code)
      // What the switch had begun would be there once another opening is through.
      const other = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      other.close()
      await other.closed
      const { agentId } = workbench
      return { code, later, requested, agentId, scripts: bench.left().scripts }
    }, colleague)
    assert.deepEqual(found, {
      code: 'ABORTED',
      later: 'CLOSED',
      requested: 0,
      agentId: '',
      scripts: 0,
    })
    await untilFree(page)
  })

  test('a switch that is closed while its script loads leaves nobody logged in', async () => {
    const page = await world.open()
    const colleague = await world.doubles.control('login', { userId: 'colleague@example.com' })
    await page.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    await world.doubles.control('faults', { sdk: { readyDelay: 'never' } })
    const found = await page.run(async (given) => {
      bench.entries.length = 0
      const switching = window.kept
        .switchAgent(async () => given)
        .catch((/** @type {any} */ error) => error.code)
      await bench.until(() => bench.logged(['global.found']))
      window.kept.close()
      return { code: await switching, ...bench.left() }
    }, colleague)
    assert.equal(found.code, 'ABORTED')
    assert.deepEqual([found.scripts, found.element, found.globals], [0, false, []])
    await world.doubles.control('faults', { sdk: {} })
    const later = await page.run(async () => {
      const { agentId, close, closed } = await sdk.openWorkbench({
        login: '/calldock/v1/tccc/login',
      })
      close()
      await closed
      return { agentId, scripts: bench.left().scripts }
    })
    assert.deepEqual(later, { agentId: 'agent@example.com', scripts: 0 })
    await untilFree(page)
  })

  // B20
  test('a second opening with another login asks who it is', async () => {
    const page = await world.open()
    const colleague = await world.doubles.control('login', { userId: 'colleague@example.com' })
    const found = await page.run(async (given) => {
      const login = bench.login()
      const first = await sdk.openWorkbench({ login })
      const same = await sdk.openWorkbench({ login: async () => login() })
      const other = await sdk
        .openWorkbench({ login: async () => /** @type {any} */ (given) })
        .catch((error) => [error.code, error.remedy])
      return { same: same === first, other, agentId: first.agentId }
    }, colleague)
    assert.equal(found.same, true)
    assert.equal(found.agentId, 'agent@example.com')
    assert.equal(/** @type {any} */ (found.other)[0], 'ALREADY_OPEN')
    assert.match(/** @type {any} */ (found.other)[1], /switchAgent/)
  })

  // B28
  test('a login is renewed by an address alone, which names no agent', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const sdkUrl = `${location.origin}/pages/vendor.js`
      let requested = 0
      const login = async () => (requested++ > 0 ? { sdkUrl } : { ...given, sdkUrl })
      const workbench = await sdk.openWorkbench({ login })
      const held = async () => (await navigator.locks.query()).held?.map(({ name }) => name)
      const before = await held()
      window.tccc?.emit('tokenExpired')
      await bench.until(() => bench.logged(['workbench.renewed']))
      return { agentId: workbench.agentId, requested, before, after: await held() }
    })
    assert.equal(found.agentId, 'agent@example.com')
    assert.equal(found.requested, 2)
    assert.equal(found.before?.length, 1)
    assert.deepEqual(found.after, found.before)
  })

  test('a workbench that cannot be handed over is closed, and the next one opens', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const global = /** @type {any} */ (window)
      const native = global.Set
      sdk.setLogger(({ name }) => {
        if (name !== 'workbench.ready') return
        global.Set = function broken() {
          throw new Error('of the page')
        }
      })
      const login = '/calldock/v1/tccc/login'
      const failed = await sdk.openWorkbench({ login }).then(
        () => 'opened',
        () => 'failed',
      )
      global.Set = native
      sdk.setLogger(null)
      const { scripts } = bench.left()
      while ((await navigator.locks.query()).held?.length)
        await new Promise((resolve) => setTimeout(resolve, 5))
      return { failed, scripts, agentId: (await sdk.openWorkbench({ login })).agentId }
    })
    assert.deepEqual(found, { failed: 'failed', scripts: 0, agentId: 'agent@example.com' })
  })

  test('a page that replaces Promise for a moment opens and closes its workbench', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      await sdk.ready({ roles: ['host'] })
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      const { Promise: native } = window
      const global = /** @type {any} */ (window)
      global.Promise = function broken() {
        throw new Error('of the page')
      }
      try {
        const workbench = await sdk.openWorkbench({ login })
        const { agentId } = workbench
        await workbench.switchAgent(login)
        workbench.close()
        return { agentId, closed: (await workbench.closed) ?? null }
      } finally {
        global.Promise = native
      }
    })
    assert.deepEqual(found, { agentId: 'agent@example.com', closed: null })
  })

  test('closing and opening at once opens each time, with a literal login', async () => {
    const page = await world.open()
    const codes = await page.run(async () => {
      const login = await bench.login()()
      let workbench = await sdk.openWorkbench({ login })
      const codes = []
      for (let i = 0; i < 40; i++) {
        workbench.close()
        try {
          workbench = await sdk.openWorkbench({ login })
        } catch (error) {
          codes.push(/** @type {any} */ (error).code)
        }
      }
      return codes
    })
    assert.deepEqual(codes, [])
    assert.equal((await world.doubles.log('script')).length, 1)
  })

  // B29
  test('10,000 workbenches leave nothing behind', async () => {
    const page = await small(['timers.js', 'capture.js'])
    const round = () =>
      page.run(async () => {
        const { login } = window.kept
        let { workbench } = window.kept
        sdk.setLogger(null)
        for (let i = 0; i < 1000; i++) {
          workbench.on('incoming', () => workbench)
          workbench.sessions.subscribe(() => {})
          workbench.close()
          workbench = await sdk.openWorkbench({ login })
        }
        window.kept.workbench = workbench
        bench.entries.length = 0
      })
    await round()
    const before = { held: await held(page), heap: await world.heap() }
    for (let i = 0; i < 9; i++) {
      await round()
      assert.deepEqual(await held(page), before.held)
    }
    const grown = (await world.heap()) - before.heap
    // Before, 9,000 rounds left about 3.4 MB.
    assert.ok(grown < 400_000, `${grown} bytes`)
  })

  for (const [part, work] of /** @type {[string, () => Promise<any>][]} */ ([
    ['page/login-refusal.js', () => sdk.openWorkbench({ login: '/refused', attempts: 1 })],
    ['tccc/host/rare.js', () => sdk.openWorkbench({ attach: true })],
    [
      'tccc/host/rare.js',
      async () => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        await workbench.ui.configureButtons(() => true)
      },
    ],
  ]))
    test(`a part that the site no longer has is a network error: ${part}, ${/attach|refused|Buttons/.exec(`${work}`)}`, async () => {
      const page = await world.open({ fresh: true })
      world.site.own = ({ url = '' }, response) => {
        const status = url.endsWith(part) ? 404 : url === '/refused' ? 503 : undefined
        if (status) response.writeHead(status).end()
        return status !== undefined
      }
      const failure = await page.failure(work)
      assert.equal(failure.code, 'NETWORK', failure.message)
      assert.match(failure.message, /part of the package: expected to be loaded/)
    })

  // B8
  test('two copies of the package share one workbench', async () => {
    const page = await world.open()
    const root = join(world.site.playground, 'node_modules/calldock')
    world.site.own = (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site')
      if (!pathname.startsWith('/second/')) return false
      const type = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript'
      readFile(join(root, pathname.slice(8))).then(
        (bytes) => response.writeHead(200, { 'content-type': type }).end(bytes),
        () => response.writeHead(404).end(),
      )
      return true
    }
    const found = await page.run(async () => {
      const path = '/second/tccc.js'
      /** @type {typeof import('calldock/tccc')} */
      const second = await import(path)
      const login = bench.login()
      const [one, two] = await Promise.all([
        sdk.openWorkbench({ login }),
        second.openWorkbench({ login }),
      ])
      const copies = second.openWorkbench !== sdk.openWorkbench
      const refused = await second.openWorkbench(/** @type {any} */ ({ login: 5 })).catch((e) => e)
      return { copies, same: one === two, ours: sdk.isCalldockError(refused), ...bench.left() }
    })
    assert.equal(found.copies, true)
    assert.equal(found.same, true)
    assert.equal(found.ours, true)
    assert.equal(found.scripts, 1)
    assert.equal(logins(), 1)
  })

  // B13
  test('a prerendered page requests its login once it is shown', async () => {
    const page = await world.open({ before: ['jump.js'] })
    const found = await page.run(async () => {
      const show = bench.prerendered()
      const login = bench.login()
      const opening = sdk.openWorkbench({ login, timeoutMs: 5000 })
      await window.jumpAt(() => bench.listeners().prerenderingchange, 5000)
      const before = bench.logins
      show()
      return { before, agentId: (await opening).agentId, after: bench.logins }
    })
    assert.deepEqual(found, { before: 0, agentId: 'agent@example.com', after: 1 })
  })

  // B25
  test('nothing that is inherited is an option, a login or a member', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const polluted = {
        sdkUrl: `${location.origin}/evil.js`,
        nonce: 'evil',
        renderDomId: 'evil',
        hideFloatButton: true,
        attach: true,
        phoneNumber: '10010',
        timeoutMs: 1,
      }
      Object.assign(Object.prototype, polluted)
      try {
        const missing = await sdk
          .openWorkbench({ login: async () => /** @type {any} */ ({ token: given.token }) })
          .catch((error) => [error.code, error.where])
        const workbench = await sdk.openWorkbench({ login: async () => given })
        const script = [...document.scripts].find(({ src }) => src.includes('tcccSdk'))
        const call = await workbench.call
          .startOutbound(/** @type {any} */ ({}))
          .catch((error) => [error.code, error.where])
        return {
          missing,
          call,
          nonce: script?.nonce,
          dock:
            'renderDomId' in (script?.dataset ?? {}) &&
            Object.hasOwn(script?.dataset ?? {}, 'renderDomId'),
        }
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    assert.deepEqual(found.missing, ['LOGIN_FAILED', 'login.sdkUrl'])
    assert.deepEqual(found.call, ['INVALID_OPTION', 'call.startOutbound.phoneNumber'])
    assert.equal(found.nonce, '')
    assert.equal(found.dock, false)
    assert.ok(!world.site.requested.includes('/evil.js'))
  })

  // F1
  test('a login by its address alone has no dataset', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const { sdkUrl } = await bench.login()()
      const workbench = await sdk.openWorkbench({ login: async () => ({ sdkUrl }) })
      const script = [...document.scripts].find(({ src }) => src.includes('tcccSdk'))
      return {
        data: { ...script?.dataset },
        crossOrigin: script?.crossOrigin,
        agentId: workbench.agentId,
      }
    })
    assert.deepEqual(found.data, {})
    assert.equal(found.crossOrigin, 'anonymous')
    assert.equal(found.agentId, 'agent@example.com')
  })

  // F2
  for (const successes of ['nested', 'flat', 'plain'])
    test(`a vendor whose successes are ${successes} has started a call`, async () => {
      const page = await world.open()
      await world.doubles.control('faults', { sdk: { successes } })
      const found = await page.run(async () => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const started = await workbench.call.startOutbound({ phoneNumber: '13812345678' })
        await bench.until(() => workbench.sessions.list.length === 1)
        return { started, session: workbench.sessions.list[0]?.sessionId }
      })
      assert.ok(found.session)
      if (successes !== 'plain') assert.equal(found.started.sessionId, found.session)
    })

  test('a session that the vendor names by a number has a text for its id', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      const workbench = await sdk.openWorkbench({ login })
      const vendor = /** @type {VendorGlobal} */ (window.tccc)
      const [ids, hungUp] = [/** @type {unknown[]} */ ([]), /** @type {unknown[]} */ ([])]
      vendor.Call.hungUp = async (/** @type {any} */ { sessionId }) => {
        hungUp.push(sessionId)
        return { status: 'success' }
      }
      const answers = [{ sessionId: 7001 }, { data: { sessionId: 7002 } }]
      for (const answer of answers) {
        vendor.answer = { status: 'success', ...answer }
        const session = await workbench.call.startOutbound({ phoneNumber: '13812345678' })
        ids.push(session.sessionId)
        await workbench.call.hangUp(/** @type {any} */ (session))
      }
      return { ids, hungUp }
    })
    assert.deepEqual(found, { ids: ['7001', '7002'], hungUp: ['7001', '7002'] })
  })

  // F9
  test('the floating button is hidden before the script is ready', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      /** @type {string[]} */
      const order = []
      const timer = setInterval(() => {
        const vendor = /** @type {any} */ (window.tccc)
        if (!vendor || vendor.UI) return
        vendor.UI = {
          hidefloatButton: () => order.push('float'),
          hideWorkbench: () => order.push('bench'),
        }
      })
      Object.defineProperty(window, 'tccc', {
        configurable: true,
        get: () => undefined,
        set(vendor) {
          clearInterval(timer)
          vendor.UI = {
            hidefloatButton: () => order.push('float'),
            hideWorkbench: () => order.push('bench'),
          }
          Object.defineProperty(window, 'tccc', {
            value: vendor,
            configurable: true,
            writable: true,
          })
          vendor.on('ready', () => order.push('ready'))
        },
      })
      await sdk.openWorkbench({ login, hideFloatButton: true, hideWorkbench: true })
      return order
    })
    assert.deepEqual(found.slice(0, 3), ['float', 'bench', 'ready'])
  })

  // F10
  test('an account switch works with a vendor that keeps its state', async () => {
    const page = await world.open()
    const colleague = await world.doubles.control('login', { userId: 'colleague@example.com' })
    await world.doubles.control('faults', { sdk: { state: 'kept' } })
    const found = await page.run(async (given) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      await workbench.switchAgent(async () => /** @type {any} */ (given))
      const status = await workbench.agent.getStatus()
      return { agentId: workbench.agentId, status, ...bench.left() }
    }, colleague)
    assert.equal(found.agentId, 'colleague@example.com')
    assert.equal(found.status, 'free')
    assert.equal(found.scripts, 1)
  })

  // B7
  test('attach uses the global of the page’s own script tag, and loads nothing', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const { token, sdkUrl, sdkAppId, userId } = await bench.login()()
      const script = document.createElement('script')
      script.crossOrigin = 'anonymous'
      Object.assign(script.dataset, { token, sdkAppId: String(sdkAppId), userid: userId })
      script.src = sdkUrl
      document.body.append(script)
      // One while it loads, one when it has long been ready.
      const early = await sdk.openWorkbench({ attach: true })
      early.close()
      const workbench = await sdk.openWorkbench({ attach: true })
      window.kept = workbench
      return { agentId: workbench.agentId, same: workbench.raw === window.tccc, ...bench.left() }
    })
    assert.equal(found.agentId, 'agent@example.com')
    assert.equal(found.same, true)
    assert.equal(found.scripts, 1, 'the page’s own')
    assert.equal((await world.doubles.log('script')).length, 1)
    await world.doubles.control('ring')
    await page.until('the call', () => window.kept.sessions.list.length === 1)
  })

  test('attach takes the agent of the script tag that has run', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const { token, sdkUrl, sdkAppId, userId } = await bench.login()()
      const append = (/** @type {Record<string, string>} */ dataset, src = '') => {
        const script = document.createElement('script')
        script.crossOrigin = 'anonymous'
        Object.assign(script.dataset, dataset)
        if (src) script.src = src
        document.body.append(script)
      }
      append({ userid: 'visitor-7' })
      // The account was switched by hand: this tag has no effect any more.
      append({ token: 'old', sdkAppId: '7', userid: 'old@example.com' })
      append({ token: `${token}`, sdkAppId: `${sdkAppId}`, userid: `${userId}` }, sdkUrl)
      append({ userid: 'visitor-8' })
      // Another vendor's script.
      append({ token: 'public' })
      return (await sdk.openWorkbench({ attach: true })).agentId
    })
    assert.equal(found, 'agent@example.com')
  })

  test('attach takes no agent from the page’s own address', async () => {
    const page = await world.open({ hash: '?userid=42&sdkAppId=7' })
    const found = await page.run(async () => {
      const { token, sdkUrl, sdkAppId, userId } = await bench.login()()
      const script = document.createElement('script')
      script.crossOrigin = 'anonymous'
      Object.assign(script.dataset, { token, sdkAppId: String(sdkAppId), userid: userId })
      script.src = sdkUrl
      // A loader may take its tag away.
      script.onload = () => script.remove()
      document.body.append(script)
      await bench.until(() => !script.isConnected)
      const workbench = await sdk.openWorkbench({ attach: true })
      const { held } = await navigator.locks.query()
      return { agentId: workbench.agentId, held: held?.map(({ name }) => name) }
    })
    assert.notEqual(found.agentId, '42')
    assert.ok(!found.held?.some((name) => name?.includes('42')), String(found.held))
  })

  test('a session that was transferred away has ended', async () => {
    const page = await small()
    const found = await page.run(() => {
      const { sessions } = window.kept.workbench
      for (const [event, payload] of /** @type {[string, object][]} */ ([
        ['callIn', { sessionId: 's-1', type: 'phone', timeout: 0 }],
        ['userAccessed', { sessionId: 's-1' }],
        ['transfer', { sessionId: 's-1', userId: 'colleague@example.com' }],
        ['sessionEnded', { sessionId: 's-1', closeBy: 'client' }],
      ]))
        window.tccc?.emit(event, payload)
      const [{ state, closeBy }] = sessions.list
      return { state, closeBy, count: sessions.list.length }
    })
    assert.deepEqual(found, { state: 'ended', closeBy: 'transfer', count: 1 })
  })

  test('a session’s methods fit its type', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const vendor = /** @type {any} */ (window.tccc)
      /** @type {unknown[]} */
      const called = []
      for (const group of ['Call', 'Chat', 'Video'])
        vendor[group] = new Proxy(
          {},
          {
            get: (_, method) => async (/** @type {unknown} */ options) => {
              called.push([`${group}.${String(method)}`, options])
              return { status: 'success' }
            },
          },
        )
      const { sessions } = window.kept.workbench
      for (const type of ['phone', 'im', 'video'])
        vendor.emit('callIn', { sessionId: type, type, timeout: 0 })
      const [phone, chat, video] = sessions.list
      for (const session of [phone, chat, video]) {
        await session.accept()
        await session.transfer({ agentId: 'b' })
        await session.hangUp()
      }
      await phone.mute()
      await video.unmute()
      await phone.hold()
      await phone.sendDigits('1#')
      const muted = await chat.mute().catch((/** @type {any} */ error) => [error.code, error.where])
      return { called, muted, json: Object.keys(JSON.parse(JSON.stringify(chat))) }
    })
    const id = (/** @type {string} */ sessionId) => ({ sessionId })
    const to = (/** @type {string} */ sessionId) => ({ userId: 'b', sessionId })
    assert.deepEqual(found.called, [
      ['Call.accept', id('phone')],
      ['Call.transfer', to('phone')],
      ['Call.hungUp', id('phone')],
      ['Chat.accept', id('im')],
      ['Chat.transfer', to('im')],
      ['Chat.end', id('im')],
      ['Video.accept', id('video')],
      ['Video.transfer', to('video')],
      ['Video.end', id('video')],
      ['Call.muteMic', id('phone')],
      ['Video.unmuteMic', id('video')],
      ['Call.hold', id('phone')],
      ['Call.sendDigits', { dtmfText: '1#', sessionId: 'phone' }],
    ])
    assert.deepEqual(found.muted, ['INVALID_OPTION', 'session.mute'])
    assert.deepEqual(found.json.sort(), ['direction', 'sessionId', 'startedAt', 'state', 'type'])
  })

  test('a loop that nobody reads keeps the latest thousand events', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const calls = window.kept.workbench.events('incoming')
      for (let i = 0; i < 1500; i++)
        window.tccc?.emit('callIn', { sessionId: `s-${i}`, type: 'phone', timeout: 0 })
      const first = (await calls.next()).value.sessionId
      let count = 1
      const { sessionId } = window.kept.workbench.sessions.list.at(-1)
      for (let last = first; last !== sessionId; count++)
        last = (await calls.next()).value.sessionId
      return { first, count }
    })
    assert.deepEqual(found, { first: 's-500', count: 1000 })
  })

  test('a core that traps closes the workbench: everything settles, and the agent is free', async () => {
    const page = await small(['capture.js'])
    const found = await page.run(async () => {
      const { workbench } = window.kept
      const loop = workbench.events('incoming').next()
      const vendor = /** @type {any} */ (window.tccc)
      vendor.Agent = { online: () => new Promise(() => {}) }
      const waiting = workbench.agent.online().catch((/** @type {any} */ e) => e.code)
      window.core.trapNext = true
      const code = await workbench.call
        .startOutbound({ phoneNumber: '10086' })
        .catch((/** @type {any} */ error) => error.code)
      const why = await workbench.closed
      workbench.close()
      const { held } = await navigator.locks.query()
      const later = await sdk
        .openWorkbench({ login: window.kept.login })
        .catch((error) => error.code)
      return {
        code,
        why: why.code,
        done: (await loop).done,
        waiting: await waiting,
        held: held?.length,
        later,
        listeners: bench.listeners().pagehide ?? 0,
      }
    })
    assert.deepEqual(found, {
      code: 'INTERNAL',
      why: 'INTERNAL',
      done: true,
      waiting: 'INTERNAL',
      held: 0,
      later: 'INTERNAL',
      listeners: 0,
    })
  })

  test('a queue of the login server is waited for, with its ticket', async () => {
    /** @type {unknown[]} */
    const tickets = []
    world.site.login = (request, response) => {
      tickets.push(request.headers['x-calldock-ticket'] ?? null)
      if (tickets.length > 2) {
        world.site.login = undefined
        const onward = `${world.site.backend}${request.url}`
        fetch(onward, { method: 'POST' })
          .then((real) => real.text())
          .then((text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text))
        return
      }
      response
        .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '6' })
        .end(JSON.stringify({ title: 'full', code: 'QUEUE_FULL', ticket: 't-1', waitSeconds: 6 }))
    }
    const page = await world.open({ before: ['jump.js'] })
    const found = await page.run(async () => {
      /** @type {number[]} */
      const waits = []
      // Less than a wait.
      const opening = sdk.openWorkbench({
        login: '/calldock/v1/tccc/login',
        timeoutMs: 5000,
        onQueued: (seconds) => waits.push(seconds),
      })
      for (const count of [1, 2]) await window.jumpAt(() => waits.length === count, 6000)
      return { waits, agentId: (await opening).agentId }
    })
    assert.deepEqual(found, { waits: [6, 6], agentId: 'agent@example.com' })
    assert.deepEqual(tickets, [null, 't-1', 't-1'])
  })

  test('using closes a workbench, where the engine knows Symbol.dispose', async () => {
    const page = await small()
    const found = await page.run(async () => {
      const { workbench } = window.kept
      const { dispose = 'close' } = /** @type {any} */ (Symbol)
      workbench[dispose]()
      return { why: (await workbench.closed) ?? null, agentId: workbench.agentId }
    })
    assert.deepEqual(found, { why: null, agentId: '' })
  })
})
