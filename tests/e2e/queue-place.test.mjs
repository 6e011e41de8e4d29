// The place in the login server's queue survives whatever the server says in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

inEachBrowser("a place in the login server's queue", (world) => {
  test('is a second caller’s too, also one whose onQueued throws', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const login = bench.login()
      const place = JSON.stringify({ ticket: 't-1', waitSeconds: 1 })
      let requested = 0
      const queued = async () => {
        requested += 1
        if (requested > 1) return login()
        return new Response(place, { status: 503, headers: { 'retry-after': '1' } })
      }
      /** @type {unknown[]} */
      const waits = []
      const first = sdk.openWorkbench({ login: queued, onQueued: (s) => waits.push(s) })
      await bench.until(() => waits.length === 1)
      const second = sdk.openWorkbench({
        login: queued,
        timeoutMs: 20_000,
        onQueued: (s) => {
          waits.push(s)
          throw new RangeError('the page')
        },
      })
      const same = (await first) === (await second)
      return { same, waits, errors: bench.errors.splice(0).length }
    })
    assert.deepEqual(found, { same: true, waits: [1, 1], errors: 1 })
  })

  for (const [name, status, headers] of /** @type {const} */ ([
    ['a refusal that names a time', 429, { 'retry-after': '0' }],
    ['a failure without one', 503, {}],
  ]))
    test(`is kept after ${name}, also by the next attempt`, async () => {
      /** @type {unknown[]} */
      const tickets = []
      const place = { ticket: 't-1', waitSeconds: 0 }
      world.site.own = ({ url, headers: sent }, response) => {
        if (url !== LOGIN) return false
        tickets.push(sent['x-calldock-ticket'])
        const replies = [
          () => response.writeHead(503).end(JSON.stringify(place)),
          () => response.writeHead(status, headers).end('{}'),
        ]
        const reply = replies[tickets.length - 1]
        reply?.()
        return reply !== undefined
      }
      const page = await world.open()
      const agentId = await page.run(
        async (login) => (await sdk.openWorkbench({ login })).agentId,
        LOGIN,
      )
      assert.equal(agentId, 'agent@example.com')
      assert.deepEqual(tickets, [undefined, 't-1', 't-1'])
    })
})
