// `calldock/testing`: what integrators test their own pages with, in Node as Vitest runs it, and in a
// real page as Playwright drives it.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { playground } from './harness/places.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** @type {typeof import('calldock/testing')} */
const { fakeWorkbench, fakeParent, fakeVendorScript, fakeVendorLogin } = await import(
  pathToFileURL(join(playground(), 'node_modules/calldock/testing.js')).href
)

describe('a fake workbench, without a browser', () => {
  test('rings, answers and hangs up as the page’s code sees it', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    /** @type {string[]} */
    const received = []
    workbench.on('incoming', ({ type }) => received.push(type))
    workbench.once('answered', ({ sessionId }) => received.push(sessionId))
    const id = fake.ring({ callerPhoneNumber: '13800000001' })
    assert.equal(workbench.sessions.list[0]?.callerPhoneNumber, '13800000001')
    await workbench.call.accept(id)
    assert.equal(workbench.sessions.list[0]?.state, 'connected')
    fake.hangUp()
    assert.equal(workbench.sessions.list[0]?.state, 'ended')
    assert.deepEqual(received, ['phone', id])
    assert.deepEqual(fake.commands, [{ method: 'call.accept', options: { sessionId: id } }])
    assert.equal(workbench.agentId, 'agent@example.com')
  })

  test('what a call has no value of is filled in', async () => {
    const fake = fakeWorkbench({ agentId: undefined })
    const workbench = await fake.open()
    /** @type {unknown[]} */
    const received = []
    workbench.on('incoming', (call) => received.push(call))
    workbench.on('ended', ({ closeBy }) => received.push(closeBy))
    const none = { sessionId: undefined, type: undefined, timeout: undefined }
    const sessionId = fake.ring({ ...none, callerPhoneNumber: undefined })
    fake.hangUp(undefined, { sessionId: undefined, closeBy: undefined })
    assert.deepEqual(received, [
      {
        ...{ sessionId, type: 'phone', timeout: 30, serverType: 'staffSeat' },
        ...{ calleePhoneNumber: '10086', callerPhoneNumber: '13800000000' },
      },
      'client',
    ])
  })

  test('an outbound call is the page’s to start and the test’s to answer', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    await workbench.call.startOutbound({ phoneNumber: '10086' })
    const [session] = workbench.sessions.list
    assert.equal(session?.direction, 'outbound')
    fake.answer()
    assert.equal(workbench.sessions.list[0]?.state, 'connected')
    await session?.hangUp()
    assert.equal(workbench.sessions.list[0]?.closeBy, 'seat')
  })

  test('options are checked as on a real page', async () => {
    const workbench = await fakeWorkbench().open()
    await assert.rejects(workbench.call.startOutbound({ phoneNumber: '138-0000-OOPS' }), {
      code: 'INVALID_OPTION',
    })
  })

  test('an opening, a method and a token fail when the test says so', async () => {
    const fake = fakeWorkbench()
    fake.failOpen('LOGIN_FAILED')
    await assert.rejects(fake.open(), { name: 'CalldockError', code: 'LOGIN_FAILED' })
    const workbench = await fake.open()
    assert.equal(await fake.open(), workbench)
    fake.reply('agent.online', new Error('no'))
    await assert.rejects(workbench.agent.online(), { code: 'VENDOR_REJECTED', found: '"no"' })
    const personal = ['138–0000–0000', '138\u00a00000\u00a00000', 'zhang.san%40example.com']
    for (const text of [
      ...personal,
      '138－0000－0000',
      '138\u200b0000\u200b0000',
      'abcdefghij*klmnopqrst-uvwxyz_abcdefgh',
    ]) {
      fake.reply('agent.online', new Error(`refused: ${text}`))
      const error = await workbench.agent.online().catch((error) => error)
      assert.match(error.found, /^"refused: ‹\d+ characters›"$/, text)
    }
    const tokens = [
      'AbCdEfGh/IjKlMnOp+QrStUv/WxYzabcdefgh',
      'AbCdEfGh~IjKlMnOp~QrStUvWx~Yzabcdefgh',
    ]
    for (const token of tokens) {
      fake.reply('agent.online', new Error(`refused: ${token}`))
      await assert.rejects(workbench.agent.online(), { found: '"refused: ‹37 characters›"' })
    }
    for (const path of [
      'https://tccc.cloud.tencent.com/sdk/tcccSdk.js',
      '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate',
      'https://shop.example.com:8443/calldock/v1/tccc/of/more/than/32/characters',
    ]) {
      fake.reply('agent.online', new Error(`refused: ${path}`))
      await assert.rejects(workbench.agent.online(), { found: `"refused: ${path}"` })
    }
    const { closed } = workbench
    fake.expire()
    assert.equal((await closed)?.code, 'TOKEN_EXPIRED')
    await assert.rejects(workbench.agent.online(), { code: 'CLOSED' })
    // As a page does that opens it again.
    const again = await fake.open()
    assert.notEqual(again, workbench)
    await again.agent.offline()
    again.close()
  })

  test('a second open takes no command of the page for its own', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    const again = fake.open()
    await workbench.agent.getStatus()
    assert.equal(await again, workbench)
    assert.deepEqual(
      fake.commands.map(({ method }) => method),
      ['agent.getStatus'],
    )
  })

  test('what cannot be renewed tells the page first that the token has expired', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    /** @type {string[]} */
    const events = []
    workbench.on('tokenExpired', () => events.push('tokenExpired'))
    workbench.closed.then((error) => events.push(`closed ${error?.code}`))
    fake.expire()
    await workbench.closed
    assert.deepEqual(events, ['tokenExpired', 'closed TOKEN_EXPIRED'])
  })

  test('a call of each type has the members of its type, and no others', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    /** @type {Record<string, string[]>} */
    const members = {}
    workbench.on('incoming', (call) => {
      members[call.type] = Object.keys(call).sort()
    })
    for (const type of /** @type {const} */ (['phone', 'im', 'voip', 'video', 'internal']))
      fake.ring({ type })
    const common = ['sessionId', 'timeout', 'type']
    assert.deepEqual(members, {
      phone: ['calleePhoneNumber', 'callerPhoneNumber', 'serverType', ...common].sort(),
      im: ['nickname', ...common].sort(),
      voip: ['callee', 'customerId', ...common].sort(),
      video: ['customerId', ...common].sort(),
      internal: ['agentId', ...common].sort(),
    })
  })

  test('a session that has ended does not come back, unless it was transferred', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    const id = fake.ring()
    fake.hangUp(id)
    fake.emit('answered', { sessionId: id, outbound: false })
    const other = fake.ring()
    fake.answer(other)
    fake.emit('transferred', {
      ...{ sessionId: other, agentId: 'b@example.com', automatic: false },
    })
    fake.emit('answered', { sessionId: other, outbound: false })
    assert.deepEqual(
      workbench.sessions.list.map(({ sessionId, state }) => [sessionId, state]),
      [
        [id, 'ended'],
        [other, 'connected'],
      ],
    )
  })

  test('loops end with it, and listeners stop', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    const calls = workbench.events('incoming')
    let received = 0
    const stop = workbench.on('incoming', () => {
      received += 1
    })
    fake.ring()
    stop()
    fake.ring({ type: 'im' })
    assert.equal(received, 1)
    assert.equal((await calls.next()).value.type, 'phone')
    assert.equal((await calls.next()).value.type, 'im')
    workbench.close()
    assert.equal((await calls.next()).done, true)
  })

  test('every event arrives under the name and with the members that it was emitted with', async () => {
    const fake = fakeWorkbench()
    const workbench = await fake.open()
    /** @type {unknown[]} */
    const received = []
    for (const event of /** @type {const} */ (['incoming', 'answered', 'transferred']))
      workbench.on(event, (payload) => received.push(payload))
    const payloads = [
      { sessionId: 'v', type: 'video', timeout: 0, customerId: 'c-1' },
      { sessionId: 'v', outbound: true },
      { sessionId: 'v', agentId: 'b@example.com', automatic: false },
    ]
    fake.emit('incoming', /** @type {any} */ (payloads[0]))
    fake.emit('answered', /** @type {any} */ (payloads[1]))
    fake.emit('transferred', /** @type {any} */ (payloads[2]))
    assert.equal(JSON.stringify(received.map(sorted)), JSON.stringify(payloads.map(sorted)))
  })
})

