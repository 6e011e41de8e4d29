// What a hostile hash, page or vendor may try. Nothing of it makes a call, ends a core or stays pending;
// and afterwards what is right works.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'

inEachBrowser('attacks of the page', (world) => {
  const LIES = {
    'ten megabytes': () => `#?mobile=1&x=${'a'.repeat(10_000_000)}`,
    '10,000 parameters': () =>
      `#?${Array.from({ length: 10_000 }, (_, at) => `p${at}=${at}`).join('&')}`,
    'only question marks': () => `#${'?'.repeat(16_000)}`,
    'only ampersands': () => `#?${'&'.repeat(16_000)}`,
    'only percent signs': () => `#?mobile=${'%'.repeat(16_000)}`,
    'lone surrogates': () => '#?mobile=138\ud800&nickName=\udfff\ud800',
    'names of the prototype': () =>
      '#?__proto__=1&constructor=2&hasOwnProperty=3&toString=4&then=5&mobile=138&status=100&type=phone',
    'the same name a thousand times': () => `#?${'mobile=13812345678&'.repeat(1000)}`,
    'control characters': () => '#?mobile=%00%0a%0d1&type=%1b&status=%7f',
    'markup and addresses of scripts': () =>
      '#?mobile=%3Cimg%20src=x%20onerror=alert(1)%3E&nickName=javascript:alert(1)&status=100',
  }
  for (const [name, lie] of Object.entries(LIES))
    test(`a lying hash, ${name}: the next call is heard, and soon`, async () => {
      const page = await world.open()
      const found = await page.run(async (source) => {
        /** @type {any[]} */
        const calls = []
        /** @type {string[]} */
        const codes = []
        const next = new Promise((resolve) => {
          sdk.onScreenPop(
            (call) => {
              calls.push(call)
              if (call.mobile === '13800000001') resolve(undefined)
            },
            { onError: ({ code }) => codes.push(code) },
          )
        })
        await sdk.ready({ roles: ['frame'] })
        try {
          location.hash = new Function(`return (${source})()`)()
        } catch {
          // A browser that takes no such address keeps the one before, with or without an exception.
        }
        const begun = performance.now()
        await new Promise((resolve) => setTimeout(resolve, 50))
        location.hash = '#?mobile=13800000001&type=phone&status=100'
        await next
        const ms = performance.now() - begun
        const plain = calls.every((call) => Object.getPrototypeOf(call) === Object.prototype)
        return { ms, plain, codes, clean: String({}) === '[object Object]' && !('then' in {}) }
      }, `${lie}`)
      // Ten megabytes may be slow, and not as the square of its length.
      assert.ok(found.ms < 30_000, `${found.ms} ms`)
      assert.equal(found.plain, true)
      assert.equal(found.clean, true)
      for (const code of found.codes) assert.equal(code, 'INVALID_OPTION')
      assert.deepEqual(await page.run(() => bench.errors), [])
    })

  /**
   * What a message goes by, and what comes of a call while the page has another in its place: its end, and the
   * number that the parent receives. What is looked up when it is used is the page's own (docs/en/security.md).
   * @type {Record<string, { replaced: () => [any, string, unknown], end: string, received?: string }>}
   */
  const REPLACED = {
    // The first, because it loads the core, whose JavaScript form needs no `fetch`.
    fetch: {
      replaced: () => [window, 'fetch', () => Promise.reject(new Error('replaced'))],
      ...{ end: NUMBER, received: NUMBER },
    },
    // A window of another origin has its own.
    postMessage: {
      replaced: () => [window, 'postMessage', () => {}],
      ...{ end: NUMBER, received: NUMBER },
    },
    'JSON.stringify': {
      replaced: () => [JSON, 'stringify', () => '{"phoneNumber":"13800000001"}'],
      ...{ end: NUMBER, received: '13800000001' },
    },
    'JSON.parse': {
      replaced: () => [JSON, 'parse', () => ({ phoneNumber: '13800000001' })],
      ...{ end: NUMBER, received: 'none' },
    },
    Promise: {
      replaced: () => [window, 'Promise', class {}],
      ...{ end: NUMBER, received: NUMBER },
    },
    'Promise.prototype.then': {
      replaced: () => [Promise.prototype, 'then', () => new Promise(() => {})],
      ...{ end: NUMBER, received: NUMBER },
    },
    'Array.prototype.push': {
      replaced: () => [
        Array.prototype,
        'push',
        () => {
          throw new Error('replaced')
        },
      ],
      end: 'INVALID_OPTION',
    },
    'String.prototype.replace': {
      replaced: () => [String.prototype, 'replace', () => '13800000001'],
      end: 'INVALID_OPTION',
    },
  }
  /**
   * Calls while the page has another function in a place, and once more after it.
   * @param {import('./harness/page.mjs').View} inner @param {() => [any, string, unknown]} replaced @param {string} parent
   */
  const callBoth = (inner, replaced, parent) =>
    inner.run(
      async (source, numbers, parent) => {
        const options = { allowParents: [parent] }
        const [object, name, replacement] = new Function(`return (${source})()`)()
        const original = object[name]
        object[name] = replacement
        const calling = sdk.callOut(numbers[0], options)
        // At once: the drivers wait and count by some of them. Only the core is loaded later.
        if (name !== 'fetch') object[name] = original
        const end = await calling.then(
          ({ phoneNumber }) => phoneNumber,
          (error) => (sdk.isCalldockError(error) ? error.code : `not of Calldock: ${error}`),
        )
        object[name] = original
        const { phoneNumber } = await sdk.callOut(numbers[1], options)
        return { end, later: phoneNumber, engine: await sdk.ready({ roles: ['frame'] }) }
      },
      `${replaced}`,
      /** @type {const} */ ([NUMBER, '10010']),
      parent,
    )
  /** The numbers that a page has received. @param {import('./harness/page.mjs').View} outer */
  const received = async (outer) => {
    // The later call's is the last.
    await outer.until('the later call', () => JSON.stringify(bench.messages).includes('"10010"'))
    return outer.run(() =>
      bench.messages
        .splice(0)
        .map(({ data }) => /** @type {any} */ (data).payload?.message?.phoneNumber ?? 'none'),
    )
  }

  test('a page that has replaced what a message goes by: the call fails or is posted, and later ones work', async () => {
    const { outer, inner } = await world.openFramed(world.site.otherOrigin)
    for (const [name, { replaced, ...expected }] of Object.entries(REPLACED)) {
      const found = await callBoth(inner, replaced, world.site.otherOrigin)
      assert.deepEqual(found, { end: expected.end, later: '10010', engine: 'js' }, name)
      const numbers = expected.received ? [expected.received, '10010'] : ['10010']
      assert.deepEqual(await received(outer), numbers, name)
    }
  })

  test('a page that has replaced the postMessage of a parent of its own origin keeps that call to itself', async () => {
    const { outer, inner } = await world.openFramed(world.site.origin)
    const replaced = () =>
      /** @type {[any, string, unknown]} */ ([window.parent, 'postMessage', () => {}])
    // With the first call a part of the package is loaded; those after it are posted at once.
    const first = () => /** @type {[any, string, unknown]} */ ([{}, 'nothing', 0])
    await callBoth(inner, first, world.site.origin)
    await received(outer)
    const { end, later } = await callBoth(inner, replaced, world.site.origin)
    assert.deepEqual([end, later], [NUMBER, '10010'])
    assert.deepEqual(await received(outer), ['10010'])
  })

  test('a base on Object.prototype does not lead the core elsewhere', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      /** @type {any} */
      const prototype = Object.prototype
      prototype.base = 'https://evil.invalid/'
      try {
        const engine = await sdk.ready({ roles: ['frame'] })
        return { engine, elsewhere: bench.fetched.filter((url) => url.includes('evil')) }
      } finally {
        delete prototype.base
      }
    })
    assert.deepEqual(found, { engine: 'streaming', elsewhere: [] })
  })

  test('what is on Object.prototype neither takes nor shares another tab’s agent', async () => {
    const page = await world.open()
    const ends = await page.run(async () => {
      const given = await bench.login()()
      await sdk.ready({ roles: ['host'] })
      // As another tab holds it; a shared lock would be granted beside this one.
      await new Promise((resolve) => {
        const name = 'calldock.tccc.1400000000.agent@example.com'
        navigator.locks.request(name, { mode: 'shared' }, () => {
          resolve(undefined)
          return new Promise(() => {})
        })
      })
      /** @type {any} */
      const prototype = Object.prototype
      const polluted = { signal: AbortSignal.abort(), steal: true, mode: 'shared', get() {} }
      /** @type {Record<string, string>} */
      const ends = {}
      for (const [name, value] of Object.entries(polluted)) {
        prototype[name] = value
        try {
          await sdk.openWorkbench({ login: async () => given })
          ends[name] = 'opened'
        } catch (error) {
          ends[name] = /** @type {any} */ (error).code ?? `${error}`
        } finally {
          delete prototype[name]
        }
      }
      return ends
    })
    for (const [name, end] of Object.entries(ends)) assert.equal(end, 'ALREADY_OPEN', name)
    assert.equal(Object.keys(ends).length, 4)
  })

  test('answers and events of a hostile vendor: each command settles, and the workbench goes on', async () => {
    const page = await world.open()
    const found = await page.run(async (number) => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      const workbench = await sdk.openWorkbench({ login })
      const raw = /** @type {any} */ (workbench.raw)
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      /** @type {any} */
      const cycle = { status: 'success' }
      cycle.data = cycle
      const trap = new Proxy(
        {},
        {
          get() {
            throw new Error('a trap')
          },
          ownKeys() {
            throw new Error('a trap')
          },
        },
      )
      const getter = {
        get status() {
          throw new Error('a getter')
        },
      }
      /** @type {Record<string, unknown>} */
      const answers = {
        proxy,
        cycle,
        trap,
        getter,
        nothing: undefined,
        zero: null,
        text: 'success',
        list: ['success'],
        symbol: Symbol('success'),
        big: 10n,
        thenable: {
          // biome-ignore lint/suspicious/noThenProperty: a vendor may
          then(/** @type {() => void} */ _, /** @type {(error: unknown) => void} */ reject) {
            reject(proxy)
          },
        },
        'status of another type': { status: { toString: () => 'success' } },
        'an answer with a prototype': Object.create({
          status: 'success',
          data: { sessionId: 's' },
        }),
        'a text of a megabyte': { status: 'error', errorMsg: 'x'.repeat(1_000_000) },
      }
      /** @type {Record<string, string>} */
      const ends = {}
      for (const [name, answer] of Object.entries(answers)) {
        raw.Call.startOutboundCall = () => answer
        try {
          await workbench.call.startOutbound({ phoneNumber: number }, { timeoutMs: 1500 })
          ends[name] = 'resolved'
        } catch (error) {
          ends[name] = sdk.isCalldockError(error) ? error.code : `not of Calldock: ${error}`
          if (sdk.isCalldockError(error) && error.message.length > 2000) ends[name] = 'too long'
        }
      }
      raw.Call.startOutboundCall = () => {
        throw proxy
      }
      ends.throws = await workbench.call.startOutbound({ phoneNumber: number }).then(
        () => 'resolved',
        (error) => (sdk.isCalldockError(error) ? error.code : 'not of Calldock'),
      )
      /** @type {unknown[]} */
      const received = []
      /** @type {unknown[]} */
      const looped = []
      // The driver carries texts, and none of the values that throw.
      const asText = (/** @type {unknown} */ id) => (typeof id === 'string' ? id : typeof id)
      workbench.on('incoming', ({ sessionId }) => received.push(asText(sessionId)))
      const loop = (async () => {
        for await (const { sessionId } of workbench.events('incoming'))
          looped.push(asText(sessionId))
      })()
      const thrower = () => {
        throw new Error('a getter')
      }
      const events = {
        ...answers,
        'a member that throws': Object.defineProperty({ type: 'phone' }, 'sessionId', {
          enumerable: true,
          get: thrower,
        }),
        'a member that is a proxy': { sessionId: proxy, type: trap },
        'a session of no text': { sessionId: { toString: thrower }, type: Symbol('phone') },
      }
      /** @type {string[]} */
      const thrown = []
      for (const [name, event] of Object.entries(events))
        for (const envelope of [event, { data: event }])
          for (const spelling of ['callIn', 'userAccessed', 'sessionEnded'])
            try {
              raw.emit(spelling, envelope)
            } catch (error) {
              thrown.push(`${spelling}, ${name}: ${error}`)
            }
      const call = {
        type: 'phone',
        timeout: 30,
        calleePhoneNumber: '10086',
        serverType: 'staffSeat',
      }
      raw.emit('callIn', { ...call, sessionId: 'good' })
      const session = workbench.sessions.list.find(({ sessionId }) => sessionId === 'good')
      const { agentId: agent } = workbench
      workbench.close()
      await loop
      return { ends, agent, thrown, received, looped, state: session?.state }
    }, NUMBER)
    for (const [name, end] of Object.entries(found.ends))
      assert.match(end, /^(resolved|VENDOR_REJECTED|OUTCOME_UNKNOWN|TIMEOUT)$/, name)
    assert.deepEqual(found.thrown, [])
    assert.deepEqual([found.received.at(-1), found.looped.at(-1)], ['good', 'good'])
    assert.equal(found.state, 'ringing')
    assert.equal(found.agent, 'agent@example.com')
    assert.deepEqual(await page.run(() => bench.errors), [])
  })
})
