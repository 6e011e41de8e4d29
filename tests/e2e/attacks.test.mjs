// What a hostile frame or a page in a frame may try. Nothing of it makes a call, ends a core or stays
// pending; and afterwards what is right works.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'
/** How many are sent at once: a function in the page may take a minute, and the page keeps what it receives. */
const BATCH = 10_000
const SEED = Number(process.env.CALLDOCK_SEED ?? 1)

inEachBrowser('attacks', (world) => {
  /** Generated messages a test; where `CALLDOCK_LONG` is set a million in all, or a tenth of it outside Chromium. */
  const long = world.name === 'chromium' ? 334_000 : 33_400
  const MESSAGES = process.env.CALLDOCK_LONG ? long : 3_400

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

  /** Sends the generated messages. @param {View} outer @param {View} inner */
  async function flood(outer, inner) {
    await inner.run((seed) => {
      window.kept = window.damagedMessages(seed)
    }, SEED)
    let received = 0
    for (let left = MESSAGES; left > 0; left -= BATCH) {
      await inner.run(
        async (count) => {
          for (let sent = 1; sent <= count; sent++) {
            window.parent.postMessage(window.kept(), '*')
            if (sent % 500 === 0) await new Promise((resolve) => setTimeout(resolve))
          }
          window.parent.postMessage('last', '*')
        },
        Math.min(left, BATCH),
      )
      await allHeard(outer)
      received += await outer.run(() => bench.messages.splice(0).length - 1)
    }
    assert.equal(received, MESSAGES)
  }
  /** @param {View} outer */
  const allHeard = (outer) =>
    outer.until('the last message', () => bench.messages.at(-1)?.data === 'last')

  test('generated messages of an allowed frame: none is a call', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    await flood(outer, inner)
    await assertUnharmed(outer, undefined)
    // What it asked too often for is refused, not lost in silence.
    const reasons = Object.keys(await outer.run(() => window.kept.refused))
    assert.ok(reasons.includes('form'), `${reasons}`)
  })

  test('generated messages over the private port: none is a call', async () => {
    const { outer, inner } = await hosted(world.site.otherOrigin)
    await inner.run(
      async (seed, parent) => {
        const next = window.damagedMessages(seed)
        const port = await new Promise((/** @type {(port: MessagePort) => void} */ resolve) => {
          addEventListener('message', ({ data, ports }) => {
            if (data?.calldock === 'port' && ports[0]) resolve(ports[0])
          })
          window.parent.postMessage({ calldock: 'open' }, parent)
        })
        // As the package does: a port without proofs is taken back after some seconds.
        addEventListener('message', ({ data }) => {
          if (data?.calldock === 'prove') port.postMessage({ type: 'proof', proof: data.proof })
        })
        window.kept = { next, port, sent: 0 }
      },
      SEED + 1,
      world.site.origin,
    )
    for (let left = MESSAGES; left > 0; left -= BATCH)
      await inner.run(
        async (count) => {
          const { next, port } = window.kept
          for (let left = count; left > 0; left--) {
            /** @type {any} */
            const message = next()
            // What would be a call if its number were read as that of a message.
            const payload = message?.source === 'ccc-sdk' ? message.payload : message
            const isCall =
              payload?.event === 'callOut' && typeof payload.message?.phoneNumber === 'string'
            window.kept.sent += 1
            port.postMessage(isCall ? message : { type: 'ask', id: window.kept.sent, payload })
            if (left % 500 !== 1) continue
            // The port is in order: its answer comes after all that was sent before.
            const answered = new Promise((resolve, reject) => {
              port.onmessage = (/** @type {MessageEvent} */ { data }) => {
                if (data?.type === 'pong') resolve(undefined)
                if (data?.type === 'bye') reject(new Error('the port has ended'))
              }
            })
            port.postMessage({ type: 'ping' })
            await answered
          }
        },
        Math.min(left, BATCH),
      )
    assert.equal(await inner.run(() => window.kept.sent), MESSAGES)
    await assertUnharmed(outer, undefined)
  })

  test('generated messages and good ones of a frame that is not allowed: none is served', async () => {
    const { outer, inner } = await hosted('https://allowed.example')
    const begun = performance.now()
    await flood(outer, inner)
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
    const minutes = Math.ceil((performance.now() - begun) / 60_000)
    assert.ok(refused.origin <= 20 * minutes, 'the page is told of so many a minute only')
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
})