describe('a fake parent, without a browser', () => {
  /** A page of a window's making, and what it posts to its parent. @param {object} [page] */
  function framed(page = { parent: 'its own' }) {
    const window = /** @type {any} */ (page)
    const parent = fakeParent({ window })
    const dial = (/** @type {string} */ phoneNumber) =>
      window.parent.postMessage({
        source: 'ccc-sdk',
        payload: { event: 'callOut', message: { phoneNumber } },
      })
    return { window, parent, dial }
  }

  test('a call that came too late is the next one that is expected', async () => {
    const { parent, dial } = framed()
    await assert.rejects(parent.expectCallOut(1), { message: 'no callOut within 1 ms; 0 before' })
    dial('10086')
    dial('10010')
    assert.equal((await parent.expectCallOut()).phoneNumber, '10086')
    assert.equal((await parent.expectCallOut()).phoneNumber, '10010')
    await assert.rejects(parent.expectCallOut(1), { message: 'no callOut within 1 ms; 2 before' })
    const both = [parent.expectCallOut(), parent.expectCallOut()]
    dial('95588')
    dial('95533')
    const numbers = (await Promise.all(both)).map(({ phoneNumber }) => phoneNumber)
    assert.deepEqual(numbers, ['95588', '95533'])
    assert.equal(parent.callOuts.length, 4)
  })

  test('a page gets its own parent back, also one that it has by its prototype', () => {
    class Page {
      get parent() {
        return 'its own'
      }
    }
    for (const page of [{ parent: 'its own' }, new Page()]) {
      const { window, parent } = framed(page)
      assert.notEqual(window.parent, 'its own')
      parent.restore()
      parent.restore()
      assert.equal(window.parent, 'its own')
    }
  })
})

