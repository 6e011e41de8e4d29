// The place in the login server's queue survives whatever the server says in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

inEachBrowser("a place in the login server's queue", (world) => {
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
