// A workbench's life beside its calls: another agent, other tabs, components that come and go, a tab
// in the background.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PATIENCE_MS } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'

inEachBrowser('life', (world) => {
  /** A login of the double's for any agent. @param {string} userId */
  const loginFor = (userId) => world.doubles.control('login', { userId })

  /** A page with an open workbench in `kept`. @param {import('./harness/site.mjs').Page} [made] */
  async function opened(made) {
    const page = await world.open(made)
    await page.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    return page
  }

  test('another agent takes the place of this one, and listeners stay', async () => {
    const page = await opened()
    await world.doubles.control('ring')
    await page.until('the call', () => window.kept.sessions.list.length === 1)
    const colleague = await loginFor('colleague@example.com')
    const found = await page.run(async (login) => {
      /** @type {string[]} */
      const received = []
      window.kept.on('incoming', (/** @type {any} */ { type }) => received.push(type))
      const switching = window.kept.switchAgent(login)
      // While the agent changes, a command waits for the new one.
      const online = window.kept.agent.online()
      await switching
      await online
      window.kept.received = received
      return { userId: window.kept.agentId, sessions: window.kept.sessions.list, ...bench.left() }
    }, colleague)
    assert.equal(found.userId, 'colleague@example.com')
    assert.deepEqual(found.sessions, [])
    assert.equal(found.scripts, 1)
    assert.deepEqual(found.globals, ['tccc'])
    await world.doubles.control('ring', { type: 'im', agent: 'colleague@example.com' })
    await page.until('the call', () => window.kept.received.join() === 'im')
    // The script before has gone off the line.
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      const { scripts } = await world.doubles.state()
      const live = scripts.filter((/** @type {any} */ { connected }) => connected > 0)
      if (live.length === 1) break
      assert.ok(Date.now() < deadline, `${live.length} live sessions`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  test('an agent who cannot be switched to leaves the one before in place', async () => {
    const page = await opened()
    const failure = await page.failure(() =>
      window.kept.switchAgent(() => Promise.reject(new Error('no session'))),
    )
    assert.equal(failure.code, 'LOGIN_FAILED')
    assert.equal(await page.run(() => window.kept.agentId), 'agent@example.com')
    await world.doubles.control('ring')
    await page.until('the call', () => window.kept.sessions.list.length === 1)
    assert.equal(await page.run(() => bench.errors.length), 0)
  })

  test('a switch that was aborted before leaves a renewal under way alone', async () => {
    // The renewal's script is held back: nothing of the agent before is left then.
    const held = new Promise((/** @type {(release: () => void) => void} */ resolve) => {
      world.site.own = ({ url }, response) => {
        if (!url?.endsWith('?held')) return false
        resolve(() => response.writeHead(302, { location: '/pages/vendor.js' }).end())
        return true
      }
    })
    const page = await world.open()
    const code = await page.run(async () => {
      const given = await bench.login()()
      let logins = 0
      const login = async () => {
        logins += 1
        const script = logins === 2 ? 'vendor.js?held' : 'vendor.js'
        return { ...given, sdkUrl: `${location.origin}/pages/${script}` }
      }
      const workbench = await sdk.openWorkbench({ login })
      window.kept = { workbench, login, logins: () => logins }
      window.tccc?.emit('tokenExpired')
      const injected = () => bench.entries.filter(({ name }) => name === 'script.injected')
      await bench.until(() => injected().length === 2)
      return workbench
        .switchAgent(login, { signal: AbortSignal.abort() })
        .catch((/** @type {any} */ { code }) => code)
    })
    assert.equal(code, 'ABORTED')
    const release = await held
    release()
    const found = await page.run(async () => {
      const { workbench, login, logins } = window.kept
      await bench.until(() => bench.logged(['workbench.renewed']) || !workbench.agentId)
      const renewed = logins()
      // After the one that was aborted.
      await workbench.switchAgent(login)
      return { renewed, agentId: workbench.agentId, errors: bench.errors }
    })
    assert.deepEqual(found, { renewed: 2, agentId: 'agent@example.com', errors: [] })
  })

  for (const renewable of [true, false])
    test(`a token that expires together with ready ${renewable ? 'is requested again' : 'and cannot be requested again is reported once'}`, async () => {
      const page = await world.open()
      const found = await page.run(async (renewable) => {
        /** @type {any} */
        let vendor
        // The first vendor's; the second one takes the place of this member.
        Object.defineProperty(window, 'tccc', {
          configurable: true,
          get: () => vendor,
          set(given) {
            const { emit } = given
            given.emit = (/** @type {string} */ event) => {
              emit(event)
              if (event === 'ready') emit('tokenExpired')
            }
            vendor = given
          },
        })
        const given = await bench.login()()
        const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
        let logins = 0
        const source = async () => {
          logins += 1
          return login
        }
        const opening = sdk.openWorkbench({ login: renewable ? source : login })
        if (!renewable) return opening.catch(({ code }) => [code, bench.errors])
        const workbench = await opening
        window.tccc?.emit('callIn', { sessionId: 's-1', type: 'phone', timeout: 0 })
        return [logins, workbench.agentId, workbench.sessions.list.length, bench.errors]
      }, renewable)
      assert.deepEqual(found, renewable ? [2, 'agent@example.com', 1, []] : ['TOKEN_EXPIRED', []])
    })

  test('an open for another agent after a close starts that agent', async () => {
    const page = await opened()
    const colleague = await loginFor('colleague@example.com')
    const found = await page.run(async (login) => {
      window.kept.close()
      const workbench = await sdk.openWorkbench({ login: async () => /** @type {any} */ (login) })
      return { userId: workbench.agentId, ...bench.left() }
    }, colleague)
    assert.equal(found.userId, 'colleague@example.com')
    assert.equal(found.scripts, 1)
  })

  test('closed says why', async () => {
    const page = await opened()
    const found = await page.run(async () => {
      window.kept.close()
      return (await window.kept.closed) === undefined
    })
    assert.equal(found, true)
  })

  test('a second tab of the same agent is told, and may take over', async (t) => {
    const first = await opened()
    const { driver } = world
    const before = await driver.getWindowHandle()
    await driver.switchTo().newWindow('tab')
    const after = await driver.getWindowHandle()
    // It would keep the agent from the tests that come.
    t.after(async () => {
      if ((await driver.getAllWindowHandles()).length === 1) return
      await driver.switchTo().window(after)
      await driver.close()
      await driver.switchTo().window(before)
    })
    const second = await world.open()
    const reported = await second.failure(() =>
      sdk.openWorkbench({ login: '/calldock/v1/tccc/login' }),
    )
    assert.equal(reported.code, 'ALREADY_OPEN')
    assert.match(reported.message, /found one that has the agent/)
    const userId = await second.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login', takeOver: true })
      return window.kept.agentId
    })
    assert.equal(userId, 'agent@example.com')

    await driver.switchTo().window(before)
    // Before `closed` is read: then nobody has heard of it.
    await first.until('the loss', () => bench.logged(['workbench.lost']))
    const why = await first.run(async () => {
      const { code } = await window.kept.closed
      return { code, errors: bench.errors.length, ...bench.left() }
    })
    assert.equal(why.code, 'ALREADY_OPEN')
    assert.equal(why.errors, 1)
    assert.equal(why.element, false, 'the interface went with the agent')

    // Free again once the second tab is closed.
    await driver.switchTo().window(after)
    await second.run(() => window.kept.close())
    await driver.close()
    await driver.switchTo().window(before)
    const again = await first.run(
      async () => (await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })).agentId,
    )
    assert.equal(again, 'agent@example.com')
  })

  test('a page kept for the back button lets its agent go, and takes it again when it is shown', async () => {
    const page = await opened()
    const held = () =>
      page.run(async () => (await navigator.locks.query()).held?.map(({ name }) => name) ?? [])
    const turn = (/** @type {string} */ type) =>
      page.run((type) => {
        dispatchEvent(new PageTransitionEvent(type, { persisted: true }))
      }, type)
    assert.deepEqual(await held(), ['calldock.tccc.1400000000.agent@example.com'])
    await turn('pagehide')
    await page.until('free', async () => (await navigator.locks.query()).held?.length === 0)
    await turn('pageshow')
    await page.until('held', async () => (await navigator.locks.query()).held?.length === 1)
    assert.equal(await page.run(() => window.kept.agentId), 'agent@example.com')

    // While it was away, another tab took the agent.
    await turn('pagehide')
    await page.until('free', async () => (await navigator.locks.query()).held?.length === 0)
    const why = await page.run(async () => {
      const name = 'calldock.tccc.1400000000.agent@example.com'
      await new Promise((resolve) => {
        navigator.locks.request(name, () => {
          resolve(undefined)
          return new Promise(() => {})
        })
      })
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      return (await window.kept.closed)?.code
    })
    assert.equal(why, 'ALREADY_OPEN')
  })

  test('1,000 components come and go with one login, and leave nothing', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const before = bench.left()
      const login = bench.login()
      const first = sdk.shareWorkbench({ login })
      await first.workbench
      first.release()
      for (let i = 0; i < 1000; i++) {
        const { workbench, release } = sdk.shareWorkbench({ login })
        if (i % 100 === 0) await workbench
        release()
        release()
      }
      const last = sdk.shareWorkbench({ login })
      const workbench = await last.workbench
      const one = bench.left().scripts
      last.release()
      const why = await workbench.closed
      const after = bench.left()
      return { logins: bench.logins, one, why: why ?? null, before, after }
    })
    assert.equal(found.logins, 1)
    assert.equal(found.one, 1)
    assert.equal(found.why, null)
    assert.equal(found.after.scripts, 0)
    assert.deepEqual(found.after.listeners, found.before.listeners)
    assert.equal(world.site.requested.filter((path) => path === LOGIN).length, 1)
  })

  test('a shared workbench that failed or was lost starts again', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const failing = sdk.shareWorkbench({
        login: () => Promise.reject(new Error('no')),
        attempts: 1,
      })
      const code = await failing.workbench.catch((error) => error.code)
      const next = sdk.shareWorkbench({ login: bench.login() })
      const opened = await next.workbench
      const { closed } = opened
      opened.close()
      // As soon as the page can know of it.
      await closed
      const after = sdk.shareWorkbench({ login: bench.login() })
      return { code, userId: (await after.workbench).agentId, logins: bench.logins }
    })
    assert.deepEqual(found, { code: 'LOGIN_FAILED', userId: 'agent@example.com', logins: 2 })
  })

  test('a call flashes the title of a tab in the background, until it is looked at or ends', async () => {
    const page = await opened()
    await page.run(() => {
      document.title = 'CRM'
      const { setInterval, clearInterval } = window
      const flashing = new Set()
      const own = /** @type {any} */ (window)
      own.setInterval = (/** @type {() => void} */ handler, /** @type {number} */ ms) => {
        const id = setInterval(handler, ms)
        flashing.add(id)
        return id
      }
      own.clearInterval = (/** @type {number} */ id) => {
        flashing.delete(id)
        clearInterval(id)
      }
      window.kept.flashing = flashing
      let hidden = true
      Object.defineProperty(document, 'hidden', { get: () => hidden })
      /** @param {boolean} value */
      window.kept.hide = (value) => {
        hidden = value
        document.dispatchEvent(new Event('visibilitychange'))
      }
      window.kept.stop = sdk.drawAttention(window.kept, { title: 'RING' })
    })
    await world.doubles.control('ring')
    await page.until('the flash', () => document.title === 'RING')
    await page.until('the other half', () => document.title === 'CRM')
    await page.until('the flash', () => document.title === 'RING')
    await page.run(() => window.kept.hide(false))
    assert.equal(await page.run(() => document.title), 'CRM')
    await page.run(() => window.kept.hide(true))
    const quiet = () => page.until('quiet', () => window.kept.flashing.size === 0)
    await world.doubles.control('hangup')
    await quiet()
    await world.doubles.control('ring')
    await page.until('the flash', () => document.title === 'RING')
    await world.doubles.control('hangup')
    await quiet()
    assert.equal(await page.run(() => document.title), 'CRM')
    const left = await page.run(() => {
      window.kept.stop()
      window.kept.stop()
      return bench.listeners().visibilitychange ?? 0
    })
    assert.equal(left, 0)
  })

  test('a call that rings already is shown once the page goes to the background', async () => {
    const page = await opened()
    await page.run(() => {
      document.title = 'CRM'
      let hidden = false
      Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true })
      /** @param {boolean} value */
      window.kept.hide = (value) => {
        hidden = value
        document.dispatchEvent(new Event('visibilitychange'))
      }
      /** @type {any[]} */
      window.kept.shown = []
      class Fake {
        static permission = 'granted'
        /** @param {string} title */
        constructor(title) {
          window.kept.shown.push(title)
        }
        close() {}
      }
      Object.assign(window, { Notification: Fake })
      const rings = new Promise((resolve) => window.kept.on('incoming', resolve))
      window.kept.rings = rings
      sdk.drawAttention(window.kept, { title: 'RING', notification: true })
    })
    await world.doubles.control('ring')
    await page.run(() => window.kept.rings)
    assert.deepEqual(await page.run(() => [document.title, window.kept.shown]), ['CRM', []])
    await page.run(() => window.kept.hide(true))
    await page.until('the flash', () => document.title === 'RING')
    assert.equal(await page.run(() => window.kept.shown.length), 1)
    // One who listens only now is told too.
    await page.run(() => {
      window.kept.hide(false)
      window.kept.hide(true)
      window.kept.hide(false)
    })
    assert.equal(await page.run(() => document.title), 'CRM')
    assert.equal(await page.run(() => window.kept.shown.length), 2)
    const late = await page.run(() => {
      Object.defineProperty(document, 'hidden', { get: () => true })
      sdk.drawAttention(window.kept, { title: 'LATE' })
      return document.title
    })
    assert.equal(late, 'LATE')
  })

  test('a notification names no customer unless the page says so', async () => {
    const page = await opened()
    await page.run(() => {
      Object.defineProperty(document, 'hidden', { get: () => true })
      /** @type {any[]} */
      window.kept.shown = []
      class Fake {
        static permission = 'granted'
        /** @param {string} title @param {object} options */
        constructor(title, options) {
          window.kept.shown.push({ title, ...options, closed: false })
          this.entry = window.kept.shown.at(-1)
        }
        close() {
          this.entry.closed = true
        }
      }
      Object.assign(window, { Notification: Fake })
      sdk.drawAttention(window.kept, { notification: true, title: false })
    })
    await world.doubles.control('ring', { mobile: '13812345678', nickName: '刘先生' })
    await page.until('the notification', () => window.kept.shown.length === 1)
    const [shown] = await page.run(() => window.kept.shown)
    assert.equal(shown.title, 'Incoming call')
    assert.doesNotMatch(JSON.stringify(shown), /13812345678|刘/)
    await world.doubles.control('hangup')
    await page.until('closed', () => window.kept.shown[0].closed)
  })
})