/** @param {unknown} members */
const sorted = (members) => Object.entries(/** @type {object} */ (members)).sort()

inEachBrowser('testing', (world) => {
  test('a whole page runs on the fake vendor’s script, with no network but the test’s', async () => {
    const page = await world.open()
    const login = { ...fakeVendorLogin(), sdkUrl: `${world.site.origin}/fake-vendor.js` }
    world.site.own = (request, response) => {
      if (request.url !== '/fake-vendor.js') return false
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(fakeVendorScript())
      return true
    }
    const found = await page.run(async (login) => {
      const workbench = await sdk.openWorkbench({ login: async () => login })
      const vendor = /** @type {any} */ (window).fakeVendor
      /** @type {string[]} */
      const received = []
      workbench.on('incoming', ({ sessionId }) => received.push(sessionId))
      const ring = {
        type: 'phone',
        timeout: 0,
        calleePhoneNumber: '10086',
        serverType: 'staffSeat',
      }
      vendor.emit('callIn', { sessionId: 's-1', ...ring })
      await workbench.call.accept('s-1')
      const { sessionId } = await workbench.call.startOutbound({ phoneNumber: '10086' })
      await bench.until(() => workbench.sessions.list.length === 2)
      vendor.reply('Call.hungUp', { status: 'error', errorMsg: 'not now' })
      const refused = await workbench.call.hangUp('s-1').catch((error) => error.code)
      const status = await workbench.agent.getStatus()
      const methods = vendor.commands.map((/** @type {any} */ { method }) => method)
      return {
        received,
        sessionId,
        refused,
        status,
        methods,
      }
    }, login)
    assert.deepEqual(found, {
      received: ['s-1'],
      sessionId: 'session-1',
      refused: 'VENDOR_REJECTED',
      status: 'free',
      methods: ['Call.accept', 'Call.startOutboundCall', 'Call.hungUp', 'Agent.getStatus'],
    })
  })

  test('a page pops up and calls out in a frame that is none', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const path = '/node_modules/calldock/testing.js'
      /** @type {typeof import('calldock/testing')} */
      const { fakeParent } = await import(path)
      const parent = fakeParent()
      /** @type {any[]} */
      const calls = []
      const stop = sdk.onScreenPop((call) => calls.push([call.status, call.mobile, call.nickName]))
      location.hash = '#/customer'
      parent.pop({ mobile: '13800000001', nickName: '张三', status: '100' })
      await bench.until(() => calls.length === 1)
      const hash = location.hash
      const expected = parent.expectCallOut()
      const result = await sdk.callOut({ phoneNumber: '10086', desc: 'order 7' })
      const call = await expected
      const late = await parent.expectCallOut(50).catch((error) => error.message)
      stop()
      parent.restore()
      const restored = window.parent === window
      return { calls, hash, result, call, late, restored, callOuts: parent.callOuts.length }
    })
    assert.deepEqual(found.calls, [['ringing', '13800000001', '张三']])
    assert.ok(found.hash.startsWith('#/customer?mobile='))
    assert.deepEqual(found.result, {
      acknowledged: false,
      phoneNumber: '10086',
      targetOrigin: 'https://tccc.qcloud.com',
    })
    assert.deepEqual(found.call, { phoneNumber: '10086', desc: 'order 7' })
    assert.equal(found.late, 'no callOut within 50 ms; 1 before')
    assert.equal(found.restored, true)
    assert.equal(found.callOuts, 1)
  })
})
