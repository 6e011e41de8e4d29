// A company's page frames the vendor's whole workbench, so a screen-pop page is two frames deep: its parent is
// the vendor, the top window is the company's (field.md F6).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allReceived, View } from './harness/page.mjs'
import { inEachBrowser, NO_VENDOR_PAGE, VENDOR_HOST } from './harness/world.mjs'

const NUMBER = '13800000001'
const POP = `#?mobile=${NUMBER}&type=phone&status=100`

inEachBrowser('two frames deep', (world) => {
  /**
   * A page of the site, in it a workbench of an origin, in that the screen-pop page of the site.
   * @param {string} workbench its origin
   * @param {{ hash?: string, top?: string }} [terms]
   */
  async function nested(workbench, { hash = POP, top = world.site.otherOrigin } = {}) {
    world.site.pages.set('/pop', { before: ['jump.js'] })
    world.site.pages.set('/workbench', {
      entry: 'none',
      frame: `${world.site.origin}/pop${hash}`,
    })
    const outer = await world.open({ entry: 'none', origin: top, frame: `${workbench}/workbench` })
    const middle = new View(world.driver, ['#inner'])
    const inner = new View(world.driver, ['#inner', '#inner'])
    await inner.until('the screen pop', () => document.readyState === 'complete' && window.sdk)
    return { outer, middle, inner }
  }

  /** The messages that a page has received, without those of drivers and tools. @param {View} view */
  const messages = (view) =>
    view.run(() =>
      bench.messages.filter(({ data }) => /** @type {any} */ (data)?.source === 'ccc-sdk'),
    )

  /** @param {string} origin @param {object} options */
  async function popAndDial(origin, options) {
    const { outer, middle, inner } = await nested(origin)
    const first = await inner.run(async () => {
      const calls = /** @type {any[]} */ ([])
      window.kept = { calls, stop: sdk.onScreenPop((call) => calls.push(call)) }
      await bench.until(() => calls.length === 1)
      return { mobile: calls[0].mobile, status: calls[0].status }
    })
    assert.deepEqual(first, { mobile: NUMBER, status: 'ringing' })
    // The workbench in the middle writes the next state, as the vendor's does.
    await middle.run(
      (page) => {
        const frame = /** @type {HTMLIFrameElement} */ (document.getElementById('inner'))
        frame.contentWindow?.location.replace(page)
      },
      `${world.site.origin}/pop${POP.replace('100', '200')}`,
    )
    const changed = await inner.until('the answer', () => window.kept.calls[1]?.changed)
    assert.deepEqual(changed, ['status'])
    const result = await inner.run(
      async (number, options) => {
        const calling = sdk.callOut({ phoneNumber: number, desc: '刘先生' }, options)
        // Nobody responds.
        await window.jumpAt(['message.posted'], 5000)
        return calling
      },
      NUMBER,
      options,
    )
    assert.deepEqual(result, { acknowledged: false, targetOrigin: origin, phoneNumber: NUMBER })
    await allReceived(middle, inner)
    const [message, ...others] = await messages(middle)
    assert.deepEqual(others, [])
    assert.equal(message?.fromChild, true)
    assert.deepEqual(/** @type {any} */ (message?.data)?.payload, {
      event: 'callOut',
      message: { phoneNumber: NUMBER, desc: '刘先生' },
    })
    await allReceived(outer, inner, 'top')
    assert.deepEqual(await messages(outer), [], 'the top window gets nothing')
  }

  test(
    'in the vendor’s workbench: popped, and dialled by the parent',
    world.cannot(NO_VENDOR_PAGE),
    () => popAndDial(`https://${VENDOR_HOST}`, {}),
  )

  test('in a workbench of the company’s that is allowed', () =>
    popAndDial(world.site.otherOrigin, { allowParents: [world.site.otherOrigin] }))

  test('the top window’s origin does not stand in for the parent’s', async () => {
    const { middle, outer, inner } = await nested(world.site.otherOrigin, {
      top: world.site.origin,
    })
    const failure = await inner.failure(
      (number, top) => sdk.callOut(number, { allowParents: [top] }),
      NUMBER,
      world.site.origin,
    )
    assert.equal(failure.code, 'ORIGIN_REFUSED')
    assert.ok(failure.message.includes(world.site.otherOrigin), failure.message)
    await allReceived(middle, inner)
    await allReceived(outer, inner, 'top')
    assert.deepEqual(await messages(middle), [])
    assert.deepEqual(await messages(outer), [])
  })

  test('a host page serves its own frames, not those inside them', async () => {
    world.site.pages.set('/pop', {})
    world.site.pages.set('/workbench', { entry: 'none', frame: `${world.site.origin}/pop${POP}` })
    const frame = `${world.site.otherOrigin}/workbench`
    const outer = await world.open({ frame })
    const inner = new View(world.driver, ['#inner', '#inner'])
    await inner.until('the screen pop', () => document.readyState === 'complete' && window.sdk)
    await outer.run(
      async (allow) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const refused = /** @type {any[]} */ ([])
        sdk.serveCallOuts(workbench, { allow, onRefused: (what) => refused.push(what) })
        window.kept = { refused }
      },
      [world.site.origin, world.site.otherOrigin],
    )
    await inner.run(
      (number) =>
        window.top?.postMessage(
          { source: 'ccc-sdk', payload: { event: 'callOut', message: { phoneNumber: number } } },
          '*',
        ),
      NUMBER,
    )
    const [refused] = await outer.until(
      'the refusal',
      () => window.kept.refused.length && window.kept.refused,
    )
    assert.equal(refused.reason, 'source')
    assert.deepEqual(await world.doubles.log('command'), [])
  })
})
