// The login endpoint: its refusals, its queue, and the address it is requested from.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

/**
 * A response of the login server.
 * @typedef {{ status: number, headers?: Record<string, string>, body?: unknown }} Reply
 */

inEachBrowser('login', (world) => {
  /**
   * Replies by these, one after the other, then as the real server. Returns what was received.
   * @param {Reply[]} replies
   */
  function replyBy(replies) {
    /** @type {{ ticket: string | undefined, at: number }[]} */
    const received = []
    world.site.own = (request, response) => {
      if (request.url !== LOGIN) return false
      const ticket = request.headers['x-calldock-ticket']
      received.push({ ticket: ticket?.toString(), at: Date.now() })
      const reply = replies[received.length - 1]
      if (!reply) return false
      if (reply.status === 0) return true
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(JSON.stringify(reply.body ?? {}))
      return true
    }
    return received
  }

  test('a function that has read its response is told so, and is called once', async () => {
    const page = await world.open()
    const found = await page.run(async (login) => {
      let calls = 0
      const own = async () => {
        calls += 1
        const response = await fetch(login, { method: 'POST' })
        await response.json()
        return response
      }
      const { code, message } = await sdk.openWorkbench({ login: own }).then(
        () => ({ code: 'none', message: '' }),
        (error) => error,
      )
      return { code, message, calls }
    }, LOGIN)
    assert.deepEqual([found.code, found.calls], ['LOGIN_FAILED', 1])
    assert.match(found.message, /expected its JSON, or a response that was not read/)
  })

  test('a full server’s ticket is sent back until it is this page’s turn', async () => {
    const received = replyBy([
      { status: 503, headers: { 'retry-after': '1' }, body: { ticket: 't-1', waitSeconds: 2 } },
      { status: 503, headers: { 'retry-after': '1' }, body: { ticket: 't-2', waitSeconds: 1 } },
    ])
    const page = await world.open()
    const found = await page.run(async (login) => {
      /** @type {number[]} */
      const waits = []
      const workbench = await sdk.openWorkbench({ login, onQueued: (wait) => waits.push(wait) })
      await workbench.close()
      return {
        waits,
        attempts: bench.entries.filter(({ name }) => name === 'login.requested').length,
      }
    }, LOGIN)
    assert.deepEqual(found, { waits: [2, 1], attempts: 1 })
    assert.deepEqual(
      received.map(({ ticket }) => ticket),
      [undefined, 't-1', 't-2'],
    )
  })

  test('the deadline is stretched while the ticket lives, then the code is QUEUE_FULL', async () => {
    const queue = { status: 503, headers: { 'retry-after': '4' } }
    // The second request is never responded to.
    const received = replyBy([{ ...queue, body: { ticket: 't', waitSeconds: 4 } }, { status: 0 }])
    const page = await world.open({ before: ['jump.js'] })
    const failure = await page.failure(async (login) => {
      const opening = sdk.openWorkbench({ login, timeoutMs: 4000, attempts: 1 })
      const jumps = async () => {
        await window.jumpAt(['login.queued'], 4000)
        const requests = () => bench.fetched.filter((url) => url.endsWith(login)).length
        await window.jumpAt(() => requests() === 2, 9500)
      }
      await Promise.all([opening, jumps()])
    }, LOGIN)
    assert.equal(failure.code, 'QUEUE_FULL', failure.message)
    assert.deepEqual(
      received.map(({ ticket }) => ticket),
      [undefined, 't'],
    )
  })

  test('after its turn the time that was asked for begins, and its end is TIMEOUT', async () => {
    const headers = { 'retry-after': '1' }
    const received = replyBy([{ status: 503, headers, body: { ticket: 't', waitSeconds: 60 } }])
    await world.doubles.control('faults', { sdk: { readyDelay: 'never' } })
    const page = await world.open({ before: ['jump.js'] })
    const failure = await page.failure(async (login) => {
      const opening = sdk.openWorkbench({ login, timeoutMs: 10_000 })
      await Promise.all([opening, window.jumpAt(['login.queued', 'global.found'], 10_000)])
    }, LOGIN)
    assert.equal(failure.code, 'TIMEOUT', failure.message)
    assert.match(failure.message, /expected an end within 10000 ms, found it .*'ready'/)
    assert.deepEqual(
      received.map(({ ticket }) => ticket),
      [undefined, 't'],
    )
  })

  test('a Retry-After is honoured while the deadline allows it', async () => {
    const received = replyBy([{ status: 429, headers: { 'retry-after': '1' } }])
    const page = await world.open()
    await page.run(async (login) => {
      const workbench = await sdk.openWorkbench({ login, attempts: 2 })
      await workbench.close()
    }, LOGIN)
    const [first, second] = received
    assert.ok(first && second && second.at - first.at >= 950, JSON.stringify(received))
  })

  test('a Retry-After beyond the deadline fails at once', async () => {
    const received = replyBy([{ status: 503, headers: { 'retry-after': '60' } }])
    const page = await world.open()
    const failure = await page.failure(
      (login) => sdk.openWorkbench({ login, timeoutMs: 19_000 }),
      LOGIN,
    )
    assert.equal(failure.code, 'LOGIN_FAILED')
    assert.ok(failure.ms < 15_000, `${failure.ms} ms`)
    assert.equal(received.length, 1, 'the server wants no request before that')
  })

  for (const [how, reply] of /** @type {[string, Reply][]} */ ([
    [
      'a Retry-After that server and gateway have set',
      { status: 429, headers: { 'retry-after': '1, 1' } },
    ],
    ['a ticket without a Retry-After', { status: 503, body: { ticket: 't', waitSeconds: 1 } }],
  ]))
    test(`${how} is waited for`, async () => {
      const received = replyBy([reply])
      const page = await world.open()
      await page.run(async (login) => {
        const workbench = await sdk.openWorkbench({ login })
        await workbench.close()
      }, LOGIN)
      const [first, second] = received
      assert.ok(first && second && second.at - first.at >= 950, JSON.stringify(received))
    })

  test('a problem keeps its code, its text and its remedy; another server’s text loses numbers', async () => {
    const problem = { 'content-type': 'application/problem+json' }
    replyBy([
      {
        status: 403,
        headers: problem,
        body: { code: 'VENDOR_REJECTED', detail: 'no licence.', remedy: 'Buy one.' },
      },
      {
        status: 403,
        headers: problem,
        body: { code: 'E42', title: 'no seat for 13800000001', remedy: 'Call 0755-26888888.' },
      },
    ])
    const page = await world.open()
    const open = (/** @type {string} */ login) => sdk.openWorkbench({ login, attempts: 1 })
    const ours = await page.failure(open, LOGIN)
    assert.deepEqual(
      [ours.code, ours.message, ours.remedy],
      ['VENDOR_REJECTED', 'the login endpoint: no licence', 'Buy one.'],
    )
    const other = await page.failure(open, LOGIN)
    assert.deepEqual(
      [other.code, other.message, other.remedy],
      ['LOGIN_FAILED', 'the login endpoint: no seat for ‹11 characters›', 'Call ‹14 characters›'],
    )
  })

  test('a text with a code of ours may be a gateway’s: it loses numbers, and keeps what our server writes', async () => {
    const headers = { 'content-type': 'application/problem+json' }
    const long = `${'Sign in to the site first, then try again. '.repeat(6)}See jwt.cookie.`
    const host = 'tccc-sdk.connect2.tencentcloud.com'
    const ours = [
      `The vendor responded FailedOperation.PermissionDenied: no right (RequestId 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f)`,
      `SdkURL is at a host that is not listed: ${host}. If it is the vendor’s, set tccc.sdk_hosts = ["${host}"]`,
      'The body: expected at most 20971520 bytes, found more',
      'The demo accepts the names localhost, 127.0.0.1 and [::1] only',
    ]
    const body = { code: 'TIMEOUT', remedy: long }
    const theirs =
      'agent a@b.c 13800000000, 138 0000 0000 token 0a1b2c3d4e5f60718293a4b5c6d7e8f9 of it'
    replyBy(
      [...ours, theirs].map((detail) => ({ status: 403, headers, body: { ...body, detail } })),
    )
    const page = await world.open()
    for (const text of ours) {
      const { code, message, remedy } = await page.failure(
        (login) => sdk.openWorkbench({ login, attempts: 1 }),
        LOGIN,
      )
      assert.deepEqual([code, message, remedy], ['TIMEOUT', `the login endpoint: ${text}`, long])
    }
    const { message } = await page.failure(
      (login) => sdk.openWorkbench({ login, attempts: 1 }),
      LOGIN,
    )
    const shown =
      'agent ‹5 characters› ‹11 characters›, ‹13 characters› token ‹32 characters› of it'
    assert.equal(message, `the login endpoint: ${shown}`)
  })

  test('a relative address never leaves the page’s origin by a base element', async () => {
    const page = await world.open({ body: '<base href="https://cdn.example/app/">' })
    const agentId = await page.run(async (login) => {
      const workbench = await sdk.openWorkbench({ login, attempts: 1 })
      const { agentId } = workbench
      await workbench.close()
      return agentId
    }, LOGIN)
    assert.equal(agentId, 'agent@example.com')
    assert.equal(world.site.requested.filter((path) => path === LOGIN).length, 1)
  })

  test('a base element of the page’s own origin counts', async () => {
    const page = await world.open({ body: '<base href="/calldock/v1/">' })
    const agentId = await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: 'tccc/login', attempts: 1 })
      const { agentId } = workbench
      await workbench.close()
      return agentId
    })
    assert.equal(agentId, 'agent@example.com')
  })

  test('the plus of an agent’s mail address in a login by its address alone is kept', async () => {
    const page = await world.open()
    const agentId = await page.run(async () => {
      const query = 'sdkAppId=1400000000&userid=agent+sh@example.com'
      const login = { sdkUrl: `${location.origin}/pages/vendor.js?${query}` }
      return (await sdk.openWorkbench({ login })).agentId
    })
    assert.equal(agentId, 'agent+sh@example.com')
  })

  test('a prerendered page spends no login before it is shown', async () => {
    const page = await world.open({ before: ['jump.js'] })
    const found = await page.run(async (login) => {
      const show = bench.prerendered()
      let logins = 0
      const opening = sdk.openWorkbench({
        login: () => {
          logins += 1
          return fetch(login, { method: 'POST' })
        },
      })
      await window.jumpAt(() => bench.listeners().prerenderingchange, 5000)
      const before = logins
      show()
      await (await opening).close()
      return { before, after: logins }
    }, LOGIN)
    assert.deepEqual(found, { before: 0, after: 1 })
  })
})
