// The compatibility report: what the vendor's script has by our tables, and what was seen of it; and doubles
// that behave as a report says.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import * as places from './harness/places.mjs'
import { start } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('compatibility', (world) => {
  /** Opens a workbench on a script whose global `change` alters, makes a call, and reports. */
  const report = async (/** @type {Record<string, string>} */ options, alter = false) => {
    await world.doubles.control('faults', { sdk: options })
    const page = await world.open()
    return page.run(async (alter) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      const raw = /** @type {any} */ (workbench.raw)
      if (alter) {
        raw.Call.newOne = () => {}
        raw.Brand = { act: () => {} }
        raw.Call.kick = 'gone'
        delete raw.Call.end
      }
      const first = await workbench.compatibility()
      await workbench.call.startOutbound({ phoneNumber: '13812345678', phoneDesc: '刘先生' })
      await bench.until(() => workbench.sessions.list.length === 1)
      const second = await workbench.compatibility()
      workbench.close()
      const closed = await workbench.compatibility().catch((error) => error.code)
      return { first, second, closed, text: JSON.stringify(second) }
    }, alter)
  }

  test('a script as documented lacks nothing; what is seen is named, never its values', async () => {
    const { first, second, closed, text } = await report({ envelope: 'nested' })
    assert.equal(first.source, 'calldock/compatibility')
    assert.deepEqual(first.methods, { missing: [], unknown: first.methods.unknown, otherKind: {} })
    assert.deepEqual(first.events.missing, [])
    assert.deepEqual(first.responses, {})
    assert.deepEqual(second.events.seen.callOuted?.shapes, ['nested'])
    assert.deepEqual(second.events.seen.callOuted?.members.sessionId, ['string'])
    assert.deepEqual(second.responses['Call.startOutboundCall']?.shapes, ['nested'])
    assert.ok(!/13812345678|刘先生|agent@/.test(text), text)
    assert.equal(closed, 'CLOSED')
  })

  test('what is missing, unknown or of another kind is named', async () => {
    const { first } = await report({}, true)
    assert.deepEqual(first.methods.missing, ['Call.end'])
    assert.deepEqual(first.methods.otherKind, { 'Call.kick': 'string' })
    assert.ok(first.methods.unknown.includes('Call.newOne'), first.methods.unknown.join())
    assert.ok(first.methods.unknown.includes('Brand.act'), first.methods.unknown.join())
  })

  test('doubles behave as a report says', async () => {
    const { second } = await report(
      { envelope: 'nested', successes: 'plain', global: 'TCCC' },
      true,
    )
    const folder = mkdtempSync(join(tmpdir(), 'like-'))
    const file = join(folder, 'report.json')
    writeFileSync(file, JSON.stringify(second))
    const like = await start(
      places.doubles(),
      ['--listen', '127.0.0.1:0', '--like', file],
      /^listening on (\S+)/,
    )
    try {
      const login = await fetch(`${like.matched[1]}/control/login`, {
        method: 'POST',
        body: JSON.stringify({ userId: 'agent@example.com' }),
      })
      const { sdkUrl } = await login.json()
      const text = await (await fetch(sdkUrl)).text()
      const options = /"options":(\{[^}]*\})/.exec(text)?.[1] ?? text.slice(0, 200)
      const { envelope, successes, global, missing } = JSON.parse(options)
      assert.deepEqual(
        { envelope, successes, global, missing },
        { envelope: 'nested', successes: 'plain', global: 'TCCC', missing: ['Call.end'] },
      )
    } finally {
      await like.stop()
      rmSync(folder, { recursive: true })
    }
  })

  const POP =
    '#?mobile=13812345678&status=100&type=fax&nickName=%E5%88%98%E5%85%88%E7%94%9F&tenant=7&link=https%3A%2F%2Fa.example&bad=%FF'

  test('screen pops: which parameters were there and what they look like, never their values', async () => {
    const page = await world.open({ hash: POP })
    const { first, second } = await page.run(async () => {
      const first = await sdk.screenPopCompatibility()
      location.hash = '#?mobile=+8613812345678&status=200&type=phone&agentEmail=agent%40example.com'
      await bench.until(() => location.hash.includes('200'))
      for (let tries = 0; tries < 100; tries++) {
        const second = await sdk.screenPopCompatibility()
        if (second.calls === 2) return { first, second }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error('the change was not seen')
    })
    assert.deepEqual(
      [first.source, first.vendor, first.calls],
      ['calldock/compatibility/screen-pop', 'tccc', 1],
    )
    assert.deepEqual(first.unknown, ['bad', 'link', 'tenant'])
    assert.deepEqual(first.seen, {
      ...{ bad: ['unreadable'], link: ['address'], mobile: ['digits'], nickName: ['text'] },
      ...{ status: ['documented'], tenant: ['digits'], type: ['undocumented'] },
    })
    assert.ok(first.missing.includes('agentEmail') && !first.missing.includes('mobile'))
    assert.deepEqual(second.seen.mobile, ['digits', 'text'])
    assert.deepEqual(second.seen.type, ['documented', 'undocumented'])
    assert.ok(!second.missing.includes('agentEmail'))
    const text = JSON.stringify([first, second])
    assert.ok(!/1381234|刘先生|a\.example|agent@/.test(text), text)
  })

  test('an event that a router has made itself is no screen pop and no error', async () => {
    const page = await world.open({ hash: POP })
    const { calls, errors } = await page.run(async () => {
      await sdk.screenPopCompatibility()
      dispatchEvent(new Event('hashchange'))
      dispatchEvent(new HashChangeEvent('hashchange'))
      const { calls } = await sdk.screenPopCompatibility()
      return { calls, errors: bench.errors }
    })
    assert.deepEqual([calls, errors], [1, []])
  })

  test('the workbench’s report has the screen pops of a page that listens to them, and only then', async () => {
    const page = await world.open({ hash: POP })
    const { without, listened } = await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      const without = await workbench.compatibility()
      await new Promise((resolve) => sdk.onScreenPop(resolve))
      return { without, listened: await workbench.compatibility() }
    })
    assert.equal(without.screenPop, undefined)
    assert.equal(listened.screenPop?.calls, 1)
    assert.deepEqual(listened.screenPop?.seen.tenant, ['digits'])
  })

  test('doubles pop as a report says', async () => {
    const page = await world.open({ hash: POP })
    const report = await page.run(() => sdk.screenPopCompatibility())
    const folder = mkdtempSync(join(tmpdir(), 'like-'))
    const file = join(folder, 'report.json')
    writeFileSync(file, JSON.stringify(report))
    const like = await start(
      places.doubles(),
      ['--listen', '127.0.0.1:0', '--site-origin', world.site.origin, '--like', file],
      /^listening on (\S+)/,
    )
    try {
      world.site.pages.set('/pop', {})
      await world.driver.get(
        `${like.matched[1]}/workbench?pop=${encodeURIComponent(`${world.site.origin}/pop`)}`,
      )
      const workbench = new View(world.driver)
      await workbench.until('the workbench', () => document.documentElement.dataset.ready)
      const pop = new View(world.driver, ['#frame-pop'])
      await pop.until('the page', () => document.readyState === 'complete' && window.sdk)
      await fetch(`${like.matched[1]}/control/ring`, {
        method: 'POST',
        body: JSON.stringify({ mobile: '13800000001' }),
      })
      const call = /** @type {any} */ (
        await pop.until('the call', async () => {
          const call = await sdk.currentCall()
          return (
            call && { mobile: call.mobile, agentEmail: call.agentEmail, extra: [...call.extra] }
          )
        })
      )
      assert.equal(call.mobile, '13800000001')
      assert.equal(call.agentEmail, null, 'the tenant never sent it')
      assert.deepEqual(call.extra.sort(), [
        ['bad', 'text'],
        ['link', 'https://example.com/'],
        ['tenant', '1'],
      ])
    } finally {
      await like.stop()
      rmSync(folder, { recursive: true })
    }
  })
})
