// The compatibility report: what the vendor's script has by our tables, and what was seen of it; and doubles
// that behave as a report says.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
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
      const login = await fetch(`${like.said[1]}/control/login`, {
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
})
