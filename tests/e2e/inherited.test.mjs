// What other code has put on Object.prototype is no detail of an error, no option of a request or a listener, and no
// word; and each member of the page's options is read once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const APP = '9903496b6be2e67ad291dd2323f3ae9f'

inEachBrowser('inherited members', (world) => {
  test('are no details of an error and no options of a request', async () => {
    /** @type {(string | undefined)[]} */
    const lengths = []
    world.site.login = ({ headers }, response) => {
      lengths.push(headers['content-length'])
      response.writeHead(403).end()
    }
    const page = await world.open()
    const found = await page.run(async () => {
      const polluted = {
        ...{ cause: 'evil', remedy: 'evil', attempts: ['evil'] },
        ...{ body: 'evil', integrity: 'sha256-evil', mode: 'no-cors' },
      }
      Object.assign(Object.prototype, polluted)
      try {
        const error = await sdk
          .openWorkbench({ login: '/calldock/v1/tccc/login' })
          .catch((error) => error)
        const { code, remedy, attempts } = error
        const caused = Object.hasOwn(error, 'cause')
        return { code, caused, evil: remedy === 'evil', attempts, engine: sdk.engine('host') }
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    const { engine, ...error } = found
    assert.deepEqual(error, { code: 'LOGIN_FAILED', caused: false, evil: false, attempts: [] })
    assert.notEqual(engine, 'js', 'the module could be fetched')
    assert.ok(
      lengths.every((length) => length === undefined || length === '0'),
      `${lengths}`,
    )
  })

  test('end no listener: the agent is free each time the page goes to sleep', async () => {
    const page = await world.open()
    const held = await page.run(async () => {
      Object.assign(Object.prototype, { once: true })
      const login = async () => {
        Reflect.deleteProperty(Object.prototype, 'once')
        return await bench.login()()
      }
      await sdk.openWorkbench({ login })
      const count = async () => (await navigator.locks.query()).held?.length
      const show = (/** @type {string} */ type) =>
        window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }))
      const until = async (/** @type {number} */ wanted) => {
        for (let turn = 0; turn < 200 && (await count()) !== wanted; turn++)
          await new Promise((resolve) => setTimeout(resolve, 5))
        return await count()
      }
      const held = [await until(1)]
      for (let round = 0; round < 2; round++) {
        show('pagehide')
        held.push(await until(0))
        show('pageshow')
        held.push(await until(1))
      }
      return held
    })
    assert.deepEqual(held, [1, 0, 1, 0, 1])
  })

  test('are no word for an event of the widget that is not documented', async () => {
    const page = await world.open()
    const { code } = await page.failure(async (webAppId) => {
      Object.assign(window, { customerServiceIframe: () => {} })
      const widget = await sdk.loadChatWidget({ webAppId })
      Object.assign(Object.prototype, { unlisted: true })
      try {
        widget.on(/** @type {any} */ ('seatTyping'), () => {})
      } finally {
        Reflect.deleteProperty(Object.prototype, 'unlisted')
      }
    }, APP)
    assert.equal(code, 'INVALID_OPTION')
  })

  test('each member of the page’s options is read once', async () => {
    const page = await world.open()
    const counts = await page.run(async (webAppId) => {
      /** @type {Record<string, number>} */
      const counts = {}
      /** @param {string} name @param {object} members */
      const counted = (name, members) =>
        /** @type {any} */ (
          new Proxy(members, {
            get(target, key) {
              const member = `${name}.${String(key)}`
              counts[member] = (counts[member] ?? 0) + 1
              return Reflect.get(target, key)
            },
          })
        )
      await sdk.chatLink({ webAppId }, counted('chatLink', { title: 'a', unlisted: true, x: 1 }))
      const { signal } = new AbortController()
      const shared = { login: '/calldock/v1/tccc/login', window, signal }
      const { workbench, release } = sdk.shareWorkbench(counted('share', shared))
      await workbench
      release()
      return counts
    }, APP)
    assert.deepEqual(counts, {
      ...{ 'chatLink.title': 1, 'chatLink.unlisted': 1, 'chatLink.x': 1 },
      ...{ 'share.login': 1, 'share.window': 1, 'share.signal': 1 },
    })
  })
})
