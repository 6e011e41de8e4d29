// A screen-pop page in a frame of sandbox="allow-scripts" has no origin: it gets its calls, and what it posts
// comes from 'null'.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allReceived, View } from './harness/page.mjs'
import { inEachBrowser, NO_VENDOR_PAGE, VENDOR_HOST } from './harness/world.mjs'

const NUMBER = '13800000001'
const POP = `#?mobile=${NUMBER}&type=phone&status=100`

inEachBrowser('sandboxed frames', (world) => {
  /**
   * The screen-pop page in a sandboxed frame of a page.
   * @param {string} parent the origin of that page
   * @param {'module' | 'none'} entry whether that page has the package
   * @param {{ sandbox?: string, allow?: string }} [attributes]
   */
  async function sandboxed(parent, entry, { sandbox = 'allow-scripts', allow = '' } = {}) {
    // A page without an origin loads modules only from where every origin may.
    world.site.own = (request, response) => {
      if (/^\/(pages|node_modules)\//.test(request.url ?? ''))
        response.setHeader('access-control-allow-origin', '*')
      return false
    }
    world.site.pages.set('/framed', { before: ['jump.js'] })
    const src = `${world.site.origin}/framed${POP}`
    const body = `<iframe id="inner" sandbox="${sandbox}" allow="${allow}" src="${src}"></iframe>`
    const outer = await world.open({ entry, origin: parent, body })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    return { outer, inner }
  }

  /** What preflight says of the sandbox. @param {View} inner @param {'frame' | 'workbench'} use */
  const foretold = (inner, use) =>
    inner.run(async (use) => {
      const { ok, checks } = await sdk.preflight({ for: use })
      const sandbox = checks.find(({ name }) => name === 'sandbox')
      return { ok, status: sandbox?.status, code: sandbox?.code ?? null }
    }, use)

  /** The number of the call in the page's hash. @param {View} inner */
  const popped = (inner) =>
    inner.run(async () => {
      const calls = /** @type {any[]} */ ([])
      const stop = sdk.onScreenPop((call) => calls.push(call))
      await bench.until(() => calls.length)
      stop()
      return calls.map(({ mobile }) => mobile)
    })

  /** The messages of `ccc-sdk` that the page around the frame has received. @param {View} outer */
  const messages = (outer) =>
    outer.run(() =>
      bench.messages.filter(({ data }) => /** @type {any} */ (data)?.source === 'ccc-sdk'),
    )

  test(
    'in the vendor’s workbench: popped and posted, as preflight says',
    world.cannot(NO_VENDOR_PAGE),
    async () => {
      const { outer, inner } = await sandboxed(`https://${VENDOR_HOST}`, 'none')
      assert.deepEqual(await foretold(inner, 'frame'), { ok: true, status: 'warning', code: null })
      assert.deepEqual(await popped(inner), [NUMBER])
      const result = await inner.run((number) => sdk.callOut(number), NUMBER)
      const targetOrigin = `https://${VENDOR_HOST}`
      assert.deepEqual(result, { acknowledged: false, targetOrigin, phoneNumber: NUMBER })
      await allReceived(outer, inner)
      const [message, ...others] = await messages(outer)
      assert.deepEqual(others, [])
      assert.deepEqual([message?.origin, message?.fromChild], ['null', true])
    },
  )

  test('a host page of one’s own allows no origin that is none', async () => {
    const { outer, inner } = await sandboxed(world.site.otherOrigin, 'module')
    await outer.run(
      async (allow) => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const refused = /** @type {any[]} */ ([])
        sdk.serveCallOuts(workbench, { allow, onRefused: (what) => refused.push(what) })
        window.kept = { refused }
      },
      [world.site.origin],
    )
    assert.deepEqual(await popped(inner), [NUMBER])
    const result = await inner.run(
      async (number, parent) => {
        const calling = sdk.callOut(number, { allowParents: [parent] })
        // Nobody responds.
        await window.jumpAt(['message.posted'], 5000)
        return calling
      },
      NUMBER,
      world.site.otherOrigin,
    )
    assert.equal(result.acknowledged, false)
    const [refused] = await outer.until(
      'the refusal',
      () => window.kept.refused.length && window.kept.refused,
    )
    assert.deepEqual(refused, { reason: 'origin', origin: 'null' })
    assert.deepEqual(await world.doubles.log('command'), [])
  })

  test('nothing is posted to a page that is not allowed', async () => {
    const { outer, inner } = await sandboxed(world.site.otherOrigin, 'none')
    const failure = await inner.failure((number) => sdk.callOut(number), NUMBER)
    assert.equal(failure.code, 'ORIGIN_REFUSED')
    assert.ok(failure.message.includes(world.site.otherOrigin), failure.message)
    await allReceived(outer, inner)
    assert.deepEqual(await messages(outer), [])
  })

  test('a workbench in it has no login, as preflight says', async () => {
    const { inner } = await sandboxed(world.site.otherOrigin, 'none')
    const { code, ...rest } = await foretold(inner, 'workbench')
    assert.deepEqual(rest, { ok: false, status: 'failed' })
    const failure = await inner.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', attempts: 1 }),
    )
    assert.equal(failure.code, code, failure.message)
  })

  for (const [name, allow, code] of [
    ['works as without a sandbox', 'microphone', null],
    ['and without allow="microphone" has calls without a voice', '', 'PERMISSION_DENIED'],
  ])
    test(`with allow-same-origin a frame ${name}`, async () => {
      const sandbox = 'allow-scripts allow-same-origin'
      const { inner } = await sandboxed(world.site.otherOrigin, 'none', {
        sandbox,
        allow: `${allow}`,
      })
      const found = await inner.run(async () => {
        const { ok, checks } = await sdk.preflight({ for: 'workbench' })
        const failed = checks.filter(({ status }) => status === 'failed')
        const sandbox = checks.find(({ name }) => name === 'sandbox')?.status
        const { agentId } = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const name = /** @type {PermissionName} */ ('microphone')
        const { state } = await navigator.permissions.query({ name })
        return { ok, code: failed[0]?.code ?? null, sandbox, agentId, denied: state === 'denied' }
      })
      const agentId = 'agent@example.com'
      assert.deepEqual(found, { ok: !code, code, sandbox: 'ok', agentId, denied: !!code })
    })
})
