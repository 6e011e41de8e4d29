// The globals of CEC's chat and those of the page: what the vendor's scripts read is the login's, and what
// was there before comes back.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { LOGIN, signed } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser("the globals of CEC's chat", (world) => {
  beforeEach(() => withoutCookies(world))

  /** A page with a script of its own. @param {string} text */
  const page = async (text) => {
    const view = await world.open({ entry: 'cec', before: ['chat-window.js'] })
    await view.run((text) => {
      const script = document.createElement('script')
      script.text = text
      document.head.append(script)
    }, text)
    return view
  }
  /** @param {any} login @param {Record<string, unknown>} [globals] */
  const open = async (login, globals) => {
    window.kept = await sdk.openChat({
      login,
      contextPath: '/service-cloud',
      locale: 'en',
      ...(globals && { globals }),
    })
  }
  const requested = () => world.site.sent.map(({ path }) => path)

  for (const [name, text, names] of /** @type {const} */ ([
    ['const', "const userId = 'u-2'", 'userId'],
    ['let', "let thirdUserData = { secretKey: 'x' }", 'thirdUserData'],
    ['class', 'class importScript {}', 'importScript'],
    ['a let that was never reached', 'throw new Error("no"); let userName', 'userName'],
    [
      'a member that is locked',
      "Object.defineProperty(window, 'userId', { value: 'u-2' })",
      'userId',
    ],
    ['const and let', "const configId = '1'; let $ContextPath", '$ContextPath, configId'],
  ]))
    test(`a page that has a global of the chat by ${name} is refused before anything runs`, async () => {
      const view = await page(text)
      const failure = await view.failure(open, signed('Ann', 'u-1'))
      assert.equal(failure.code, 'GLOBAL_MISSING', failure.message)
      assert.equal(failure.where, names)
      assert.match(failure.message, /expected the value that was assigned, found another value/)
      assert.deepEqual(requested(), [])
      const left = await view.run(() =>
        Object.keys(window).filter((name) => /^calldock\.|^thirdValidate$/.test(name)),
      )
      assert.deepEqual(left, [])
    })

  test('a library that the page declares by const is not the one that was passed in: refused', async () => {
    const view = await page('const axios = 1')
    const failure = await view.failure(async (login) => {
      const globals = { axios: () => {}, jQuery: () => {} }
      await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en', globals })
    }, LOGIN.token)
    assert.equal(failure.code, 'GLOBAL_MISSING', failure.message)
    assert.equal(failure.where, 'axios')
    assert.deepEqual(requested(), [])
  })

  test('a global of the chat that the page has locked is none of its own, though it was passed in', async () => {
    const view = await page("Object.defineProperty(window, 'userId', { value: 'u-2' })")
    const failure = await view.failure(open, LOGIN.token, { userId: 'u-3' })
    assert.equal(failure.where, 'userId', failure.message)
    assert.deepEqual(requested(), [])
  })

  test('globals whose names no script can write keep no chat from opening', async () => {
    const view = await page('')
    const globals = {
      class: 1,
      'a-b': 2,
      '1x': 3,
      'x]=1;window.harmed=1;[': 4,
      größe: 5,
      userId: 6,
    }
    await view.run(open, LOGIN.token, globals)
    const found = await view.run(async () => {
      const { globals } = window.kept.report()
      const page = /** @type {any} */ (window)
      const during = [page.class, page['a-b'], page.größe, page.harmed ?? 'unharmed']
      await window.kept.close()
      const after = ['class', 'a-b', '1x', 'größe', 'userId'].filter((name) => name in window)
      return { during, seen: globals['a-b'], after, errors: bench.errors }
    })
    assert.deepEqual(found, {
      during: [1, 2, 5, 'unharmed'],
      seen: true,
      after: [],
      errors: [],
    })
  })

  test('close gives back what the page had, and leaves what it has set meanwhile', async () => {
    const view = await page("var token, locale = 'xx'; window.configId = 'own'")
    const found = await view.run(async (login) => {
      const page = /** @type {any} */ (window)
      const field = document.createElement('input')
      field.id = 'userName'
      document.body.append(field)
      const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      const during = [typeof page.token, page.locale, typeof page.userName]
      page.userId = 'set by the page'
      page.configId = 'set by the page'
      await chat.close()
      const { token, locale, userId, configId } = page
      const named = page.userName === field && !Object.hasOwn(page, 'userName')
      return { during, token: token ?? 'none', locale, userId, configId, named }
    }, LOGIN.token)
    assert.deepEqual(found, {
      during: ['string', 'en', 'string'],
      token: 'none',
      locale: 'xx',
      userId: 'set by the page',
      configId: 'set by the page',
      named: true,
    })
  })
})
