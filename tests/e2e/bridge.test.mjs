// A host page serves the callOuts of its own business frames, and of nobody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'

inEachBrowser('bridge', (world) => {
  /**
   * A host page that serves one origin, with a frame of another.
   * @param {{ allow?: string[], callsPerMinute?: number, frame?: string }} [terms]
   */
  async function hosted({ allow = [world.site.otherOrigin], callsPerMinute, frame } = {}) {
    world.site.pages.set('/framed', {})
    const outer = await world.open({ frame: frame ?? `${world.site.otherOrigin}/framed` })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    await outer.run(
      async (allow, callsPerMinute) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        /** @type {any[]} */
        const refused = []
        const stop = sdk.serveCallOuts(workbench, {
          allow,
          ...(callsPerMinute && { callsPerMinute }),
          onRefused: (what) => refused.push(what),
        })
        window.kept = { workbench, refused, stop }
      },
      allow,
      callsPerMinute ?? null,
    )
    return { outer, inner, parent: world.site.origin }
  }

  /** Asks for a call, and keeps its states in `kept`. @param {View} inner @param {string} parent */
  const callOut = (inner, parent) =>
    inner.run(
      async (number, parent) => {
        const result = await sdk.callOut(
          { phoneNumber: number, desc: '刘先生' },
          { allowParents: [parent] },
        )
        /** @type {any[]} */
        const states = []
        window.kept = { states, over: false }
        if (result.acknowledged)
          (async () => {
            for await (const state of result.states()) states.push(state)
            window.kept.over = true
          })()
        return { ...result, states: undefined }
      },
      NUMBER,
      parent,
    )

  /** What the vendor was asked. */
  const dialled = async () =>
    (await world.doubles.log('command')).filter(({ method }) => method === 'Call.startOutboundCall')

  test('a business page made for the vendor’s workbench calls, and hears what becomes of it', async () => {
    const { inner, parent } = await hosted()
    const result = await callOut(inner, parent)
    assert.equal(result.acknowledged, true)
    assert.equal(result.targetOrigin, parent)
    const [command] = await dialled()
    assert.deepEqual(command?.options, { phoneNumber: NUMBER, phoneDesc: '刘先生' })
    await inner.until('connected', () => window.kept.states.at(-1)?.state === 'connected')
    await world.doubles.control('hangup', { closeBy: 'client' })
    const states = await inner.until(
      'the end',
      () => window.kept.states.at(-1)?.state === 'ended' && window.kept.states,
    )
    assert.deepEqual(
      states.map((/** @type {any} */ { state }) => state),
      ['ringing', 'connected', 'ended'],
    )
    assert.equal(states[2].closeBy, 'client')
  })

  test('later calls go over the private port, and nothing more is posted to the window', async () => {
    const { outer, inner, parent } = await hosted()
    await callOut(inner, parent)
    await world.doubles.control('hangup')
    const before = await outer.run(() => bench.messages.length)
    await callOut(inner, parent)
    assert.equal((await dialled()).length, 2)
    assert.equal(await outer.run(() => bench.messages.length), before)
  })

  test('what the vendor refuses is what callOut fails with', async () => {
    const { inner, parent } = await hosted()
    await callOut(inner, parent)
    const failure = await inner.failure(
      (number, parent) => sdk.callOut(number, { allowParents: [parent] }),
      NUMBER,
      parent,
    )
    assert.equal(failure.code, 'VENDOR_REJECTED')
    assert.match(failure.message, /^the host page: .*another call is in progress/)
  })

  test('a plain ccc-sdk message, as the guide posts it, is served too', async () => {
    const { inner } = await hosted()
    await inner.run((phoneNumber) => {
      const payload = { event: 'callOut', message: { phoneNumber } }
      window.parent.postMessage({ source: 'ccc-sdk', payload }, '*')
    }, NUMBER)
    for (let left = 80; (await dialled()).length === 0; left--) {
      assert.ok(left > 0, 'nobody was called')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  })

  test('a card goes to the chat that is open, and what a host page cannot do is said', async () => {
    const { inner, parent } = await hosted()
    const card = { header: 'h', desc: 'd', pic: 'https://a.example/p', url: 'https://a.example/' }
    const none = await inner.failure(
      (card, parent) => sdk.sendCard(card, { allowParents: [parent] }),
      card,
      parent,
    )
    assert.equal(none.code, 'INVALID_OPTION')
    await world.doubles.control('ring', { type: 'im' })
    await world.doubles.control('answer')
    await inner.run(() => new Promise((resolve) => setTimeout(resolve, 200)))
    const sent = await inner.run(
      (card, parent) => sdk.sendCard(card, { allowParents: [parent] }),
      card,
      parent,
    )
    assert.equal(sent.acknowledged, true)
    const [command] = (await world.doubles.log('command')).slice(-1)
    assert.equal(command?.method, 'Chat.sendCardMessage')
    assert.deepEqual(command?.options.payload, card)
    const text = await inner.failure(
      (parent) => sdk.sendTextMessage('hello', { allowParents: [parent] }),
      parent,
    )
    assert.equal(text.code, 'INVALID_OPTION')
    assert.match(text.message, /found a host page, which has no such method/)
  })

  test('a host page that stops says so, and the call is lost to the frame', async () => {
    const { outer, inner, parent } = await hosted()
    await callOut(inner, parent)
    await outer.run(() => window.kept.stop())
    const last = await inner.until('the end', () => window.kept.over && window.kept.states.at(-1))
    assert.equal(last.state, 'lost')
    const later = await inner.run(
      async (number, parent) =>
        (await sdk.callOut(number, { allowParents: [parent] })).acknowledged,
      NUMBER,
      parent,
    )
    assert.equal(later, false)
  })

  /** @type {{ name: string, reason: string, attack: (parent: string) => unknown, from?: 'outer', allow?: 'none' }[]} */
  const attacks = [
    {
      name: 'a frame of an origin that is not allowed',
      reason: 'origin',
      allow: 'none',
      attack: () => {
        const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
        window.parent.postMessage({ source: 'ccc-sdk', payload, calldock: 1 }, '*')
      },
    },
    {
      name: 'an origin written into the message',
      reason: 'origin',
      allow: 'none',
      attack: (parent) => {
        const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
        window.parent.postMessage({ source: 'ccc-sdk', origin: parent, payload }, '*')
      },
    },
    {
      name: 'a frame inside the frame',
      reason: 'source',
      attack: () =>
        new Promise((resolve) => {
          const nested = document.createElement('iframe')
          nested.src = '/framed'
          nested.onload = () => {
            const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
            // Its own window's function, so its own window is the source.
            const inside = /** @type {any} */ (nested.contentWindow)
            inside.eval(`top.postMessage(${JSON.stringify({ source: 'ccc-sdk', payload })}, '*')`)
            resolve(undefined)
          }
          document.body.append(nested)
        }),
    },
    {
      name: 'a body that is none',
      reason: 'form',
      attack: () => {
        for (const message of [null, 7, {}, { phoneNumber: 7 }, { phoneNumber: '1', x: 1 }])
          window.parent.postMessage(
            { source: 'ccc-sdk', payload: { event: 'callOut', message } },
            '*',
          )
        window.parent.postMessage({ source: 'ccc-sdk', payload: { event: 'format' } }, '*')
        window.parent.postMessage({ source: 'ccc-sdk' }, '*')
      },
    },
  ]

  for (const { name, reason, attack, allow } of attacks)
    test(`${name} calls nobody and is reported`, async () => {
      const { outer, inner, parent } = await hosted(
        allow === 'none' ? { allow: ['https://crm.example.com'] } : {},
      )
      await inner.run(attack, parent)
      const refused = await outer.until(
        'the refusal',
        () => window.kept.refused.length && window.kept.refused,
      )
      assert.equal(refused[0].reason, reason)
      assert.equal(refused[0].origin, world.site.otherOrigin)
      const entries = await outer.run(() =>
        bench.entries.filter(({ name }) => name === 'message.refused'),
      )
      assert.ok(entries.length > 0)
      assert.deepEqual(await dialled(), [])
    })

  test('the page itself is no frame of its own', async () => {
    const { outer } = await hosted({ allow: [world.site.origin] })
    await outer.run(() => {
      const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
      window.postMessage({ source: 'ccc-sdk', payload }, '*')
    })
    const refused = await outer.until('the refusal', () => window.kept.refused[0])
    assert.equal(refused.reason, 'source')
    assert.deepEqual(await dialled(), [])
  })

  test('10,000 messages of an allowed frame are served twice where two a minute are allowed', async () => {
    const { outer, inner } = await hosted({ callsPerMinute: 2 })
    await inner.run(() => {
      for (let i = 0; i < 10_000; i++) {
        const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
        window.parent.postMessage({ source: 'ccc-sdk', payload }, '*')
      }
      window.parent.postMessage('last', '*')
    })
    await outer.until('the last', () => bench.messages.at(-1)?.data === 'last')
    const refused = await outer.run(() => window.kept.refused)
    assert.ok(refused.length > 0 && refused.length <= 20, `${refused.length} told`)
    assert.ok(refused.every((/** @type {any} */ { reason }) => reason === 'rate'))
    assert.ok((await dialled()).length <= 2)
    assert.equal(await outer.run(() => window.kept.workbench.userId), 'agent@example.com')
  })

  test('a flood over the private port is held back as well', async () => {
    const { inner, parent } = await hosted({ callsPerMinute: 2 })
    await callOut(inner, parent)
    const codes = await inner.run(
      async (number, parent) => {
        const asked = Array.from({ length: 50 }, () =>
          sdk.callOut(number, { allowParents: [parent] }),
        )
        return Promise.all(
          asked.map((each) =>
            each.then(
              () => 'ok',
              (error) => error.code,
            ),
          ),
        )
      },
      NUMBER,
      parent,
    )
    assert.equal(codes.filter((code) => code === 'ORIGIN_REFUSED').length, 49)
    assert.ok((await dialled()).length <= 2)
  })

  test('of ever new ports that a frame offers only the last 64 are kept', async () => {
    const { inner } = await hosted({ callsPerMinute: 2 })
    await inner.run(() => {
      window.kept = { ports: [], byes: 0 }
      for (let i = 0; i < 100; i++) {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => {
          if (data.type === 'bye') window.kept.byes++
        }
        window.kept.ports.push(port1)
        const payload = { event: 'callOut', message: { phoneNumber: '13812345678' } }
        window.parent.postMessage({ source: 'ccc-sdk', calldock: 1, payload }, '*', [port2])
      }
    })
    assert.equal(await inner.until('the first are let go', () => window.kept.byes >= 36 && 36), 36)
    assert.ok((await dialled()).length <= 2)
  })

  test('a frame that navigates away in mid-handshake takes nothing along', async () => {
    const { outer, inner, parent } = await hosted()
    await inner.run(
      (number, parent, elsewhere) => {
        sdk.callOut(number, { allowParents: [parent] }).catch(() => {})
        location.href = elsewhere
      },
      NUMBER,
      parent,
      `${world.site.origin}/framed`,
    )
    await inner.until(
      'the other page',
      (origin) => location.origin === origin && window.sdk,
      parent,
    )
    // The page that came after hears nothing, and is not of an allowed origin.
    await inner.run(() => {
      const payload = { event: 'callOut', message: { phoneNumber: '13800000001' } }
      window.parent.postMessage({ source: 'ccc-sdk', payload, calldock: 1 }, '*')
    })
    await outer.until('the refusal', () =>
      window.kept.refused.some((/** @type {any} */ { reason }) => reason === 'origin'),
    )
    const numbers = (await dialled()).map(({ options }) => options.phoneNumber)
    assert.ok(!numbers.includes('13800000001'))
    assert.deepEqual(await inner.run(() => bench.messages), [])
  })

  test('serving ends with the workbench, and leaves no listener', async () => {
    const { outer } = await hosted()
    const found = await outer.run(async () => {
      const before = bench.listeners().message
      window.kept.workbench.close()
      await window.kept.workbench.closed
      return { before, after: bench.listeners().message }
    })
    assert.equal((found.after ?? 0) + 1, found.before)
  })

  for (const [allow, says] of [
    [undefined, 'options.allow: expected a list of origins, found none'],
    [[], 'options.allow: expected a list of origins, found none'],
    ["'*'", 'options.allow: expected a list of texts, found a text'],
  ])
    test(`nobody is served with allow ${JSON.stringify(allow)}`, async () => {
      const page = await world.open()
      const found = await page.run(async (allow) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        sdk.serveCallOuts(workbench, /** @type {any} */ ({ allow: allow ?? undefined }))
        await bench.until(() => bench.errors.length > 0)
        return bench.errors[0]
      }, allow ?? null)
      assert.ok(found?.includes(String(says)), found)
    })
})
