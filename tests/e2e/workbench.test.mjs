// The workbench of a host page: opened once, stopped at any stage, renewed, closed, opened again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

/** How to make an opening stay in each of its stages, and the log's entries that say it is there. */
const stages = [
  { stage: 'core', wasm: true },
  { stage: 'login', entries: ['core.started', 'login.requested'], api: 'hang' },
  { stage: 'script', entries: ['script.injected'], sdk: { script: 'slow:1500' } },
  { stage: 'global', entries: ['script.loaded'], sdk: { globalDelay: '1500' } },
  { stage: 'ready', entries: ['global.found'], sdk: { readyDelay: 'never' } },
]

inEachBrowser('workbench', (world) => {
  /** How often the server was asked for a login. */
  const logins = () => world.site.requested.filter((path) => path === LOGIN).length

  /** A wasm that is held back, and what lets it go. */
  function held() {
    let release = () => {}
    const promise = new Promise((resolve) => {
      release = () => resolve(undefined)
    })
    return { wasm: { held: /** @type {Promise<void>} */ (promise) }, release }
  }

  test('ten concurrent opens give one object, one login, one script', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const login = bench.login()
      const opens = Array.from({ length: 10 }, () => sdk.openWorkbench({ login }))
      const all = await Promise.all(opens)
      const later = await sdk.openWorkbench({ login })
      return { same: new Set([...all, later]).size, logins: bench.logins, ...bench.left() }
    })
    assert.equal(found.same, 1)
    assert.equal(found.logins, 1)
    assert.equal(found.scripts, 1)
    assert.equal((await world.doubles.log('script')).length, 1)
    assert.equal((await world.doubles.log('session')).length, 1)
  })

  test('one of two callers who leaves does not stop the other', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const stop = new AbortController()
      const login = bench.login()
      const first = sdk.openWorkbench({ login, signal: stop.signal })
      const second = sdk.openWorkbench({ login })
      stop.abort()
      const left = await first.catch((error) => error.code)
      return { left, userId: (await second).agentId, logins: bench.logins }
    })
    assert.deepEqual(found, { left: 'ABORTED', userId: 'agent@example.com', logins: 1 })
  })

  test('who joins an opening has a patience of its own', async () => {
    const page = await world.open({ before: ['jump.js'] })
    await world.doubles.control('faults', { sdk: { globalDelay: '1500' } })
    const found = await page.run(async () => {
      await sdk.ready({ roles: ['host'] })
      const login = bench.login()
      const opens = [2000, 30_000].map((timeoutMs) => sdk.openWorkbench({ login, timeoutMs }))
      return Promise.allSettled(opens).then((all) =>
        all.map((end) => (end.status === 'fulfilled' ? 'opened' : end.reason.code)),
      )
    })
    assert.equal(found[1], 'opened', String(found))
  })

  test('who joins an opening in the queue waits in it, and is told', async () => {
    let requests = 0
    world.site.own = ({ url }, response) => {
      if (url !== LOGIN) return false
      requests += 1
      if (requests > 1) return false
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '12' })
      response.end(JSON.stringify({ ticket: 't', waitSeconds: 12 }))
      return true
    }
    const page = await world.open({ before: ['jump.js'] })
    const found = await page.run(async (login) => {
      await sdk.ready({ roles: ['host'] })
      const first = sdk.openWorkbench({ login })
      await bench.until(() => bench.logged(['login.queued']))
      /** @type {number[]} */
      const waits = []
      const onQueued = (/** @type {number} */ wait) => waits.push(wait)
      // Less than the wait.
      const second = sdk
        .openWorkbench({ login, timeoutMs: 10_000, onQueued })
        .catch(({ code }) => code)
      await window.jumpAt(() => waits.length, 12_000)
      return { same: (await second) === (await first), waits }
    }, LOGIN)
    assert.deepEqual(found, { same: true, waits: [12] })
  })

  for (const { stage, entries = [], wasm, api, sdk: script } of stages)
    test(`an abort in the stage '${stage}' leaves nothing, and the next open starts afresh`, async () => {
      const core = held()
      const page = await world.open({ before: ['jump.js'], ...(wasm && { wasm: core.wasm }) })
      await world.doubles.control('faults', { api, sdk: script })
      const stopped = await page.failure(async (entries) => {
        window.kept = bench.left()
        const stop = new AbortController()
        const opening = sdk.openWorkbench({ login: '/calldock/v1/tccc/login', signal: stop.signal })
        opening.catch(() => {})
        await bench.until(() => bench.logged(entries))
        stop.abort(new Error('the visitor went on'))
        await opening
      }, entries)
      assert.equal(stopped.code, 'ABORTED')
      core.release()
      await world.doubles.control('faults', { api: 'ok', sdk: {} })
      const next = await page.run(async () => {
        const left = bench.left()
        const workbench = await sdk.openWorkbench({
          login: '/calldock/v1/tccc/login',
        })
        return { before: window.kept, left, userId: workbench.agentId, after: bench.left() }
      })
      assert.deepEqual(next.left, next.before, 'something of ours stayed')
      assert.equal(next.userId, 'agent@example.com')
      assert.equal(next.after.scripts, 1)
      // The first script may still come, or set its global: it must not disturb the one that runs.
      if (stage === 'script')
        await page.until('both scripts', () => {
          const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
          return loaded.filter((name) => name.includes('tcccSdk')).length === 2
        })
      if (stage === 'global') await page.run(() => window.jump(1500))
      await page.run(async () => {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        workbench.once('incoming', ({ type }) => {
          window.kept = type
        })
      })
      await world.doubles.control('ring')
      await page.until('the call', () => window.kept === 'phone')
    })

  for (const { stage, entries = [], wasm, api, sdk: script } of stages)
    test(`a deadline in the stage '${stage}' says so`, async () => {
      const core = held()
      const page = await world.open({ before: ['jump.js'], ...(wasm && { wasm: core.wasm }) })
      await world.doubles.control('faults', { api, sdk: script })
      const failure = await page.failure(async (entries) => {
        const opening = sdk.openWorkbench({ login: '/calldock/v1/tccc/login', timeoutMs: 10_000 })
        await Promise.all([opening, window.jumpAt(entries, 10_000)])
      }, entries)
      core.release()
      assert.equal(failure.code, 'TIMEOUT')
      assert.match(
        failure.message,
        new RegExp(`^openWorkbench: expected an end within 10000 ms, found it .*'${stage}'`),
      )
    })

  test('a signal that has aborted before stops everything before it begins', async () => {
    const page = await world.open()
    const failure = await page.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login', signal: AbortSignal.abort() }),
    )
    assert.equal(failure.code, 'ABORTED')
    assert.equal((await world.doubles.log('script')).length, 0)
  })

  test('the signal of a login function aborts when its opening is left', async () => {
    const page = await world.open()
    const aborted = await page.run(async () => {
      const stop = new AbortController()
      /** @type {AbortSignal | undefined} */
      let given
      const opening = sdk.openWorkbench({
        login: ({ signal }) => {
          given = signal
          return new Promise(() => {})
        },
        signal: stop.signal,
      })
      opening.catch(() => {})
      await bench.until(() => given)
      stop.abort()
      await opening.catch(() => {})
      return given?.aborted
    })
    assert.equal(aborted, true)
  })

  test('a login is requested again for every attempt, with the attempt’s number', async () => {
    await world.doubles.control('faults', { sdk: { script: 'html' }, times: 2 })
    const page = await world.open()
    const found = await page.run(async () => {
      const login = bench.login()
      /** @type {number[]} */
      const requested = []
      const workbench = await sdk.openWorkbench({
        login: ({ attempt }) => {
          requested.push(attempt)
          return login()
        },
      })
      return { requested, userId: workbench.agentId }
    })
    assert.deepEqual(found, { requested: [1, 2, 3], userId: 'agent@example.com' })
    assert.equal(logins(), 3)
  })

  test('a login that is left between two attempts is not requested again', async () => {
    const page = await world.open({ before: ['jump.js'] })
    const found = await page.run(async () => {
      const stop = new AbortController()
      /** @type {number[]} */
      const requested = []
      const opening = sdk.openWorkbench({
        login: ({ attempt }) => {
          requested.push(attempt)
          return Promise.reject(new TypeError('no connection'))
        },
        signal: stop.signal,
      })
      const failed = opening.catch((error) => error.code)
      await bench.until(() => bench.logged(['attempt.failed']))
      stop.abort()
      const code = await failed
      // Longer than the pause in front of the second attempt; what it began would end before another opening.
      window.jump(5000)
      await sdk.openWorkbench({ login: bench.login() })
      return { code, requested }
    })
    assert.deepEqual(found, { code: 'ABORTED', requested: [1] })
  })

  test('a literal login has one attempt', async () => {
    await world.doubles.control('faults', { sdk: { script: 'html' }, times: 1 })
    const page = await world.open()
    const failure = await page.failure(async () => {
      await sdk.openWorkbench({ login: await bench.login()() })
    })
    assert.equal(failure.code, 'NETWORK')
    assert.equal(logins(), 1)
  })

  test('a login function may give a Response', async () => {
    const page = await world.open()
    const userId = await page.run(async () => {
      const login = () => fetch('/calldock/v1/tccc/login', { method: 'POST' })
      return (await sdk.openWorkbench({ login })).agentId
    })
    assert.equal(userId, 'agent@example.com')
  })

  test('a script that has run is not tried again', async () => {
    await world.doubles.control('faults', { sdk: { global: 'none' } })
    const page = await world.open({ before: ['jump.js'] })
    const failure = await page.failure(async () => {
      const opening = sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      await Promise.all([opening, window.jumpAt(['script.loaded'], 5000)])
    })
    assert.equal(failure.code, 'GLOBAL_MISSING')
    assert.equal(logins(), 1)
  })

  test('a token found expired at the start leads to exactly one new login', async () => {
    await world.doubles.control('faults', { sdk: { expired: '1' }, times: 1 })
    const page = await world.open()
    const found = await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      return { userId: workbench.agentId, ...bench.left() }
    })
    assert.equal(found.userId, 'agent@example.com')
    assert.equal(found.scripts, 1)
    assert.equal(logins(), 2)
  })

  test('a token that expires later is renewed, and the listeners stay', async () => {
    const page = await world.open()
    await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { workbench, received: [], first: workbench.raw }
      for (const name of /** @type {const} */ (['tokenExpired', 'ready', 'incoming']))
        workbench.on(name, () => window.kept.received.push(name))
    })
    await world.doubles.control('expire')
    await page.until('the renewal', () => bench.logged(['workbench.renewed']))
    await world.doubles.control('ring')
    const found = await page.run(async () => {
      const { workbench, received, first } = window.kept
      await bench.until(() => received.includes('incoming'))
      return {
        received,
        another: workbench.raw !== first,
        userId: workbench.agentId,
        ...bench.left(),
      }
    })
    assert.deepEqual(found.received, ['tokenExpired', 'ready', 'incoming'])
    assert.equal(found.another, true)
    assert.equal(found.userId, 'agent@example.com')
    assert.equal(found.scripts, 1)
    assert.equal(logins(), 2)
  })

  test('a call that comes with the new login’s ready is in the list of sessions', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const login = async () => ({ ...given, sdkUrl: `${location.origin}/pages/vendor.js` })
      const workbench = await sdk.openWorkbench({ login })
      const ring = (/** @type {string} */ sessionId) =>
        window.tccc?.emit('callIn', { sessionId, type: 'phone', timeout: 0 })
      ring('s1')
      const before = workbench.sessions.list.map(({ sessionId }) => sessionId)
      // In the same turn, as a call that has waited.
      workbench.on('ready', () => ring('s2'))
      await workbench.switchAgent(async () => ({ ...(await login()), userId: 'b@example.com' }))
      return [before, workbench.sessions.list.map(({ sessionId }) => sessionId)]
    })
    assert.deepEqual(found, [['s1'], ['s2']])
  })

  test('a renewal that fails closes the workbench and says why', async () => {
    const page = await world.open()
    await page.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    await world.doubles.control('faults', { api: 'AuthFailure.SignatureExpire' })
    await world.doubles.control('expire')
    const found = await page.run(async () => {
      await bench.until(() => bench.logged(['workbench.lost']))
      const lost = bench.entries.find(({ name }) => name === 'workbench.lost')
      return {
        userId: window.kept.agentId,
        lost: lost?.detail.code,
        errors: bench.errors,
        ...bench.left(),
      }
    })
    assert.equal(found.userId, '')
    assert.equal(found.lost, 'VENDOR_REJECTED')
    assert.equal(found.errors.length, 1, 'reported as uncaught, once')
    assert.equal(found.scripts, 0)
    assert.equal(found.element, false)
    await world.doubles.control('reset')
    const again = await page.run(
      async () => (await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })).agentId,
    )
    assert.equal(again, 'agent@example.com')
  })

  test('a renewal for another agent is refused', async () => {
    const page = await world.open()
    await page.run(async () => {
      const login = bench.login()
      window.kept = await sdk.openWorkbench({
        login: async () => {
          const given = await login()
          return bench.logins === 1 ? given : { ...given, userId: 'colleague@example.com' }
        },
      })
    })
    await world.doubles.control('expire')
    await page.until('the loss', () => bench.logged(['workbench.lost']))
    assert.equal(await page.run(() => window.kept.agentId), '')
  })

  test('a workbench whose token expires after close is not handed out again', async () => {
    const page = await world.open()
    await page.run(async (login) => {
      const workbench = await sdk.openWorkbench({ login })
      window.kept = { first: workbench.raw, events: [] }
      const vendor = /** @type {VendorGlobal} */ (workbench.raw)
      const { on } = vendor
      vendor.on('tokenExpired', () => {
        window.kept.expired = true
      })
      vendor.on = (/** @type {string} */ event, /** @type {never} */ listener) => {
        window.kept.events.push(event)
        return on(event, listener)
      }
      workbench.close()
      await bench.until(() => window.kept.events.length > 0)
    }, LOGIN)
    await world.doubles.control('expire')
    const found = await page.run(async (login) => {
      await bench.until(() => window.kept.expired)
      const workbench = await sdk.openWorkbench({ login })
      return { events: window.kept.events, another: workbench.raw !== window.kept.first }
    }, LOGIN)
    assert.deepEqual(found, { events: ['tokenExpired'], another: true })
  })

  test('close takes away what is ours: listeners, subscriptions, the script', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const before = bench.listeners()
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { received: 0, off: [] }
      workbench.on('incoming', () => {
        window.kept.received += 1
      })
      const vendor = /** @type {VendorGlobal} */ (window.tccc)
      const { off } = vendor
      vendor.off = (/** @type {string} */ event, /** @type {unknown} */ listener) => {
        window.kept.off.push(event)
        return off(event, listener)
      }
      vendor.on('callIn', () => {
        window.kept.vendor = true
      })
      workbench.close()
      workbench.close()
      const call = await workbench.call.hangUp('a').catch((error) => error.code)
      const { agentId: userId, raw } = workbench
      return { before, userId, raw: raw === undefined, call, off: window.kept.off, ...bench.left() }
    })
    assert.equal(found.userId, '')
    assert.equal(found.raw, true)
    assert.equal(found.call, 'CLOSED')
    assert.equal(new Set(found.off).size, 11, 'every event was unsubscribed')
    assert.equal(found.scripts, 0)
    assert.deepEqual(found.listeners, found.before)
    assert.equal(found.element, true, 'the vendor publishes no destroy')
    await world.doubles.control('ring')
    await page.until('the vendor’s own listener', () => window.kept.vendor)
    assert.equal(await page.run(() => window.kept.received), 0)
  })

  test('an open after a close attaches to the running workbench, without a second script', async () => {
    const page = await world.open()
    await page.run(async () => {
      const first = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      first.close()
      const second = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { other: first !== second, received: 0, userId: second.agentId }
      second.on('incoming', () => {
        window.kept.received += 1
      })
    })
    assert.equal((await world.doubles.log('script')).length, 1)
    await world.doubles.control('ring')
    await page.until('the call', () => window.kept.received)
    const kept = await page.run(() => window.kept)
    assert.deepEqual(kept, { other: true, received: 1, userId: 'agent@example.com' })
  })

  test('an open that attaches to the running workbench hides what it is told to hide', async () => {
    const page = await world.open()
    const hidden = await page.run(async () => {
      const first = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      first.close()
      /** @type {string[]} */
      const hidden = []
      const { UI } = /** @type {any} */ (window.tccc)
      for (const name of ['hidefloatButton', 'hideWorkbench']) UI[name] = () => hidden.push(name)
      const options = { hideFloatButton: true, hideWorkbench: true }
      await sdk.openWorkbench({ login: '/calldock/v1/tccc/login', ...options })
      return hidden
    })
    assert.deepEqual(hidden, ['hidefloatButton', 'hideWorkbench'])
  })

  test('a workbench that is closed while another call requests its login is not given to that call', async () => {
    const page = await world.open()
    const code = await page.run(async () => {
      const first = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      /** @type {((login: any) => void) | undefined} */
      let give
      const login = () =>
        new Promise((/** @type {(login: any) => void} */ resolve) => {
          give = resolve
        })
      const second = sdk.openWorkbench({ login }).then(
        () => 'opened',
        ({ code }) => code,
      )
      await bench.until(() => give)
      first.close()
      give?.(await bench.login()())
      return second
    })
    assert.equal(code, 'ABORTED')
  })

  test('somebody else’s workbench in the page is not touched', async () => {
    const page = await world.open()
    const failure = await page.failure(async () => {
      const { token, sdkUrl, sdkAppId, userId } = await bench.login()()
      const script = document.createElement('script')
      script.crossOrigin = 'anonymous'
      Object.assign(script.dataset, { token, sdkAppId: String(sdkAppId), userid: userId })
      script.src = sdkUrl
      document.body.append(script)
      await bench.until(() => window.tccc)
      await new Promise((resolve) => window.tccc?.on('ready', resolve))
      await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    assert.equal(failure.code, 'ALREADY_OPEN')
    assert.match(
      failure.message,
      /^window\.tccc: expected no workbench yet, found one of other code/,
    )
    const status = await page.run(() => window.tccc?.Agent.getStatus())
    assert.equal(status, 'free', 'it still works')
  })

  test('somebody else’s workbench that is only drawn yet is not touched either', async () => {
    const page = await world.open()
    const failure = await page.failure(async () => {
      const { token, sdkUrl, sdkAppId, userId } = await bench.login({ globalDelay: '1500' })()
      const script = document.createElement('script')
      script.crossOrigin = 'anonymous'
      Object.assign(script.dataset, { token, sdkAppId: String(sdkAppId), userid: userId })
      script.src = sdkUrl
      document.body.append(script)
      await bench.until(() => document.querySelector('t3c-sdk'))
      await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    assert.equal(failure.code, 'ALREADY_OPEN')
    assert.equal(await page.run(() => bench.left().element), true)
  })

  test('a foreign window.tccc = {} is not mistaken for the vendor’s', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      Object.assign(window, { tccc: { mine: true } })
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      return { userId: workbench.agentId, real: typeof (/** @type {any} */ (workbench.raw).on) }
    })
    assert.deepEqual(found, { userId: 'agent@example.com', real: 'function' })
  })

  test('the dataset has the vendor’s spelling, and the workbench is drawn where asked', async () => {
    const page = await world.open({ body: '<div id="dock"></div>' })
    const found = await page.run(async () => {
      const opening = sdk.openWorkbench({
        login: '/calldock/v1/tccc/login',
        showWorkbenchAtFirstLogin: false,
        renderDomId: 'dock',
      })
      const script = await bench.until(() =>
        [...document.scripts].find(({ src }) => src.includes('tcccSdk')),
      )
      const attributes = script.getAttributeNames()
      await opening
      const host = document.querySelector('t3c-sdk')
      const panel = host?.shadowRoot?.querySelector('[data-testid=tccc-panel]')
      return {
        attributes,
        show: script.dataset.showWorkBenchAtFirstLogin,
        crossOrigin: script.crossOrigin,
        where: host?.parentElement?.id,
        shown: panel?.hasAttribute('hidden') === false,
      }
    })
    assert.deepEqual(found.attributes.filter((name) => name.startsWith('data-')).sort(), [
      'data-render-dom-id',
      'data-sdk-app-id',
      'data-show-work-bench-at-first-login',
      'data-token',
      'data-userid',
    ])
    assert.equal(found.show, 'false')
    assert.equal(found.crossOrigin, 'anonymous')
    assert.equal(found.where, 'dock')
    assert.equal(found.shown, false)
  })
})
