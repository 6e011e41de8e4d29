// What a hostile frame, hash, page or vendor may try. Nothing of it makes a call, ends a core or stays
// pending; and afterwards what is right works.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'
/** Generated messages a test; a million of them in all where `CALLDOCK_LONG` is set. */
const MESSAGES = process.env.CALLDOCK_LONG ? 330_000 : 3_400
const SEED = Number(process.env.CALLDOCK_SEED ?? 1)

inEachBrowser('attacks', (world) => {
  /** A host page that serves one origin, with a frame of one. @param {string} allow */
  async function hosted(allow, frameOrigin = world.site.otherOrigin) {
    world.site.pages.set('/framed', { before: ['generate.js'] })
    const outer = await world.open({ frame: `${frameOrigin}/framed` })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    await outer.run(async (allow) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      const raw = /** @type {any} */ (workbench.raw)
      /** @type {{ requested: unknown[], refused: Record<string, number> }} */
      const kept = { requested: [], refused: {} }
      raw.Call.startOutboundCall = async (/** @type {any} */ options) => {
        kept.requested.push(options)
        return { status: 'success', data: { sessionId: `s${kept.requested.length}` } }
      }
      sdk.serveCallOuts(workbench, {
        allow: [allow],
        onRefused: ({ reason }) => {
          kept.refused[reason] = (kept.refused[reason] ?? 0) + 1
        },
      })
      window.kept = kept
    }, allow)
    return { outer, inner }
  }

  /** Nothing was asked of the vendor, nothing broke, and a good call of an allowed frame is served. */
  async function assertUnharmed(/** @type {View} */ outer, /** @type {View | undefined} */ inner) {
    assert.deepEqual(await outer.run(() => window.kept.requested), [], 'accepted')
    assert.deepEqual(await outer.run(() => bench.errors), [])
    if (!inner) return
    const result = await inner.run(
      (number, parent) => sdk.callOut(number, { allowParents: [parent] }),
      NUMBER,
      world.site.origin,
    )
    assert.equal(result.acknowledged, true)
    assert.equal((await outer.run(() => window.kept.requested)).length, 1)
  }

  /** @param {View} inner */
  const flood = (inner) =>
    inner.run(
      async (count, seed) => {
        const next = window.damagedMessages(seed)
        for (let sent = 0; sent < count; sent++) {
          window.parent.postMessage(next(), '*')
          if (sent % 500 === 499) await new Promise((resolve) => setTimeout(resolve))
        }
        window.parent.postMessage('last', '*')
      },
      MESSAGES,
      SEED,
    )
  /** @param {View} outer */
  const allHeard = (outer) =>
    outer.until('the last message', () => bench.messages.at(-1)?.data === 'last')

  test('generated messages of an allowed frame: none is a call', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    await flood(inner)
    await allHeard(outer)
    await assertUnharmed(outer, undefined)
    // What it asked too often for is refused, not lost in silence.
    const reasons = Object.keys(await outer.run(() => window.kept.refused))
    assert.ok(reasons.includes('form'), `${reasons}`)
  })

  test('generated messages over the private port: none is a call', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    await inner.run(
      async (count, seed, parent) => {
        const next = window.damagedMessages(seed)
        const port = await new Promise((/** @type {(port: MessagePort) => void} */ resolve) => {
          addEventListener('message', ({ data, ports }) => {
            if (data?.calldock === 'port' && ports[0]) resolve(ports[0])
          })
          window.parent.postMessage({ calldock: 'open' }, parent)
        })
        port.start()
        for (let sent = 0; sent < count; sent++) {
          /** @type {any} */
          const message = next()
          // What would be a call if its number were read as that of a message.
          const payload = message?.source === 'ccc-sdk' ? message.payload : message
          const isCall =
            payload?.event === 'callOut' && typeof payload.message?.phoneNumber === 'string'
          port.postMessage(isCall ? message : { type: 'ask', id: sent + 1, payload })
          if (sent % 500 === 499) await new Promise((resolve) => setTimeout(resolve))
        }
        // The port is in order: its answer comes after all that was sent before.
        const answered = new Promise((resolve) => {
          port.onmessage = ({ data }) => data?.type === 'pong' && resolve(undefined)
        })
        port.postMessage({ type: 'ping' })
        await answered
      },
      MESSAGES,
      SEED + 1,
      world.site.origin,
    )
    await assertUnharmed(outer, undefined)
  })

  test('generated messages and good ones of a frame that is not allowed: none is served', async () => {
    const { outer, inner } = await hosted('https://allowed.example')
    await flood(inner)
    await inner.run((phoneNumber) => {
      const payload = { event: 'callOut', message: { phoneNumber } }
      for (let sent = 0; sent < 100; sent++) {
        window.parent.postMessage({ source: 'ccc-sdk', payload }, '*')
        window.parent.postMessage({ source: 'ccc-sdk', calldock: 1, payload }, '*')
        window.parent.postMessage({ calldock: 'open' }, '*')
      }
      window.parent.postMessage('last', '*')
    }, NUMBER)
    await allHeard(outer)
    await assertUnharmed(outer, undefined)
    assert.deepEqual(
      await inner.run(
        () =>
          bench.messages.filter((/** @type {any} */ { data }) => data?.calldock === 'port').length,
      ),
      0,
      'a port was given',
    )
    const refused = await outer.run(() => window.kept.refused)
    assert.deepEqual(Object.keys(refused), ['origin'])
    assert.ok(refused.origin <= 20, 'the page is told of so many a minute only')
  })

  test('a window that the page has opened, and a frame in the frame, are no frame of the page', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    await inner.run(
      (address, phoneNumber) =>
        new Promise((resolve) => {
          const frame = document.createElement('iframe')
          frame.src = address
          frame.onload = () => {
            const payload = { event: 'callOut', message: { phoneNumber } }
            const child = /** @type {any} */ (frame.contentWindow)
            child.eval(`top.postMessage(${JSON.stringify({ source: 'ccc-sdk', payload })}, '*')`)
            child.eval(`top.postMessage({ calldock: 'open' }, '*')`)
            child.eval(`top.postMessage('last', '*')`)
            resolve(undefined)
          }
          document.body.append(frame)
        }),
      `${world.site.otherOrigin}/framed`,
      NUMBER,
    )
    await allHeard(outer)
    await assertUnharmed(outer, inner)
    assert.deepEqual(Object.keys(await outer.run(() => window.kept.refused)), ['source'])
  })

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

  test('a page that has replaced what a message goes by: the call fails or is posted, and later ones work', async () => {
    const { inner } = await world.openFramed(world.site.otherOrigin)
    const found = await inner.run(
      async (number, parent) => {
        const options = { allowParents: [parent], timeoutMs: 1500 }
        const { JSON: json, Promise: promise } = window
        const { stringify } = json
        const { then } = promise.prototype
        const { push } = Array.prototype
        const { replace } = String.prototype
        /** @type {[string, () => void, () => void][]} */
        const replaced = [
          [
            'JSON.stringify',
            () => {
              json.stringify = () => '{"phoneNumber":"13800000001"}'
            },
            () => {
              json.stringify = stringify
            },
          ],
          [
            'Promise.prototype.then',
            () => {
              // biome-ignore lint/suspicious/noThenProperty: as a hostile page does
              promise.prototype.then = () => new promise(() => {})
            },
            () => {
              // biome-ignore lint/suspicious/noThenProperty: the browser's own
              promise.prototype.then = then
            },
          ],
          [
            'Array.prototype.push',
            () => {
              Array.prototype.push = () => {
                throw new Error('replaced')
              }
            },
            () => {
              Array.prototype.push = push
            },
          ],
          [
            'String.prototype.replace',
            () => {
              String.prototype.replace = () => '13800000001'
            },
            () => {
              String.prototype.replace = replace
            },
          ],
        ]
        /** @type {Record<string, string>} */
        const ends = {}
        await sdk.ready({ roles: ['frame'] })
        for (const [name, replace, restore] of replaced) {
          const calling = sdk.callOut(number, options)
          replace()
          try {
            const { phoneNumber } = await calling
            ends[name] = phoneNumber
          } catch (error) {
            ends[name] = /** @type {any} */ (error).code ?? 'not of Calldock'
          } finally {
            restore()
          }
        }
        ends.last = (await sdk.callOut(number, options)).phoneNumber
        return ends
      },
      NUMBER,
      world.site.otherOrigin,
    )
    for (const [name, end] of Object.entries(found))
      assert.ok(end === NUMBER || /^[A-Z_]+$/.test(end), `${name}: ${end}`)
    assert.equal(found.last, NUMBER)
  })

  test('a page that has replaced Promise.prototype.then for one call stops no later one', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    const later = await inner.run(
      async (number, parent) => {
        const options = { allowParents: [parent], timeoutMs: 1500 }
        await sdk.ready({ roles: ['frame'] })
        const { Promise: promise } = window
        const { then } = promise.prototype
        // biome-ignore lint/suspicious/noThenProperty: as a hostile page does
        promise.prototype.then = () => new promise(() => {})
        const first = sdk.callOut('10010', options)
        // At once: Firefox's driver waits by it too.
        // biome-ignore lint/suspicious/noThenProperty: the browser's own
        promise.prototype.then = then
        // Of the first call only its end matters.
        await first.catch(() => {})
        return (await sdk.callOut(number, { allowParents: [parent] })).acknowledged
      },
      NUMBER,
      world.site.origin,
    )
    assert.equal(later, true)
    const [last] = (await outer.run(() => window.kept.requested)).slice(-1)
    assert.equal(last.phoneNumber, NUMBER)
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

  test('what is on Object.prototype changes no call’s states and no aborted call’s error', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    const aborted = await inner.run(
      async (number, parent) => {
        const options = { allowParents: [parent] }
        const result = /** @type {any} */ (await sdk.callOut(number, options))
        const signal = AbortSignal.abort()
        /** @type {any} */
        const prototype = Object.prototype
        /** @type {unknown[]} */
        const followed = []
        for (const [name, value] of Object.entries({ signal, limit: 0 })) {
          prototype[name] = value
          followed.push(result.states())
          delete prototype[name]
        }
        window.kept = { result, followed }
        prototype.get = () => {}
        try {
          await sdk.callOut(number, { ...options, signal })
          return 'called'
        } catch (error) {
          return /** @type {any} */ (error).code ?? `${error}`
        } finally {
          delete prototype.get
        }
      },
      NUMBER,
      world.site.origin,
    )
    assert.equal(aborted, 'ABORTED')
    await outer.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      workbench.close()
    })
    const states = await inner.run(async () => {
      const { result, followed } = window.kept
      const all = []
      // The loops before have received the last state once this one has.
      for (const states of [result.states(), ...followed]) {
        const heard = []
        for await (const { state } of states) heard.push(state)
        all.push(heard.join())
      }
      return all
    })
    assert.deepEqual(states, ['lost', 'lost', 'lost'])
  })

  test('answers and events of a hostile vendor: each command settles, and the workbench goes on', async () => {
    const page = await world.open()
    const found = await page.run(async (number) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
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
      workbench.on('incoming', (event) => received.push(event))
      return { ends, agent: workbench.agentId }
    }, NUMBER)
    for (const [name, end] of Object.entries(found.ends))
      assert.match(end, /^(resolved|VENDOR_REJECTED|OUTCOME_UNKNOWN|TIMEOUT)$/, name)
    assert.equal(found.agent, 'agent@example.com')
    assert.deepEqual(await page.run(() => bench.errors), [])
  })
})
