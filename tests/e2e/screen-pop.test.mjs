// The call in a screen-pop page's hash: at the start, at every change, and when it is nonsense.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const RINGING =
  '#?mobile=13812345678&userId=u-1&nickName=%E5%88%98%E5%85%88%E7%94%9F&avatar=https%3A%2F%2Fa.example%2F1.png' +
  '&status=100&type=phone&agentEmail=agent%40example.com&agentMobile=13987654321' +
  '&agentNickName=%E5%BC%A0%E4%B8%89&agentRoleId=1&sdkAppId=1400000000&extra_vip=1'

/** Hashes that cannot be read, and what the error says. */
const malformed = [
  {
    name: 'a hash over 256 KiB',
    hash: `#?mobile=1&x=${'a'.repeat(270_000)}`,
    says: 'at most 262144 bytes',
  },
]

/** Hashes without a call: no listener is called. */
const silent = [
  '',
  '#',
  '#?',
  '#/orders',
  '#/orders?status=open&type=phone',
  '#section-2',
  '#?foo=1',
]

inEachBrowser('screen pop', (world) => {
  /**
   * Opens a page that keeps every call and every error.
   * @param {string} hash @param {string[]} before
   */
  async function listening(hash = '', before = []) {
    const page = await world.open({ hash, before })
    await page.run(() => {
      window.kept = { calls: [], errors: [] }
      window.kept.stop = sdk.onScreenPop(
        (call) => window.kept.calls.push({ ...call, extra: Object.fromEntries(call.extra) }),
        { onError: (error) => window.kept.errors.push(error) },
      )
    })
    return {
      page,
      /** The first so many calls, once they are there. @param {number} count */
      calls: (count) =>
        page.until(
          `${count} calls`,
          (count) => window.kept.calls.length >= count && window.kept.calls,
          count,
        ),
    }
  }

  test('a hash that is there at the start is told with all it has', async () => {
    const { calls } = await listening(RINGING)
    const [call] = await calls(1)
    assert.deepEqual(call, {
      status: 'ringing',
      type: 'phone',
      mobile: '13812345678',
      userId: 'u-1',
      nickName: '刘先生',
      avatar: 'https://a.example/1.png',
      agentEmail: 'agent@example.com',
      agentMobile: '13987654321',
      agentNickName: '张三',
      agentRoleId: '1',
      sdkAppId: '1400000000',
      extra: { extra_vip: '1' },
      unreadable: [],
      changed: call.changed,
    })
    assert.deepEqual([...call.changed].sort(), [
      ...['agentEmail', 'agentMobile', 'agentNickName', 'agentRoleId', 'avatar', 'extra_vip'],
      ...['mobile', 'nickName', 'sdkAppId', 'status', 'type', 'userId'],
    ])
  })

  test('a call goes from ringing to connected to ended, with what changed', async () => {
    const { page, calls } = await listening(RINGING)
    await calls(1)
    for (const [count, status] of /** @type {const} */ ([
      [2, '200'],
      [3, '400'],
    ])) {
      await page.run((status) => {
        location.hash = location.hash.replace(/status=\d+/, `status=${status}`)
      }, status)
      await calls(count)
    }
    const all = await calls(3)
    assert.deepEqual(
      all.map((/** @type {any} */ { status }) => status),
      ['ringing', 'connected', 'ended'],
    )
    assert.deepEqual(all[1].changed, ['status'])
    assert.deepEqual(all[2].changed, ['status'])
  })

  test('two changes in one task are both told, in their order', async () => {
    const { page, calls } = await listening(RINGING)
    await calls(1)
    await page.run(() => {
      location.hash = '#?mobile=13800000001&status=100'
      location.hash = '#?mobile=13800000001&status=200'
    })
    const all = await calls(3)
    assert.deepEqual(
      all.map((/** @type {any} */ { mobile, status }) => `${mobile} ${status}`),
      ['13812345678 ringing', '13800000001 ringing', '13800000001 connected'],
    )
  })

  test('changes before the core has started are not lost', async () => {
    /** @type {() => void} */
    let release = () => {}
    const held = new Promise((resolve) => {
      release = () => resolve(undefined)
    })
    const page = await world.open({
      hash: '#?mobile=1&status=100',
      wasm: { held: /** @type {Promise<void>} */ (held) },
    })
    await page.run(async () => {
      window.kept = []
      sdk.onScreenPop(({ mobile, status }) => window.kept.push(`${mobile} ${status}`))
      location.hash = '#?mobile=1&status=200'
      location.hash = '#?mobile=1&status=400'
      await new Promise((resolve) => addEventListener('hashchange', resolve))
      await new Promise((resolve) => setTimeout(resolve))
      location.hash = '#?mobile=2&status=100'
    })
    assert.deepEqual(await page.run(() => window.kept), [])
    release()
    const all = await page.until('all four', () => window.kept.length >= 4 && window.kept)
    assert.deepEqual(all, ['1 ringing', '1 connected', '1 ended', '2 ringing'])
  })

  test('a hash router keeps its hash, and the call in it is told', async () => {
    const hash = '#/customers/7?mobile=13812345678&status=100&tab=orders'
    const { page, calls } = await listening(hash)
    const [call] = await calls(1)
    assert.equal(call.mobile, '13812345678')
    assert.deepEqual(call.extra, { tab: 'orders' })
    const found = await page.run(async () => ({
      hash: location.hash,
      length: history.length,
      current: (await sdk.currentCall())?.mobile,
    }))
    assert.equal(found.hash, hash)
    assert.equal(found.current, '13812345678')
    await page.run(() => {
      location.hash = '#/customers/8'
    })
    assert.equal(await page.run(() => location.hash), '#/customers/8')
    await page.run(() => {
      location.hash = '#/customers/9?mobile=2&status=100'
    })
    const all = await calls(2)
    assert.deepEqual(
      all.map((/** @type {any} */ { mobile }) => mobile),
      ['13812345678', '2'],
      'a route without a call is none',
    )
  })

  for (const hash of silent)
    test(`${JSON.stringify(hash)} is no call`, async () => {
      const { page, calls } = await listening(hash)
      await page.run(() => {
        location.hash = '#?mobile=2'
      })
      const all = await calls(1)
      assert.deepEqual(
        all.map((/** @type {any} */ { mobile }) => mobile),
        ['2'],
      )
      assert.equal(await page.run(() => window.kept.errors.length), 0)
    })

  test('no call is null', async () => {
    const page = await world.open()
    assert.equal(await page.run(() => sdk.currentCall()), null)
  })

  test('undocumented words and parameters are kept', async () => {
    const { calls } = await listening('#?mobile=1&status=777&type=xx&note=a+b%2Bc&note=second')
    const [call] = await calls(1)
    assert.equal(call.status, 'other:777')
    assert.equal(call.type, 'other:xx')
    assert.deepEqual(call.extra, { note: 'a b+c' })
  })

  for (const { name, hash, says } of malformed)
    test(`${name}: an error that says so, and later calls all the same`, async () => {
      const { page, calls } = await listening(hash)
      await page.until('the error', () => window.kept.errors.length)
      const { code, message } = await page.run(() => {
        const [{ code, message }] = window.kept.errors
        return { code, message }
      })
      assert.equal(code, 'INVALID_OPTION')
      assert.match(message, /^the page's hash: expected /)
      assert.ok(message.includes(says), message)
      await page.run(() => {
        location.hash = '#?mobile=3&status=200'
      })
      const [call] = await calls(1)
      assert.equal(call.mobile, '3')
      const current = await page.run(async (hash) => {
        history.replaceState(null, '', hash)
        return sdk.currentCall().catch((error) => error.code)
      }, hash)
      assert.equal(current, 'INVALID_OPTION')
    })

  test('an unread hash without onError is reported as uncaught', async () => {
    const page = await world.open({ hash: `#?mobile=1&x=${'a'.repeat(270_000)}` })
    await page.run(() => sdk.onScreenPop(() => {}))
    await page.until('the report', () => bench.errors.length === 1)
  })

  test('__proto__ in a hash changes nothing but its own entry', async () => {
    const page = await world.open({
      hash: '#?mobile=1&__proto__=polluted&constructor=x&toString=y&hasOwnProperty=z',
    })
    const found = await page.run(async () => {
      const call = await sdk.currentCall()
      return {
        extra: [...(call?.extra ?? [])],
        isMap: call?.extra instanceof Map,
        proto: Object.getPrototypeOf(call) === Object.prototype,
        clean: /** @type {any} */ ({}).polluted === undefined && String({}) === '[object Object]',
      }
    })
    assert.deepEqual(found, {
      extra: [
        ['__proto__', 'polluted'],
        ['constructor', 'x'],
        ['toString', 'y'],
        ['hasOwnProperty', 'z'],
      ],
      isMap: true,
      proto: true,
      clean: true,
    })
  })

  test('the returned function ends the listening and takes its listener out of the page', async () => {
    const page = await world.open({ hash: RINGING })
    const found = await page.run(async () => {
      const before = bench.listeners()
      /** @type {unknown[]} */
      const received = []
      const stop = sdk.onScreenPop((call) => received.push(call.status))
      await bench.until(() => received.length)
      location.hash = '#?mobile=2&status=100'
      await bench.until(() => received.length === 2)
      const during = bench.listeners().hashchange
      stop()
      stop()
      location.hash = '#?mobile=2&status=200'
      await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
      await sdk.currentCall()
      return { before, during, after: bench.listeners(), received }
    })
    assert.deepEqual(found.received, ['ringing', 'ringing'])
    assert.equal(found.during, 1)
    assert.deepEqual(found.after, found.before)
  })

  test('a signal ends the listening too, before and after the start', async () => {
    const page = await world.open({ hash: RINGING })
    const found = await page.run(async () => {
      const before = bench.listeners()
      /** @type {unknown[]} */
      const received = []
      const early = new AbortController()
      sdk.onScreenPop(() => received.push('early'), { signal: early.signal })
      early.abort()
      sdk.onScreenPop(() => received.push('never'), { signal: AbortSignal.abort() })
      const late = new AbortController()
      sdk.onScreenPop(() => received.push('late'), { signal: late.signal })
      await bench.until(() => received.length)
      late.abort()
      return { received, same: JSON.stringify(before) === JSON.stringify(bench.listeners()) }
    })
    assert.deepEqual(found, { received: ['late'], same: true })
  })

  test('two listeners hear each call, and what one throws is not the other’s', async () => {
    const page = await world.open({ hash: RINGING })
    const received = await page.run(async () => {
      /** @type {string[]} */
      const received = []
      sdk.onScreenPop(() => {
        throw new Error('a bug of the page')
      })
      sdk.onScreenPop((call) => received.push(`second ${call.status}`))
      await bench.until(() => received.length)
      location.hash = '#?mobile=2&status=200'
      await bench.until(() => received.length === 2)
      return { received, errors: bench.errors.length }
    })
    assert.deepEqual(received, { received: ['second ringing', 'second connected'], errors: 2 })
  })

  // field.md B1 to B3
  for (const { name, hash, call } of [
    {
      name: 'a nickname in GBK',
      hash: '#?mobile=13812345678&type=phone&status=100&nickName=%D5%C5%C8%FD',
      call: { mobile: '13812345678', status: 'ringing', nickName: null, unreadable: ['nickName'] },
    },
    {
      name: 'a picture as a data: address of 20 KB',
      hash: `#?mobile=13812345678&avatar=data:image/png;base64,${'A'.repeat(20_000)}&status=100`,
      call: { mobile: '13812345678', avatar: null, status: 'ringing', unreadable: ['avatar'] },
    },
    {
      name: 'a plus sign in front of escaped digits, among signs that cannot be seen',
      hash: '#?mobile=%E2%80%AD+%38%3613812345678%E2%80%AC&type=phone',
      call: { mobile: '\u202d+8613812345678\u202c', unreadable: [] },
    },
    {
      name: 'a query squeezed into the one of the router',
      hash: '#/list?tab=1?mobile=13812345678&type=phone&status=100&agentEmail=a@example.com',
      call: { mobile: '13812345678', status: 'ringing', agentEmail: 'a@example.com' },
    },
    {
      name: 'a plus sign in front of a number',
      hash: '#?mobile=+8613812345678&type=phone',
      call: { mobile: '+8613812345678', unreadable: [] },
    },
    {
      name: 'a query of the page itself',
      hash: '#/list?tab=1#?mobile=13812345678&type=phone&status=100',
      call: { mobile: '13812345678', status: 'ringing' },
    },
  ])
    test(`${name} does not cost the call`, async () => {
      const { page, calls } = await listening(hash)
      const [found] = await calls(1)
      for (const [member, value] of Object.entries(call)) assert.deepEqual(found[member], value)
      const current = await page.run(async () => (await sdk.currentCall())?.mobile)
      assert.equal(current, call.mobile)
      assert.deepEqual(await page.run(() => window.kept.errors.length), 0)
    })

  test('a call that was read is dialled as it was written', async () => {
    const { outer, inner } = await world.openFramed(world.site.otherOrigin, {
      hash: '#?mobile=+8613812345678&type=phone',
    })
    const { phoneNumber } = await inner.run(async () => {
      const call = await sdk.currentCall()
      return sdk.callOut(call?.mobile ?? '', { targetOrigin: '*' })
    })
    await outer.until('the message', () => bench.messages.length > 0)
    const [{ data }] = await outer.run(() => /** @type {[any]} */ (bench.messages))
    assert.deepEqual(data.payload.message, { phoneNumber: '+8613812345678' })
    assert.equal(phoneNumber, '+8613812345678')
  })

  test('the listener may stop the listening while it is called', async () => {
    const { page } = await listening()
    const statuses = await page.run(async () => {
      /** @type {unknown[]} */
      const statuses = []
      const stop = sdk.onScreenPop(({ status }) => {
        statuses.push(status)
        stop()
      })
      location.hash = '#?mobile=1&status=100'
      await bench.until(() => statuses.length)
      location.hash = '#?mobile=1&status=200'
      await bench.until(() => window.kept.calls.length === 2)
      return statuses
    })
    assert.deepEqual(statuses, ['ringing'])
  })

  for (const [which, heard] of /** @type {const} */ ([
    ['the first hash change', 0],
    ['a later hash change', 1],
  ]))
    test(`a trap at ${which} reaches onError once, and later calls fail`, async () => {
      const { page, calls } = await listening(RINGING, ['capture.js'])
      await calls(1)
      const codes = await page.run(async (heard) => {
        for (let mobile = 1; mobile <= heard; mobile++) {
          location.hash = `#?mobile=${mobile}&status=200`
          await bench.until(() => window.kept.calls.length === mobile + 1)
        }
        window.core.trapNext = true
        location.hash = '#?mobile=2&status=400'
        await bench.until(() => window.kept.errors.length)
        location.hash = '#?mobile=3&status=200'
        await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }))
        const later = await sdk.currentCall().catch((error) => error.code)
        return [...window.kept.errors.map((/** @type {any} */ { code }) => code), later]
      }, heard)
      assert.deepEqual(codes, ['INTERNAL', 'INTERNAL'])
      assert.equal(await page.run(() => window.core.traps), 1)
      assert.deepEqual(await page.run(() => bench.errors), [])
      assert.equal(await page.run(() => bench.listeners().hashchange ?? 0), 0)
    })

  test('polluted prototypes add nothing to a call or its options', async () => {
    const page = await world.open({ hash: '#?status=100&mobile=1' })
    const found = await page.run(async () => {
      /** @type {any} */
      const prototype = Object.prototype
      Object.assign(prototype, { signal: AbortSignal.abort(), window: {}, nickName: 'x' })
      try {
        return await new Promise((resolve) => sdk.onScreenPop((call) => resolve(call.nickName)))
      } finally {
        for (const name of ['signal', 'window', 'nickName']) delete prototype[name]
      }
    })
    assert.equal(found, null)
  })

  test('a core that starts between two listeners of one hash change loses nothing', async () => {
    const page = await world.open()
    const statuses = await page.run(async () => {
      let resolve = () => {}
      /** @type {Promise<void>} */
      const promise = new Promise((done) => {
        resolve = done
      })
      const { instantiate } = WebAssembly
      let compiled = false
      WebAssembly.instantiate = /** @type {any} */ (
        async (/** @type {[any, any]} */ ...args) => {
          const instance = await instantiate(...args)
          compiled = true
          await promise
          return instance
        }
      )
      // Whatever waits for the core goes on before the event's next listener is called.
      addEventListener('hashchange', () => resolve())
      /** @type {unknown[]} */
      const statuses = []
      sdk.onScreenPop(({ status }) => statuses.push(status))
      await bench.until(() => compiled)
      location.hash = '#?mobile=1&status=100'
      await bench.until(() => statuses.length)
      for (const status of [200, 400]) {
        const heard = new Promise((resolve) =>
          addEventListener('hashchange', resolve, { once: true }),
        )
        location.hash = `#?mobile=1&status=${status}`
        await heard
      }
      return statuses
    })
    assert.deepEqual(statuses, ['ringing', 'connected', 'ended'])
  })

  test('a listener that comes between a hash change and its event hears each call once', async () => {
    for (const ready of [false, true]) {
      const page = await world.open()
      const statuses = await page.run(async (ready) => {
        if (ready) await sdk.ready({ roles: ['frame'] })
        /** @type {unknown[]} */
        const statuses = []
        location.hash = '#?mobile=1&status=100'
        location.hash = '#?mobile=1&status=200'
        sdk.onScreenPop(({ status }) => statuses.push(status))
        await bench.until(() => statuses.length)
        // A router that changes the address without an event costs no call.
        history.replaceState(null, '', '#/orders')
        const heard = new Promise((resolve) => addEventListener('hashchange', resolve))
        location.hash = '#?mobile=1&status=400'
        await heard
        await bench.until(() => statuses.at(-1) === 'ended')
        return statuses
      }, ready)
      assert.deepEqual(statuses, ['connected', 'ended'])
    }
  })

  test('of two changes in one task, a listener that comes between them hears each once', async () => {
    for (const ready of [false, true]) {
      const page = await world.open()
      const mobiles = await page.run(async (ready) => {
        if (ready) await sdk.ready({ roles: ['frame'] })
        /** @type {unknown[]} */
        const mobiles = []
        location.hash = '#?mobile=1&status=100'
        sdk.onScreenPop(({ mobile }) => mobiles.push(mobile))
        location.hash = '#?mobile=2&status=100'
        await bench.until(() => mobiles.at(-1) === '2')
        location.hash = '#?mobile=3&status=100'
        await bench.until(() => mobiles.at(-1) === '3')
        return mobiles
      }, ready)
      assert.deepEqual(mobiles, ['1', '2', '3'], `core started before: ${ready}`)
    }
  })

  // field.md B9
  test('a micro-frontend in a frame of its own reads the hash of the main application', async () => {
    const { outer, inner } = await world.openFramed(world.site.origin)
    await inner.run(() => {
      window.kept = { calls: [] }
      window.kept.stop = sdk.onScreenPop(({ mobile }) => window.kept.calls.push(mobile), {
        window: window.parent,
      })
    })
    await outer.run(() => {
      location.hash = '#?mobile=7&status=100'
    })
    const calls = await inner.until('the call', () => window.kept.calls.length && window.kept.calls)
    assert.deepEqual(calls, ['7'])
    const left = await inner.run(async () => {
      const current = await sdk.currentCall({ window: window.parent })
      window.kept.stop()
      return [current?.mobile, await sdk.currentCall()]
    })
    assert.deepEqual(left, ['7', null])
    assert.equal(await outer.run(() => bench.listeners().hashchange ?? 0), 0)
  })
})
