// A host page serves the callOuts of its own business frames, and of nobody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allReceived, View } from './harness/page.mjs'
import { eventually } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'

inEachBrowser('bridge', (world) => {
  /**
   * A page with a frame of another origin; it serves nobody yet.
   * @param {import('./harness/site.mjs').Page} [made]
   */
  async function framed(made) {
    world.site.pages.set('/framed', made?.headers ? { headers: made.headers } : {})
    const outer = await world.open({ frame: `${world.site.otherOrigin}/framed`, ...made })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    return { outer, inner, parent: world.site.origin }
  }

  /**
   * A host page that serves one origin, with a frame of another.
   * @param {{ allow?: string[], callsPerMinute?: number } & import('./harness/site.mjs').Page} [terms]
   */
  async function hosted({ allow = [world.site.otherOrigin], callsPerMinute, ...made } = {}) {
    const { outer, inner } = await framed(made)
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
    // A frame that hears of it while it asks for a port asks for a second one.
    await inner.until('the announcement', () =>
      bench.messages.some(({ data }) => /** @type {any} */ (data)?.calldock === 'serving'),
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

  test('calls made while the connection is being opened are dialled in their order', async () => {
    const { outer, inner, parent } = await hosted()
    // The double's own log is filled by requests, which overtake each other.
    await outer.run(() => {
      const { raw } = window.kept.workbench
      window.kept.requested = []
      raw.Call.startOutboundCall = async (/** @type {any} */ { phoneNumber }) => {
        window.kept.requested.push(phoneNumber)
        return { status: 'success', data: { sessionId: phoneNumber } }
      }
    })
    const wanted = Array.from({ length: 8 }, (_, index) => `1000${index}`)
    await inner.run(
      async (numbers, parent) => {
        const calls = numbers.map(async (phoneNumber, index) => {
          // Some at once, the others one after the other while the first ones are under way.
          for (let turn = 0; turn < index - 3; turn += 1)
            await new Promise((resolve) => setTimeout(resolve))
          return sdk.callOut(phoneNumber, { allowParents: [parent] })
        })
        await Promise.all(calls)
      },
      wanted,
      parent,
    )
    assert.deepEqual(await outer.run(() => window.kept.requested), wanted)
  })

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
    await allReceived(outer, inner)
    assert.equal(await outer.run(() => bench.messages.length), before)
  })

  for (const [name, body] of /** @type {const} */ ([
    ['makes nothing', 'return {}'],
    ['throws', 'throw new Error("replaced")'],
  ]))
    test(`a call made while the page has a Promise that ${name} is acknowledged all the same`, async () => {
      const { inner, parent } = await hosted()
      await callOut(inner, parent)
      await world.doubles.control('hangup')
      const found = await inner.run(
        async (number, parent, body) => {
          const { Promise: own } = window
          window.Promise = /** @type {any} */ (new Function(body))
          const calling = sdk.callOut(number, { allowParents: [parent], timeoutMs: 10_000 })
          window.Promise = own
          const { acknowledged, sessionId } = /** @type {any} */ (await calling)
          return [acknowledged, typeof sessionId]
        },
        ...[NUMBER, parent, body],
      )
      assert.deepEqual(found, [true, 'string'])
      assert.equal((await dialled()).length, 2)
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
    await eventually('a call', async () => (await dialled()).length > 0)
  })

  test('a card goes to the chat that is open, and what a host page cannot do is said', async () => {
    const { outer, inner, parent } = await hosted()
    const card = { header: 'h', desc: 'd', pic: 'https://a.example/p', url: 'https://a.example/' }
    const none = await inner.failure(
      (card, parent) => sdk.sendCard(card, { allowParents: [parent] }),
      card,
      parent,
    )
    assert.equal(none.code, 'INVALID_OPTION')
    await world.doubles.control('ring', { type: 'im' })
    await world.doubles.control('answer')
    await outer.until('the chat', () =>
      window.kept.workbench.sessions.list.some(
        (/** @type {any} */ { type, state }) => type === 'im' && state === 'connected',
      ),
    )
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
    assert.equal(await outer.run(() => window.kept.workbench.agentId), 'agent@example.com')
  })

  test('too many messages over the private port are refused as well', async () => {
    const { inner, parent } = await hosted({ callsPerMinute: 2 })
    await callOut(inner, parent)
    const codes = await inner.run(
      async (number, parent) => {
        const requested = Array.from({ length: 50 }, () =>
          sdk.callOut(number, { allowParents: [parent] }),
        )
        return Promise.all(
          requested.map((each) =>
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
    assert.equal(codes.filter((code) => code === 'TOO_MANY').length, 49)
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
      await bench.until(() => bench.listeners().message !== before)
      return { before, after: bench.listeners().message }
    })
    assert.equal((found.after ?? 0) + 1, found.before)
  })

  for (const [allow, says] of [
    [undefined, 'options.allow: expected a list of texts, found nothing'],
    [[], 'options.allow: expected a list of origins, found nothing'],
    ["'*'", 'options.allow: expected a list of texts, found a text'],
    [['*'], 'allow: expected each origin in full'],
    [['https://crm.example.com/'], 'allow: expected an origin without the slash'],
    [['https://*.crm.example.com'], 'allow: expected each origin in full'],
  ])
    test(`allow ${JSON.stringify(allow)} is refused at once`, async () => {
      const page = await world.open()
      const found = await page.run(async (allow) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const before = JSON.stringify(bench.listeners())
        try {
          sdk.serveCallOuts(workbench, /** @type {any} */ ({ allow: allow ?? undefined }))
          return { message: 'served' }
        } catch (error) {
          const { code, message } = /** @type {any} */ (error)
          return { code, message, clean: before === JSON.stringify(bench.listeners()) }
        }
      }, allow ?? null)
      assert.equal(found.code, 'INVALID_OPTION', found.message)
      assert.ok(found.message.startsWith(String(says)), found.message)
      assert.equal(found.clean, true)
    })

  // field.md B27
  test('a host page that starts to serve after the first call makes it once and acknowledges it', async () => {
    const { outer, inner, parent } = await framed()
    await outer.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    await inner.run(
      (number, parent) => {
        window.kept = {}
        sdk.callOut(number, { allowParents: [parent] }).then(
          ({ acknowledged }) => Object.assign(window.kept, { acknowledged }),
          ({ code }) => Object.assign(window.kept, { code }),
        )
      },
      NUMBER,
      parent,
    )
    await outer.until('the first call', () => bench.messages.length > 0)
    await outer.run((allow) => {
      sdk.serveCallOuts(window.kept, { allow: [allow] })
    }, world.site.otherOrigin)
    const result = await inner.until(
      'the result',
      () => 'acknowledged' in window.kept && window.kept,
    )
    assert.deepEqual(result, { acknowledged: true })
    assert.equal((await dialled()).length, 1)
  })

  test('a call that was reported as not acknowledged is never made, and the next one is acknowledged', async () => {
    const { outer, inner, parent } = await framed()
    const call = () =>
      inner.run(
        async (number, parent) => {
          await sdk.ready({ roles: ['frame'] })
          // What is loaded for a host page takes none of the call's time then.
          await bench.load('/node_modules/calldock/tccc/frame/host-page.js')
          const options = { allowParents: [parent], timeoutMs: 500 }
          return (await sdk.callOut(number, options)).acknowledged
        },
        NUMBER,
        parent,
      )
    assert.equal(await call(), false)
    await outer.run(async (allow) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      sdk.serveCallOuts(workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    // What the frame had sent comes before it.
    const later = await inner.run(
      async (parent) => (await sdk.callOut('10010', { allowParents: [parent] })).acknowledged,
      parent,
    )
    assert.equal(later, true)
    const numbers = (await dialled()).map(({ options }) => options.phoneNumber)
    assert.deepEqual(numbers, ['10010'])
  })

  // field.md B21
  test('a host page whose workbench opens late serves the calls that wait for it', async () => {
    const { outer, inner, parent } = await framed()
    await outer.run((allow) => {
      const late = bench.until(() => bench.logged(['message.served']))
      const workbench = late.then(() => sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }))
      sdk.serveCallOuts(workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    const result = await callOut(inner, parent)
    assert.equal(result.acknowledged, true)
    assert.equal((await dialled()).length, 1)
  })

  test('a workbench that cannot be opened is what the waiting call fails with', async () => {
    const { outer, inner, parent } = await framed()
    await outer.run((allow) => {
      const login = async () => {
        // Once the call has come, and waits for the workbench.
        await bench.until(() => bench.logged(['message.served']))
        throw new Error('signed out')
      }
      sdk.serveCallOuts(sdk.openWorkbench({ login, attempts: 1 }), { allow: [allow] })
    }, world.site.otherOrigin)
    const failure = await inner.failure(
      (number, parent) => sdk.callOut(number, { allowParents: [parent] }),
      NUMBER,
      parent,
    )
    assert.equal(failure.code, 'LOGIN_FAILED')
    assert.match(failure.message, /^the host page: /)
  })

  test('a call without a response in time may have been made, and the error says so', async () => {
    await world.doubles.control('faults', { sdk: { methodDelay: 60_000 } })
    const { inner, parent } = await hosted()
    const failure = await inner.failure(
      async (number, parent) => {
        await sdk.ready({ roles: ['frame'] })
        await sdk.callOut(number, { allowParents: [parent], timeoutMs: 2000 })
      },
      NUMBER,
      parent,
    )
    assert.equal(failure.code, 'OUTCOME_UNKNOWN')
    assert.match(failure.remedy, /may have been made: do not dial again/)
    assert.equal((await dialled()).length, 1)
  })

  /** Calls from a frame, and keeps the code that the call fails with. @param {View} inner @param {string} parent */
  const callAndKeepCode = (inner, parent) =>
    inner.run(
      (number, parent) => {
        window.kept = {}
        sdk.callOut(number, { allowParents: [parent] }).catch(({ code }) => {
          window.kept.code = code
        })
      },
      NUMBER,
      parent,
    )

  test('a call that is under way when the host page stops may have been made', async () => {
    const { outer, inner, parent } = await framed()
    await outer.run((allow) => {
      // A workbench that never ends what it has begun.
      /** @type {any} */
      const workbench = {
        call: {
          startOutbound: () => {
            window.kept.begun = true
            return new Promise(() => {})
          },
        },
        sessions: { list: [], subscribe: () => () => {} },
        events: () => ({ next: () => new Promise(() => {}) }),
      }
      window.kept = { stop: sdk.serveCallOuts(workbench, { allow: [allow] }) }
    }, world.site.otherOrigin)
    await callAndKeepCode(inner, parent)
    await outer.until('the call', () => window.kept.begun)
    await outer.run(() => window.kept.stop())
    assert.equal(await inner.until('the end', () => window.kept.code), 'OUTCOME_UNKNOWN')
  })

  test('a call that waits for the workbench when the host page stops is not made', async () => {
    const { outer, inner, parent } = await framed()
    await outer.run((allow) => {
      /** @type {any} */
      const never = new Promise(() => {})
      window.kept = { stop: sdk.serveCallOuts(never, { allow: [allow] }) }
    }, world.site.otherOrigin)
    await callAndKeepCode(inner, parent)
    // Not once it is posted: the driver may reach the host page before the message does.
    await outer.until('the call', () => bench.logged(['message.served']))
    await outer.run(() => window.kept.stop())
    assert.equal(await inner.until('the end', () => window.kept.code), 'PEER_GONE')
  })

  for (const [end, marked] of /** @type {const} */ ([
    ['stopped', true],
    ['stopped', false],
    ['left by the frame', true],
  ]))
    test(`a host page that is ${end} before its workbench opens makes no ${marked ? '' : 'unmarked '}call`, async () => {
      const { outer, inner, parent } = await framed()
      await outer.run((allow) => {
        const login = bench.login()
        const workbench = new Promise((resolve) => {
          window.kept = { open: () => resolve(sdk.openWorkbench({ login })) }
        })
        const serving = /** @type {Promise<import('calldock/tccc').Workbench>} */ (workbench)
        window.kept.opened = serving
        window.kept.stop = sdk.serveCallOuts(serving, { allow: [allow] })
      }, world.site.otherOrigin)
      await inner.run(
        (number, parent, marked) => {
          const payload = { event: 'callOut', message: { phoneNumber: number } }
          if (marked) sdk.callOut(number, { allowParents: [parent] }).catch(() => {})
          else window.parent.postMessage({ source: 'ccc-sdk', payload }, parent)
        },
        NUMBER,
        parent,
        marked,
      )
      await outer.until('the call', () => bench.logged(['message.served']))
      await outer.run(async (stopped) => {
        if (stopped) window.kept.stop()
        else document.querySelector('iframe')?.remove()
        window.kept.open()
        const workbench = await window.kept.opened
        // Whatever waited for the workbench has gone on before it.
        await workbench.call.startOutbound({ phoneNumber: '10010' })
      }, end === 'stopped')
      const numbers = (await dialled()).map(({ options }) => options.phoneNumber)
      assert.deepEqual(numbers, ['10010'])
    })

  test('the states of a call end when another agent is logged in', async () => {
    const { outer, inner, parent } = await hosted()
    await callOut(inner, parent)
    await inner.until('connected', () => window.kept.states.at(-1)?.state === 'connected')
    await outer.run(() => window.kept.workbench.switchAgent('/calldock/v1/tccc/login'))
    await inner.until('the end', () => window.kept.over)
    assert.equal(await inner.run(() => window.kept.states.at(-1).state), 'lost')
  })

  test('a page that serves frames hears of a lost workbench all the same', async () => {
    const page = await world.open()
    await page.run(async () => {
      const workbench = sdk.openWorkbench({ login: await bench.login()() })
      sdk.serveCallOuts(workbench, { allow: ['https://crm.example.com'] })
      sdk.drawAttention(await workbench)
    })
    await world.doubles.control('expire')
    await page.until('the report', () => bench.errors.length > 0)
    const errors = await page.run(() => bench.errors)
    assert.equal(errors.length, 1)
    assert.match(`${errors}`, /expected a login that can be requested again, found a literal one/)
    await page.until('the end', () => bench.listeners().visibilitychange === undefined)
  })

  // field.md B25
  test('a polluted prototype of the host page makes no call', async () => {
    const { outer, inner } = await hosted({ callsPerMinute: 2 })
    await inner.run(() => {
      addEventListener('message', ({ data }) => {
        if (data !== 'go') return
        const payload = { event: 'callOut', message: {} }
        for (const message of [{}, { source: 'ccc-sdk' }, { source: 'ccc-sdk', payload }, 'last'])
          window.parent.postMessage(message, '*')
      })
    })
    const reasons = await outer.run(async () => {
      /** @type {any} */
      const prototype = Object.prototype
      const payload = { event: 'callOut', message: { phoneNumber: '13800000001' } }
      const polluted = { source: 'ccc-sdk', payload, phoneNumber: '13800000001' }
      Object.assign(prototype, polluted)
      try {
        frames[0]?.postMessage('go', '*')
        await bench.until(() => bench.messages.some(({ data }) => data === 'last'))
      } finally {
        for (const name of Object.keys(polluted)) delete prototype[name]
      }
      return window.kept.refused.map((/** @type {any} */ { reason }) => reason)
    })
    assert.deepEqual(reasons, ['form', 'form'])
    assert.deepEqual(await dialled(), [])
  })

  /**
   * Two frames of different origins in a host page: the first has a port and hands it on to the second, which
   * asks for a call over it.
   * @param {'removed' | 'navigated'} fate what becomes of the first
   */
  async function handedOn(fate) {
    const { outer, inner, parent } = await hosted({ before: ['jump.js'] })
    await outer.run((address) => {
      // What comes and goes over the host page's ports.
      Object.assign(window.kept, { received: [], sent: [], requested: [] })
      window.MessageChannel = class extends MessageChannel {
        constructor() {
          super()
          const { port1 } = this
          const post = port1.postMessage.bind(port1)
          port1.addEventListener('message', ({ data }) => window.kept.received.push(data.type))
          port1.postMessage = (/** @type {any} */ data) => {
            window.kept.sent.push(data.type)
            post(data)
          }
        }
      }
      window.kept.workbench.raw.Call.startOutboundCall = async (/** @type {any} */ options) => {
        window.kept.requested.push(options.phoneNumber)
        return { status: 'success' }
      }
      const frame = document.createElement('iframe')
      frame.id = 'second'
      frame.src = address
      document.body.append(frame)
    }, `${world.site.origin}/framed`)
    const second = new View(world.driver, ['#second'])
    await second.until('the second frame', () => document.readyState === 'complete' && window.sdk)
    await second.run(() => {
      window.kept = {}
      addEventListener('message', ({ data, ports: [port] }) => {
        if (data === 'handed on' && port) window.kept.port = port
      })
    })
    // By hand, because the package never hands a port on.
    await inner.run((parent) => {
      addEventListener('message', ({ data, ports: [port] }) => {
        if (data?.calldock === 'port' && port)
          window.parent.frames[1]?.postMessage('handed on', '*', [port])
      })
      window.parent.postMessage({ calldock: 'open' }, parent)
    }, parent)
    await second.until('the port', () => window.kept.port)
    if (fate === 'removed') await outer.run(() => document.querySelector('#inner')?.remove())
    else {
      await outer.run((address) => {
        const frame = /** @type {HTMLIFrameElement} */ (document.querySelector('#inner'))
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
        frame.src = address
        return loaded
      }, `${world.site.otherOrigin}/other`)
    }
    await second.run((phoneNumber) => {
      const payload = { event: 'callOut', message: { phoneNumber } }
      window.kept.port.postMessage({ type: 'ask', id: 1, payload })
    }, NUMBER)
    await outer.until('the message', () => window.kept.received.includes('ask'))
    return outer
  }

  // field.md B26
  for (const fate of /** @type {const} */ (['removed', 'navigated']))
    test(`a port that was handed on is not served after its frame was ${fate}`, async () => {
      world.site.pages.set('/other', { entry: 'none' })
      const outer = await handedOn(fate)
      // The page that came into the frame is asked for a proof, and has none in time.
      if (fate === 'navigated') {
        await outer.run(() => window.jump(5000))
        await outer.until('the refusal', () => window.kept.refused.length)
      }
      const { requested, sent, refused } = await outer.run(() => window.kept)
      assert.deepEqual(requested, [])
      assert.deepEqual(sent, fate === 'navigated' ? ['bye'] : [])
      const reasons = refused.map((/** @type {any} */ { reason }) => reason)
      assert.deepEqual(reasons, fate === 'navigated' ? ['source'] : [])
    })

  test('a number of a message is served once', async () => {
    const { outer, inner, parent } = await hosted()
    await inner.run(
      (phoneNumber, parent) => {
        window.kept = { answers: [] }
        addEventListener('message', ({ data, ports: [port] }) => {
          if (data?.calldock !== 'port' || !port) return
          port.onmessage = ({ data }) => window.kept.answers.push(data)
          const payload = { event: 'callOut', message: { phoneNumber } }
          for (const id of [1, 1, 0, '2', null, Number.NaN, 1])
            port.postMessage({ type: 'ask', id, payload })
        })
        window.parent.postMessage({ calldock: 'open' }, parent)
      },
      NUMBER,
      parent,
    )
    await inner.until('the answer', () =>
      window.kept.answers.some((/** @type {any} */ { type }) => type === 'done'),
    )
    assert.equal((await dialled()).length, 1)
    const refused = await outer.run(() => window.kept.refused)
    assert.ok(refused.every((/** @type {any} */ { reason }) => reason === 'replay'))
    assert.equal(refused.length, 6)
  })

  test('a frame that asks for ever new ports ends no call of another frame', async () => {
    const { outer, inner, parent } = await hosted({
      allow: [world.site.otherOrigin, world.site.origin],
    })
    await callOut(inner, parent)
    await outer.run((address) => {
      const frame = document.createElement('iframe')
      frame.id = 'second'
      frame.src = address
      document.body.append(frame)
    }, `${world.site.origin}/framed`)
    const second = new View(world.driver, ['#second'])
    await second.until('the second frame', () => document.readyState === 'complete' && window.sdk)
    await outer.run(() => {
      addEventListener('message', ({ data, source }) => {
        if (data === 'last') /** @type {Window} */ (source).postMessage('last', '*')
      })
    })
    const ports = await second.run(async (parent) => {
      let ports = 0
      const last = new Promise((resolve) =>
        addEventListener('message', ({ data }) => {
          if (data?.calldock === 'port') ports += 1
          if (data === 'last') resolve(undefined)
        }),
      )
      for (let times = 0; times < 10_000; times++)
        window.parent.postMessage({ calldock: 'open' }, parent)
      // Its response comes after all the others.
      window.parent.postMessage('last', parent)
      await last
      return ports
    }, parent)
    assert.ok(ports > 0 && ports <= 60, `${ports} ports`)
    await world.doubles.control('hangup', { closeBy: 'client' })
    const last = await inner.until('the end', () => {
      const last = window.kept.states.at(-1)
      return (last?.state === 'ended' || last?.state === 'lost') && last
    })
    assert.equal(last.state, 'ended')
  })

  test('many first calls at once go over one port', async () => {
    const { inner, parent } = await hosted()
    const results = await inner.run(async (parent) => {
      let ports = 0
      addEventListener('message', ({ data }) => {
        if (data?.calldock === 'port') ports += 1
      })
      const card = { header: 'h', desc: 'd', pic: 'https://a.example/p', url: 'https://a.example/' }
      const calls = Array.from({ length: 5 }, () =>
        sdk.sendCard(card, { allowParents: [parent] }).catch(({ code }) => code),
      )
      return { codes: await Promise.all(calls), ports }
    }, parent)
    assert.deepEqual(results, { codes: Array(5).fill('INVALID_OPTION'), ports: 1 })
  })

  /** An application in a realm of its own: a frame of the page, with the package. @param {View} view */
  const application = (view) =>
    view.run(async () => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.src = '/framed'
      await bench.until(() => /** @type {any} */ (frame.contentWindow).sdk)
      window.kept = { ...window.kept, application: frame.contentWindow }
    })

  test('two applications of a page, each in its own realm, call over connections of their own', async () => {
    const { outer, inner, parent } = await hosted()
    await outer.run(() => {
      window.kept.requested = []
      window.kept.workbench.raw.Call.startOutboundCall = async (/** @type {any} */ options) => {
        window.kept.requested.push(options.phoneNumber)
        return { status: 'success', data: { sessionId: options.phoneNumber } }
      }
    })
    await application(inner)
    const results = await inner.run(async (parent) => {
      const call = async (/** @type {typeof sdk} */ application, /** @type {string} */ number) => {
        const terms = { window: /** @type {Window} */ (window), allowParents: [parent] }
        const result = await application.callOut(number, terms)
        return result.acknowledged && result.sessionId
      }
      const other = window.kept.application.sdk
      const first = await Promise.all([call(other, '10010'), call(sdk, '10086')])
      const later = [await call(sdk, '10000'), await call(other, '10011')]
      return [...first, ...later]
    }, parent)
    assert.deepEqual(results, ['10010', '10086', '10000', '10011'])
    assert.deepEqual((await outer.run(() => window.kept.requested)).sort(), [...results].sort())
    assert.deepEqual(await outer.run(() => window.kept.refused), [])
  })

  test('an application in a realm of its own calls, where the page has none', async () => {
    const { inner, parent } = await hosted()
    await application(inner)
    const result = await inner.run(async (parent) => {
      const { sdk } = window.kept.application
      const { acknowledged, targetOrigin } = await sdk.callOut('10086', {
        window,
        allowParents: [parent],
      })
      return { acknowledged, targetOrigin }
    }, parent)
    assert.deepEqual(result, { acknowledged: true, targetOrigin: parent })
    assert.equal((await dialled()).length, 1)
  })

  test('a frame of another origin inside an allowed frame gets no port, and takes none away', async () => {
    const { outer, inner, parent } = await hosted({
      allow: [world.site.otherOrigin, world.site.origin],
    })
    await callOut(inner, parent)
    await world.doubles.control('hangup')
    await inner.until('the end', () => window.kept.over)
    await inner.run((address) => {
      const nested = document.body.appendChild(document.createElement('iframe'))
      nested.id = 'nested'
      nested.src = address
    }, `${world.site.origin}/framed`)
    const nested = new View(world.driver, ['#inner', '#nested'])
    await nested.until('the nested page', () => document.readyState === 'complete' && window.sdk)
    await nested.run(() => {
      for (let times = 0; times < 30; times++) window.top?.postMessage({ calldock: 'open' }, '*')
      window.top?.postMessage('last', '*')
    })
    await outer.until('the last', () => bench.messages.at(-1)?.data === 'last')
    // Over the port that it has had all the time.
    const again = await inner.run(
      async (number, parent) =>
        (await sdk.callOut(number, { allowParents: [parent] })).acknowledged,
      NUMBER,
      parent,
    )
    assert.equal(again, true)
    const ports = () =>
      bench.messages.filter(({ data }) => /** @type {any} */ (data)?.calldock === 'port').length
    assert.equal(await nested.run(ports), 0)
    assert.equal(await inner.run(ports), 1)
  })

  /** A message as the vendor's guide posts it is served once. @param {View} outer @param {View} inner */
  async function assertServedOnce(outer, inner) {
    await inner.run((phoneNumber) => {
      const payload = { event: 'callOut', message: { phoneNumber } }
      window.parent.postMessage({ source: 'ccc-sdk', payload }, '*')
      window.parent.postMessage('last', '*')
    }, NUMBER)
    await outer.until('the last', () => bench.messages.at(-1)?.data === 'last')
    await outer.until('the call', () => window.kept.workbench.sessions.list.length > 0)
    assert.equal((await dialled()).length, 1)
  }

  test('two serveCallOuts of a page serve a message without a port once', async () => {
    const { outer, inner } = await hosted()
    await outer.run(
      (allow) => sdk.serveCallOuts(window.kept.workbench, { allow: [allow] }) && undefined,
      world.site.otherOrigin,
    )
    await assertServedOnce(outer, inner)
  })

  test('two serveCallOuts of different realms serve a message without a port once', async () => {
    const { outer, inner } = await hosted()
    await application(outer)
    await outer.run((allow) => {
      const { application, workbench } = window.kept
      application.sdk.serveCallOuts(workbench, { allow: [allow], window })
    }, world.site.otherOrigin)
    await assertServedOnce(outer, inner)
  })

  /** Lets the vendor accept every call, with the number as its session. @param {View} outer */
  const acceptAll = (outer) =>
    outer.run(() => {
      window.kept.workbench.raw.Call.startOutboundCall = async (/** @type {any} */ options) => ({
        status: 'success',
        data: { sessionId: options.phoneNumber },
      })
    })

  test('a port too many is taken by no application', async () => {
    const { outer, inner, parent } = await hosted()
    await acceptAll(outer)
    await application(inner)
    /** @param {string[]} numbers */
    const callBoth = (...numbers) =>
      inner.run(
        async (parent, numbers) => {
          const called = []
          for (const [index, { sdk }] of [window, window.kept.application].entries()) {
            const terms = { window, allowParents: [parent], timeoutMs: 5000 }
            const result = await sdk.callOut(numbers[index], terms)
            window.kept.results = [...(window.kept.results ?? []), result]
            called.push(result.acknowledged && result.sessionId)
          }
          return called
        },
        parent,
        numbers,
      )
    assert.deepEqual(await callBoth('10086', '10010'), ['10086', '10010'])
    // Both have no port then; with two that serve, each request is responded to by two.
    await outer.run((allow) => {
      window.kept.stop()
      for (let times = 0; times < 2; times++)
        sdk.serveCallOuts(window.kept.workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    await inner.run(async () => {
      // Nobody answers these calls, so their states end with the port.
      for (const { states } of window.kept.results.splice(0)) for await (const _ of states());
    })
    assert.deepEqual(await callBoth('10000', '10011'), ['10000', '10011'])
    assert.deepEqual(await callBoth('10001', '10012'), ['10001', '10012'])
  })

  test('applications that are gone take no port of the page’s away', async () => {
    const { outer, inner, parent } = await hosted({ callsPerMinute: 100 })
    await acceptAll(outer)
    const ports = () =>
      bench.messages.filter(({ data }) => /** @type {any} */ (data)?.calldock === 'port').length
    const call = (/** @type {string} */ parent) =>
      sdk.callOut('10086', { allowParents: [parent] }).then(({ acknowledged }) => acknowledged)
    assert.equal(await inner.run(call, parent), true)
    for (let mounted = 0; mounted < 20; mounted++) {
      await application(inner)
      const acknowledged = await inner.run(async (parent) => {
        const { application } = window.kept
        const result = await application.sdk.callOut('10010', { window, allowParents: [parent] })
        application.frameElement.remove()
        return result.acknowledged
      }, parent)
      assert.equal(acknowledged, true)
    }
    assert.equal(await inner.run(ports), 21)
    assert.equal(await inner.run(call, parent), true)
    assert.equal(await inner.run(ports), 21, 'the page had to ask for another port')
  })

  test('the states of a call end, also where they are asked for over a later connection', async () => {
    const { outer, inner, parent } = await hosted()
    await acceptAll(outer)
    await inner.run(async (parent) => {
      const first = await sdk.callOut('10086', { allowParents: [parent] })
      window.kept = { first }
      const follow = async () => {
        for await (const { state } of /** @type {any} */ (first).states()) window.kept.state = state
      }
      follow()
    }, parent)
    await outer.run((allow) => {
      window.kept.stop()
      sdk.serveCallOuts(window.kept.workbench, { allow: [allow] })
    }, world.site.otherOrigin)
    await inner.until('the end of the connection', () => window.kept.state === 'lost')
    const states = await inner.run(async (parent) => {
      const { acknowledged } = await sdk.callOut('10010', { allowParents: [parent] })
      const states = []
      for await (const { state } of window.kept.first.states()) states.push(state)
      return { acknowledged, last: states.at(-1) }
    }, parent)
    assert.deepEqual(states, { acknowledged: true, last: 'lost' })
  })

  test('a call is made and its states end, also where its session has members that cannot be posted', async () => {
    const { outer, inner } = await world.openFramed(world.site.origin)
    await outer.run(async (serve) => {
      const { serveCallOuts } = await import(serve)
      const report = () => {}
      const odd = { sessionId: () => {} }
      const sessions = {
        /** @type {unknown[]} */
        list: [{ sessionId: 's-1', state: 'ringing' }],
        subscribe(/** @type {() => void} */ listener) {
          window.kept.report = listener
          return () => {}
        },
      }
      const call = { startOutbound: async () => window.kept.started }
      window.kept = { report, sessions, started: odd }
      const events = () => ({ next: () => new Promise(() => {}), return: async () => {} })
      serveCallOuts({ call, sessions, events }, { allow: [location.origin] })
    }, '/node_modules/calldock/bridge.js')
    const callOut = () =>
      inner.run(async () => {
        const result = await sdk.callOut('10086', { targetOrigin: location.origin })
        /** @type {unknown[]} */
        const states = []
        window.kept = states
        ;(async () => {
          if (result.acknowledged) for await (const state of result.states()) states.push(state)
        })()
        return result.acknowledged
      })
    assert.equal(await callOut(), true)
    await outer.run(() => {
      window.kept.started = { sessionId: 's-1' }
    })
    assert.equal(await callOut(), true)
    await inner.until('the ringing call', () => window.kept.length === 1)
    await outer.run(() => {
      const { sessions, report } = window.kept
      const odd = { closeBy: Symbol('client'), duration: () => {} }
      sessions.list = [{ sessionId: 's-1', state: 'ended', ...odd }]
      report()
    })
    await inner.until('the end', () => window.kept.length === 2)
    assert.deepEqual(await inner.run(() => window.kept), [{ state: 'ringing' }, { state: 'ended' }])
  })

  test('the states of a call that is long forgotten end', async () => {
    const { outer, inner, parent } = await hosted({ callsPerMinute: 1000 })
    await outer.run(() => {
      let calls = 0
      window.kept.workbench.raw.Call.startOutboundCall = async () => {
        calls += 1
        return { status: 'success', data: { sessionId: `s-${calls}` } }
      }
    })
    const states = await inner.run(async (parent) => {
      const options = { allowParents: [parent] }
      const first = await sdk.callOut('10086', options)
      for (let others = 0; others < 50; others++) await sdk.callOut('10086', options)
      const states = []
      if (first.acknowledged) for await (const { state } of first.states()) states.push(state)
      return states
    }, parent)
    assert.deepEqual(states, ['lost'])
  })

  test('the states of a call whose session the vendor has not named end at once', async () => {
    const { outer, inner, parent } = await hosted()
    await outer.run(() => {
      window.kept.workbench.raw.Call.startOutboundCall = async () => ({ status: 'success' })
    })
    const result = await callOut(inner, parent)
    assert.equal(result.acknowledged, true)
    await inner.until('the end of the loop', () => window.kept.over)
  })
})
