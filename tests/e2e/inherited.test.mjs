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

  test('are no state of the page: no chat, no visitor, no page that is shared', async () => {
    const page = await world.open({ entry: 'cec' })
    const found = await page.run(async () => {
      let given = false
      const join = () => {
        given = true
      }
      const polluted = { join, ranFor: 'evil', started: true }
      Object.assign(Object.prototype, polluted)
      const contextPath = '/service-cloud'
      const login = async () => {
        throw new Error('the chat is opened')
      }
      try {
        const shared = await sdk.startCobrowse({ contextPath })
        const error = await sdk.openChat({ login, contextPath, locale: 'en' }).catch((e) => e)
        return { shared, given, code: error?.code }
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    assert.deepEqual(found, { shared: false, given: false, code: 'LOGIN_FAILED' })
  })

  test('are no Trusted Types policy and none of its rules, and no listener to screen pops', async () => {
    const csp = "require-trusted-types-for 'script'; trusted-types calldock"
    const page = await world.open({ csp })
    const found = await page.run(async () => {
      const polluted = { policy: {}, createHTML: 'evil', frame: {}, page: window }
      Object.assign(Object.prototype, polluted)
      try {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const { screenPop } = await workbench.compatibility()
        return { agentId: workbench.agentId, screenPop: screenPop ?? 'none' }
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    assert.deepEqual(found, { agentId: 'agent@example.com', screenPop: 'none' })
  })

  test('are no text of an error on a Chinese page', async () => {
    const page = await world.open({ lang: 'zh-CN' })
    const { code } = await page.failure(async () => {
      Object.assign(Object.prototype, { zh: 'evil' })
      try {
        await sdk.openWorkbench({ login: '' })
      } finally {
        Reflect.deleteProperty(Object.prototype, 'zh')
      }
    })
    assert.equal(code, 'INVALID_OPTION')
  })

  test('are no option of the request for the page’s own headers', async () => {
    const page = await world.open({ headers: { 'x-frame-options': 'DENY' } })
    const status = await page.run(async () => {
      const polluted = { body: 'evil', integrity: 'sha256-evil' }
      Object.assign(Object.prototype, polluted)
      try {
        const { checks } = await sdk.preflight({ for: 'frame' })
        return checks.find(({ name }) => name === 'frame')?.status
      } finally {
        for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
      }
    })
    assert.equal(status, 'failed')
  })

  test('are no group and no method of the workbench', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const { prototype } = Object
      Object.assign(prototype, { agent: 'evil', call: { startOutbound: 'evil' }, chat: 7 })
      // One that nothing can be assigned over.
      Object.defineProperty(prototype, 'startOutbound', { configurable: true, value: 'evil' })
      const names = ['agent', 'call', 'chat', 'startOutbound']
      try {
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        const { call, agent, chat } = workbench
        const methods = [call.startOutbound, call.accept, agent.getStatus, chat.end]
        return { status: await agent.getStatus(), methods: methods.map((one) => typeof one) }
      } finally {
        for (const name of names) Reflect.deleteProperty(prototype, name)
      }
    })
    assert.deepEqual(found, { status: 'free', methods: Array(4).fill('function') })
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
        while ((await count()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 5))
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
