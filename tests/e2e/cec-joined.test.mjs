// Calls that share CEC's chat: each waits for as long as its own options say, and gets the chat of its own
// visitor only.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser("calls that share CEC's chat", (world) => {
  beforeEach(() => withoutCookies(world))
  const page = () => world.open({ entry: 'cec', before: ['chat-window.js', 'jump.js'] })
  /** A page with an open chat in `kept`. */
  const opened = async () => {
    const view = await page()
    await view.run(
      async (login) => {
        window.kept = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      },
      signed('Ann', 'u-1'),
    )
    return view
  }
  /** How often the chat was ended. */
  const ended = async () =>
    (await world.doubles.log('cec')).filter(({ controlType }) => controlType === 'DISCONNECT')
      .length
  /** Holds requests back whose path fits. @param {RegExp} which */
  const hold = (which) => {
    /** @type {{ path: string, response: import('node:http').ServerResponse }[]} */
    const requests = []
    let arrive = () => {}
    const arrived = new Promise((resolve) => {
      arrive = () => resolve(undefined)
    })
    world.site.own = ({ url }, response) => {
      if (!which.test(url ?? '')) return false
      requests.push({ path: url ?? '', response })
      arrive()
      return true
    }
    return {
      /** Waits for the first. */
      held: () => arrived,
      /** Lets them through: the browser sends the same again. */
      release() {
        world.site.own = undefined
        for (const { path, response } of requests)
          response.writeHead(307, { location: `${path}?again` }).end()
      },
      /** Breaks them off. */
      drop() {
        world.site.own = undefined
        for (const { response } of requests) response.destroy()
      },
    }
  }

  for (const [name, changed] of /** @type {const} */ ([
    ['tenant', { tenantSpaceId: '202007159032' }],
    ['channel', { channelConfigId: '817854979183314946' }],
  ]))
    test(`the same user id in another ${name} is another visitor: ALREADY_OPEN`, async () => {
      const view = await opened()
      const failure = await view.failure(
        (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
        { ...signed('Ann', 'u-1'), ...changed },
      )
      assert.equal(failure.code, 'ALREADY_OPEN', failure.message)
      assert.match(failure.message, /expected the visitor, tenant and channel it was opened for/)
    })

  /** What a busy login server responds with at first. @type {[string, number, object, unknown[]][]} */
  const busy = [
    ['names a time to come back', 429, {}, []],
    ['keeps a queue', 503, { ticket: 't-1', waitSeconds: 2 }, [2]],
  ]
  for (const [name, status, body, waits] of busy)
    test(`a call that joins waits for a login server that ${name}, by its own deadline`, async () => {
      const view = await page()
      const found = await view.run(
        async (login, status, body) => {
          const place = /** @type {const} */ ({ contextPath: '/service-cloud', locale: 'en' })
          const headers = { 'retry-after': '2' }
          let requested = 0
          const busy = () => {
            requested += 1
            return requested > 1 ? login : new Response(JSON.stringify(body), { status, headers })
          }
          const first = sdk
            .openChat({ ...place, login: busy, timeoutMs: 500 })
            .then(() => 'opened')
            .catch(({ code }) => code)
          if (status === 503) await bench.until(() => bench.logged(['login.queued']))
          /** @type {number[]} */
          const waits = []
          const onQueued = (/** @type {number} */ wait) => waits.push(wait)
          const timeoutMs = status === 503 ? 500 : 30_000
          const second = await sdk.openChat({ ...place, login, timeoutMs, onQueued }).then(
            ({ customerId }) => customerId,
            ({ code }) => code,
          )
          return { first: await first, second, waits }
        },
        signed('Ann', 'u-1'),
        status,
        body,
      )
      const first = status === 503 ? 'opened' : 'TIMEOUT'
      assert.deepEqual(found, { first, second: 'u-1', waits })
    })

  test('an onQueued that throws keeps no other call from being told', async () => {
    const view = await page()
    const found = await view.run(
      async (login) => {
        let requested = 0
        const queue = () => {
          requested += 1
          const body = JSON.stringify({ ticket: 't-1', waitSeconds: 1 })
          return requested > 1 ? login : new Response(body, { status: 503 })
        }
        /** @type {number[]} */
        const waits = []
        const open = (/** @type {(wait: number) => void} */ onQueued) =>
          sdk.openChat({ login: queue, contextPath: '/service-cloud', locale: 'en', onQueued })
        const refuse = () => {
          throw new RangeError('the page')
        }
        const [one, two] = await Promise.all([open(refuse), open((wait) => waits.push(wait))])
        return { same: one === two, waits, errors: bench.errors.splice(0).length }
      },
      signed('Ann', 'u-1'),
    )
    assert.deepEqual(found, { same: true, waits: [1], errors: 1 })
  })

  for (const how of /** @type {const} */ (['TIMEOUT', 'ABORTED']))
    test(`a close that ends with ${how} takes nothing from another one that waits`, async () => {
      const view = await opened()
      const rest = hold(/sendMessageForWebChannel/)
      const found = await view.run(async (how) => {
        const stop = new AbortController()
        const first = window.kept
          .close(how === 'TIMEOUT' ? { timeoutMs: 5000 } : { signal: stop.signal })
          .catch((/** @type {any} */ error) => error.code)
        window.kept.second = window.kept.close({ timeoutMs: 60_000 }).then(
          () => 'closed',
          (/** @type {any} */ error) => error.code,
        )
        await bench.until(() => bench.fetched.some((url) => /sendMessage/.test(url)))
        if (how === 'TIMEOUT') window.jump(5000)
        else stop.abort()
        return await first
      }, how)
      assert.equal(found, how)
      rest.release()
      assert.equal(await view.run(() => window.kept.second), 'closed')
      assert.equal(await ended(), 1)
    })

  test('a close that every call has left ends its request, and the chat is still open', async () => {
    const view = await opened()
    const rest = hold(/sendMessageForWebChannel/)
    const codes = await view.run(async () => {
      const stop = new AbortController()
      const closing = [1, 2].map(() =>
        window.kept.close({ signal: stop.signal }).catch((/** @type {any} */ error) => error.code),
      )
      await bench.until(() => bench.fetched.some((url) => /sendMessage/.test(url)))
      stop.abort()
      return await Promise.all(closing)
    })
    assert.deepEqual(codes, ['ABORTED', 'ABORTED'])
    rest.drop()
    const reason = await view.run(async () => {
      await window.kept.toAgent().catch(() => {})
      await window.kept.close()
      return (await window.kept.closed) ?? 'none'
    })
    assert.equal(reason, 'none')
    assert.equal(await ended(), 1)
  })

  test('a command takes its timeoutMs once: to load its part, and to be done', async () => {
    const view = await world.open({
      entry: 'cec',
      before: ['chat-window.js', 'jump.js'],
      fresh: true,
    })
    const part = hold(/\/(rare|channel)\.js$/)
    await view.run(
      async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        window.kept = chat.toAgent({ timeoutMs: 10_000 }).then(
          () => 'done',
          ({ code }) => code,
        )
      },
      signed('Ann', 'u-1'),
    )
    await part.held()
    await view.run(() => window.jump(6000))
    part.release()
    hold(/sendMessageForWebChannel/)
    const end = await view.run(async () => {
      await bench.until(() => bench.fetched.some((url) => /sendMessage/.test(url)))
      window.jump(4500)
      const later = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 3000))
      return await Promise.race([window.kept, later])
    })
    assert.equal(end, 'TIMEOUT')
  })
})
