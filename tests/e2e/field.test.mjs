// Further inputs of the kinds in docs/vendor/field.md, beside those that other files have: one row, one variant.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const NUMBER = '13812345678'

inEachBrowser('from the field', (world) => {
  /** Runs a function on a page with a workbench, its raw global, and a script with options. */
  const opened = async (/** @type {Record<string, string>} */ options = {}) => {
    if (Object.keys(options).length > 0) await world.doubles.control('faults', { sdk: options })
    const page = await world.open()
    await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { workbench, raw: workbench.raw }
    })
    return page
  }

  test('F1, F15: an address alone, however the backend spells it', async () => {
    const page = await world.open()
    for (const name of ['sdkUrl', 'sdkURL', 'SdkURL']) {
      const agentId = await page.run(async (name) => {
        const { sdkUrl, token, sdkAppId, userId } = await bench.login()()
        const address = new URL(sdkUrl)
        for (const [key, value] of Object.entries({ token, sdkAppId, userid: userId }))
          address.searchParams.set(key, String(value))
        const login = async () => /** @type {any} */ ({ [name]: address.href, code: 0, msg: 'ok' })
        const workbench = await sdk.openWorkbench({ login })
        const { agentId } = workbench
        workbench.close()
        return agentId
      }, name)
      assert.equal(agentId, 'agent@example.com', name)
    }
  })

  test('F2: every way to say success without a session', async () => {
    const page = await opened()
    for (const response of [
      { status: 'success', data: null },
      { status: 'success', data: '' },
      { status: 'success', data: [] },
      { status: 'success', requestId: 'r' },
      null,
      'ok',
      true,
    ]) {
      const sessionId = await page.run(async (response) => {
        const { workbench, raw } = window.kept
        raw.Call.startInternalCall = async () => response
        const call = await workbench.call.startInternal({ agentId: 'colleague@example.com' })
        return call.sessionId ?? null
      }, response)
      assert.equal(sessionId, null, JSON.stringify(response))
    }
  })

  test('F9: a script without a float button is opened all the same', async () => {
    const page = await world.open()
    await world.doubles.control('faults', { sdk: { missing: 'UI.hidefloatButton' } })
    const agentId = await page.run(
      async () =>
        (
          await sdk.openWorkbench({
            login: '/calldock/v1/tccc/login',
            hideFloatButton: true,
            hideWorkbench: true,
          })
        ).agentId,
    )
    assert.equal(agentId, 'agent@example.com')
    assert.deepEqual(await page.run(() => bench.errors), [])
  })

  test('F10: what a page takes down by hand is opened again', async () => {
    const page = await opened()
    const agentId = await page.run(async () => {
      window.kept.workbench.close()
      Object.assign(window, { tccc: undefined })
      document.querySelector('#tcccSdkDomRoot')?.remove()
      for (const script of [...document.scripts]) if (script.src.includes('token')) script.remove()
      return (await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })).agentId
    })
    assert.equal(agentId, 'agent@example.com')
  })

  test('F11: a method that an older script lacks is named', async () => {
    const page = await opened({ missing: 'isEnvSupported' })
    const failure = await page.failure(() => window.kept.workbench.devices.isEnvSupported())
    assert.equal(failure.code, 'VENDOR_REJECTED')
    assert.ok(failure.message.includes('isEnvSupported'), failure.message)
  })

  test('F14: buttons of a frozen list, of an unknown shape, and a page that throws', async () => {
    const page = await opened()
    const kept = await page.run(async () => {
      const { workbench, raw } = window.kept
      /** @type {(config: unknown) => { active: any }} */
      let override = () => ({ active: [] })
      raw.overrideButtonConfig = (/** @type {typeof override} */ fn) => {
        override = fn
      }
      await workbench.ui.configureButtons((/** @type {any} */ { type }) => {
        if (type === 'odd') throw new Error('of the page')
        return type !== 'hold'
      })
      const active = Object.freeze([
        { type: 'hold' },
        { type: 'odd' },
        Object.freeze({ type: 'mute', x: 1 }),
      ])
      return override(Object.freeze({ active, other: 1 }))
    })
    assert.deepEqual(kept, { active: [{ type: 'odd' }, { type: 'mute', x: 1 }] })
  })

  for (const [name, link] of /** @type {const} */ ([
    [
      'B4: signs that cannot be seen, escaped',
      `<a id="t" href="tel:%E2%80%AD${NUMBER}%E2%80%AC">x</a>`,
    ],
    ['B5: a context and separators', '<a id="t" href="TEL:138-1234.5678;phone-context=+86">x</a>'],
    ['B10: an element within the link', `<a href="tel:${NUMBER}"><b><i id="t">x</i></b></a>`],
    [
      'B10: a link of SVG with the older attribute',
      `<svg><a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="tel:${NUMBER}"><text id="t" y="20">x</text></a></svg>`,
    ],
  ]))
    test(`${name}: dialled by the page's own workbench`, async () => {
      const page = await opened()
      const result = await page.run(async (link) => {
        const { workbench } = window.kept
        const place = document.createElement('div')
        place.innerHTML = link
        document.body.append(place)
        return new Promise((resolve, reject) => {
          sdk.dialTelLinks(document, {
            workbench,
            onResult: () => resolve('called'),
            onError: reject,
          })
          place
            .querySelector('#t')
            ?.dispatchEvent(
              new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }),
            )
        })
      }, link)
      assert.equal(result, 'called')
      const [command] = await world.doubles.log('command')
      assert.equal(command?.options.phoneNumber, NUMBER)
    })

  test('B17: lists that the page changes after the call change nothing', async () => {
    const { outer, inner } = await world.openFramed(world.site.otherOrigin, { before: ['jump.js'] })
    const { targetOrigin } = await inner.run(async (other) => {
      const allowParents = [other]
      const call = { phoneNumber: '13812345678', desc: 'a' }
      const promise = sdk.callOut(call, { allowParents })
      allowParents[0] = 'https://evil.example'
      Object.assign(call, { phoneNumber: '10086', desc: 'b' })
      // Nobody responds.
      await window.jumpAt(['message.posted'], 5000)
      return promise
    }, world.site.otherOrigin)
    assert.equal(targetOrigin, world.site.otherOrigin)
    await outer.until('the message', () => bench.messages.length > 0)
    const [{ data }] = /** @type {any} */ (await outer.run(() => bench.messages))
    assert.deepEqual(data.payload.message, { phoneNumber: NUMBER, desc: 'a' })
  })

  test('B18: a revoked proxy in each place is one INVALID_OPTION, and the core goes on', async () => {
    const page = await opened()
    for (const [name, work] of Object.entries({
      onScreenPop: () => sdk.onScreenPop(() => {}, window.kept.gone),
      currentCall: () => sdk.currentCall(window.kept.gone),
      report: () => sdk.screenPopCompatibility(window.kept.gone),
      allowParents: () => sdk.callOut('10086', { allowParents: window.kept.gone }),
      desc: () => sdk.callOut({ phoneNumber: '10086', desc: window.kept.gone }),
      card: () => sdk.sendCard(window.kept.gone),
      message: () => sdk.sendMessage('x', window.kept.gone, { unlisted: true }),
      chatLink: () =>
        sdk.chatLink({ webAppId: '9903496b6be2e67ad291dd2323f3ae9f' }, window.kept.gone),
      widget: () => sdk.loadChatWidget(window.kept.gone),
      dataset: () => sdk.openWorkbench({ login: '/x', dataset: window.kept.gone }),
      serve: () => sdk.serveCallOuts(window.kept.workbench, window.kept.gone),
      links: () => sdk.dialTelLinks(document, window.kept.gone),
      'the workbench to serve': () =>
        sdk.serveCallOuts(window.kept.gone, { allow: ['https://a.b'] }),
      'the workbench of links': () => sdk.dialTelLinks(document, { workbench: window.kept.gone }),
      'the workbench of attention': () => sdk.drawAttention(window.kept.gone),
      'a signal of callOut': () => sdk.callOut('10086', { signal: window.kept.gone }),
      'a signal of onScreenPop': () => sdk.onScreenPop(() => {}, { signal: window.kept.gone }),
      'a signal of currentCall': () => sdk.currentCall({ signal: window.kept.gone }),
      'a signal of ready': () => sdk.ready({ signal: window.kept.gone }),
      'a signal of openWorkbench': () =>
        sdk.openWorkbench({ login: '/x', signal: window.kept.gone }),
      'a signal of shareWorkbench': () =>
        sdk.shareWorkbench({ login: '/x', signal: window.kept.gone }).workbench,
      'a signal of switchAgent': () =>
        window.kept.workbench.switchAgent('/x', { signal: window.kept.gone }),
      'a signal of a method': () =>
        window.kept.workbench.call.startOutbound(
          { phoneNumber: '10086' },
          { signal: window.kept.gone },
        ),
      'a signal of on': () =>
        window.kept.workbench.on('incoming', () => {}, { signal: window.kept.gone }),
      'a signal of embedChat': () =>
        sdk.embedChat(document.body, { login: '/x', signal: window.kept.gone }),
    })) {
      await page.run(() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        window.kept.gone = proxy
      })
      const { code } = await page.failure(work)
      assert.equal(code, 'INVALID_OPTION', name)
    }
    await page.run(() => window.kept.workbench.call.startOutbound({ phoneNumber: '10086' }))
  })

  test('B25: nothing inherited is a word, a dataset or a description', async () => {
    const page = await world.open()
    const { script, command } = await page.run(async () => {
      const polluted = /** @type {any} */ ({
        ...{ dataset: { evil: 'x' }, unlisted: true, attach: true, renderDomId: 'evil' },
        ...{ phoneDesc: 'evil', uui: 'evil', hideWorkbench: true },
      })
      for (const [name, value] of Object.entries(polluted))
        Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
      try {
        const workbench = await sdk.openWorkbench({ login: bench.login() })
        const element = [...document.scripts].find(({ src }) => src.includes('token'))
        await workbench.call.startOutbound({ phoneNumber: '10086' })
        return { script: { ...element?.dataset }, command: true }
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    assert.ok(command)
    assert.ok(!('evil' in script) && !('renderDomId' in script), JSON.stringify(script))
    const [{ options }] = /** @type {any} */ (await world.doubles.log('command'))
    assert.deepEqual(options, { phoneNumber: '10086' })
  })

  test('B32: half a character in any text is replaced', async () => {
    const { outer, inner } = await world.openFramed(world.site.otherOrigin, { before: ['jump.js'] })
    await inner.run(async (other) => {
      const lone = '\ud83d'
      const options = { allowParents: [other], unlisted: true }
      const first = sdk.sendTextMessage(`a${lone}`, options)
      // Nobody responds.
      await window.jumpAt(['message.posted'], 5000)
      await first
      await sdk.sendCustomMessage(
        {
          title: lone,
          description: 'd',
          iconUrl: 'https://a.example/',
          extension: { [lone]: [lone] },
        },
        options,
      )
    }, world.site.otherOrigin)
    await outer.until('both', () => bench.messages.length === 2)
    const text = await outer.run(() => JSON.stringify(bench.messages.map(({ data }) => data)))
    assert.ok(text.includes('a\ufffd') && !/\\ud83d/i.test(text), text)
  })
})
