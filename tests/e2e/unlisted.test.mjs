// What the vendors have not documented yet is used by an explicit word, and refused without it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const APP = '9903496b6be2e67ad291dd2323f3ae9f'

inEachBrowser('unlisted', (world) => {
  /** A workbench whose vendor has an event `newEvent`, emitted by `window.kept.emit`. */
  async function workbench() {
    const page = await world.open()
    await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      const raw = /** @type {any} */ (workbench.raw)
      const handlers = /** @type {Set<(payload: unknown) => void>} */ (new Set())
      const [on, off] = [raw.on, raw.off]
      raw.on = (/** @type {string} */ name, /** @type {any} */ handler) =>
        name === 'newEvent' ? handlers.add(handler) : on.call(raw, name, handler)
      raw.off = (/** @type {string} */ name, /** @type {any} */ handler) =>
        name === 'newEvent' ? handlers.delete(handler) : off.call(raw, name, handler)
      const emit = (/** @type {unknown} */ payload) => {
        for (const handler of [...handlers]) handler(payload)
      }
      window.kept = { workbench, handlers, emit, received: [] }
    })
    return page
  }

  test('an event of the vendor’s: heard by the word, until it is stopped or the workbench closes', async () => {
    const page = await workbench()
    const received = await page.run(async () => {
      const { workbench, handlers, emit, received } = window.kept
      const unlisted = /** @type {const} */ ({ unlisted: true })
      const stop = workbench.on(
        'newEvent',
        (/** @type {unknown} */ p) => received.push(['on', p]),
        unlisted,
      )
      await bench.until(() => handlers.size === 1)
      // From then on the name is known.
      workbench.once('newEvent', (/** @type {unknown} */ p) => received.push(['once', p]))
      emit({ data: { x: 1 } })
      emit({ data: { x: 2 } })
      stop()
      emit({ data: { x: 3 } })
      workbench.close()
      return { received, left: handlers.size }
    })
    assert.deepEqual(received, {
      received: [
        ['on', { data: { x: 1 } }],
        ['once', { data: { x: 1 } }],
        ['on', { data: { x: 2 } }],
      ],
      left: 0,
    })
  })

  test('a listener that throws does not end the others', async () => {
    const page = await workbench()
    const received = await page.run(async () => {
      const { workbench, handlers, emit, received } = window.kept
      const unlisted = /** @type {const} */ ({ unlisted: true })
      workbench.on(
        'newEvent',
        () => {
          throw new Error('of the page')
        },
        unlisted,
      )
      workbench.on('newEvent', (/** @type {unknown} */ p) => received.push(p), unlisted)
      await bench.until(() => handlers.size > 0)
      emit('a text')
      return received
    })
    assert.deepEqual(received, ['a text'])
  })

  test('an event that is not listed is refused without the word, as is a listener that is none', async () => {
    const page = await workbench()
    for (const work of [
      () => window.kept.workbench.on('newEvent', () => {}),
      () => window.kept.workbench.on('newEvent', () => {}, { unlisted: false }),
      () => window.kept.workbench.on('newEvent', null, { unlisted: true }),
    ]) {
      const { code } = await page.failure(work)
      assert.equal(code, 'INVALID_OPTION')
    }
  })

  test('members of the script’s dataset', async () => {
    const page = await world.open()
    const dataset = await page.run(async () => {
      await sdk.openWorkbench({
        login: bench.login(),
        dataset: { newMember: 'x', token: 'not this one' },
      })
      const script = /** @type {HTMLScriptElement} */ (
        [...document.scripts].find(({ dataset }) => dataset.newMember)
      )
      return { newMember: script.dataset.newMember, own: script.dataset.token !== 'not this one' }
    })
    assert.deepEqual(dataset, { newMember: 'x', own: true })
  })

  for (const dataset of [{ 'a-b': 1 }, { 'with space': 'x' }])
    test(`a name that no data attribute may have: ${Object.keys(dataset)}`, async () => {
      const page = await world.open()
      const { code, message } = await page.failure(
        (dataset) => sdk.openWorkbench({ login: bench.login(), dataset }),
        /** @type {any} */ (dataset),
      )
      assert.equal(code, 'INVALID_OPTION', message)
      assert.match(message, /^options\.dataset: /)
      assert.equal(await page.run(() => bench.logins), 0, 'a login works once')
    })

  test('a chat link’s parameters', async () => {
    const page = await world.open()
    const options = { title: 'foo', fast: true, size: 2, theme: 'dark' }
    const link = await page.run(
      (webAppId, options) =>
        sdk.chatLink(
          { webAppId },
          /** @type {any} */ ({ ...options, lone: '\ud83d', unlisted: true }),
        ),
      APP,
      options,
    )
    assert.ok(link.endsWith('&title=foo&fast=true&size=2&theme=dark&lone=%EF%BF%BD'), link)
    for (const terms of [
      options,
      { theme: { a: 1 }, unlisted: true },
      { theme: null, unlisted: 1 },
    ]) {
      const { code } = await page.failure(
        (webAppId, terms) => sdk.chatLink({ webAppId }, /** @type {any} */ (terms)),
        APP,
        terms,
      )
      assert.equal(code, 'INVALID_OPTION', JSON.stringify(terms))
    }
  })

  test('a widget’s parameters', async () => {
    const page = await world.open()
    const scriptUrl = `${world.doubles.origin}/web/im/imPublish.js`
    const src = await page.run(
      async (webAppId, scriptUrl) => {
        await sdk.loadChatWidget(
          /** @type {any} */ ({ webAppId, scriptUrl, theme: 'a&b', unlisted: true }),
        )
        return [...document.scripts].map(({ src }) => src).find((src) => src.includes('imPublish'))
      },
      APP,
      scriptUrl,
    )
    assert.equal(src, `${scriptUrl}?webAppId=${APP}&theme=a%26b`)
    const { code } = await page.failure(
      (webAppId, scriptUrl) =>
        sdk.loadChatWidget(/** @type {any} */ ({ webAppId, scriptUrl, theme: 'dark' })),
      APP,
      scriptUrl,
    )
    assert.equal(code, 'INVALID_OPTION')
  })

  test('what other code adds to Object.prototype is no such word', async () => {
    const page = await world.open()
    const { code } = await page.failure(async (webAppId) => {
      Object.defineProperty(Object.prototype, 'unlisted', {
        value: true,
        configurable: true,
        writable: true,
      })
      try {
        return await sdk.chatLink({ webAppId }, /** @type {any} */ ({ theme: 'dark' }))
      } finally {
        Reflect.deleteProperty(Object.prototype, 'unlisted')
      }
    }, APP)
    assert.equal(code, 'INVALID_OPTION')
  })
})
