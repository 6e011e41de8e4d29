// The vendor's own sample pages, as the control: what they send, the doubles accept. Then the same pages
// written with Calldock, which need neither jQuery nor axios and make none of the samples' mistakes.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Guide } from './cec/guide.mjs'
import { LOGIN } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

/** Each engine's words for a second declaration, and for a name that is none. */
const WORDS = {
  chromium: {
    twice: "Identifier 'aiccWebChatClient' has already been declared",
    missing: 'axios is not defined',
  },
  firefox: { twice: 'redeclaration of let aiccWebChatClient', missing: 'axios is not defined' },
  webkit: {
    twice: "Can't create duplicate variable: 'aiccWebChatClient'",
    missing: "Can't find variable: axios",
  },
}

inEachBrowser("the guide's pages", (world) => {
  const guide = new Guide()
  beforeEach(async () => {
    await withoutCookies(world)
    world.site.own = (request, response) => guide.answer(request, response)
  })

  /** @param {string} name @param {import('./cec/guide.mjs').Filling} filling */
  const show = async (name, filling) => {
    guide.filling = { site: world.site.origin, ...filling }
    await world.driver.get(`${world.site.origin}/guide/${name}.html`)
    return new View(world.driver)
  }
  /** A visitor with a token of the real server. */
  const tom = async () => {
    const answer = await fetch(`${world.site.origin}${LOGIN.token}`, { method: 'POST' })
    const login = await answer.json()
    return { token: login.token, name: login.thirdUserName, id: login.thirdUserId }
  }
  const talk = async () => {
    await chatWindow.open()
    return chatWindow.say('hello')
  }
  const libraries = () =>
    world.site.requested.filter((path) => /jquery|axios/.test(path)).map((path) => path.slice(7))
  /** What the double noted of the scripts it gave. */
  const served = async () =>
    (await world.doubles.log('cec')).filter(({ step }) => /thirdPartyClient/i.test(step))

  test('the sample for Token mode works, with jQuery 1.8.3 and axios', async () => {
    const view = await show('token', await tom())
    assert.equal(await view.run(talk), 'Received: hello')
    const found = await view.run(() => {
      const { jQuery } = /** @type {any} */ (window)
      return { errors: bench.errors, jQuery: jQuery.fn.jquery }
    })
    assert.deepEqual(found, { errors: [], jQuery: '1.8.3' })
    assert.deepEqual(libraries().sort(), ['js/axios.min.js', 'js/jquery-1.8.3.js'])
    for (const { outcome, contentType, unknown } of await served()) {
      assert.equal(outcome, 'served')
      assert.match(contentType, /^application\/x-www-form-urlencoded/)
      assert.deepEqual(unknown, [])
    }
  })

  test('the sample for Authorization mode works, with jQuery 3.4.1', async () => {
    await world.doubles.control('faults', { cec: { type: 'text/plain' } })
    const view = await show('authorization', { name: 'Ann', id: 'u-1' })
    assert.equal(await view.run(talk), 'Received: hello')
    const found = await view.run(() => {
      const { jQuery } = /** @type {any} */ (window)
      return { errors: bench.errors, jQuery: jQuery.fn.jquery }
    })
    assert.deepEqual(found, { errors: [], jQuery: '3.4.1' })
    assert.deepEqual(libraries(), ['jquery.js'])
  })

  test('mistake: that sample sends its secret key to everybody', async () => {
    const view = await show('authorization', { name: 'Ann', id: 'u-1' })
    await view.run(talk)
    const [first] = await served()
    assert.deepEqual(first?.unknown, ['secretKey'])
    assert.ok(await view.run(() => document.documentElement.outerHTML.includes('secretKey')))
  })

  test('mistake: that sample runs a JavaScript answer twice', async () => {
    const view = await show('authorization', { name: 'Ann', id: 'u-1' })
    const error = await view.until('the second run', () => bench.errors[0] ?? '')
    assert.match(error, /SyntaxError: /)
    assert.ok(error.includes(WORDS[world.name].twice), error)
  })

  test("mistake: the sample for Token mode runs a visitor's name as code", async () => {
    const given = await tom()
    const view = await show('token', { ...given, name: "';window.harmed = 'by a name';'" })
    const harmed = await view.until('the harm', () => /** @type {any} */ (window).harmed)
    assert.equal(harmed, 'by a name')
  })

  test("mistake: an O'Brien breaks the sample for Token mode", async () => {
    const view = await show('token', { ...(await tom()), name: "O'Brien" })
    const error = await view.until('the error', () => bench.errors[0] ?? '')
    assert.match(error, /SyntaxError/)
    assert.equal(await view.run(() => document.getElementById('aicc-web-chat')), null)
  })

  for (const [mode, login] of Object.entries(LOGIN))
    test(`with Calldock in ${mode} mode: neither library, and the chat works`, async () => {
      const view = await show('calldock', { login })
      assert.equal(await view.run(talk), 'Received: hello')
      const found = await view.run(() => {
        const { jQuery, $, axios } = /** @type {any} */ (window)
        const { dataset } = document.documentElement
        return { kinds: [typeof jQuery, typeof $, typeof axios], errors: bench.errors, ...dataset }
      })
      assert.deepEqual(found, {
        kinds: ['undefined', 'undefined', 'undefined'],
        errors: [],
        cobrowse: 'loaded',
        cobrowseCommon: 'loaded',
      })
      assert.deepEqual(libraries(), [])
      for (const { outcome, unknown } of await served())
        assert.deepEqual([outcome, unknown], ['served', []])
    })

  for (const wants of ['jquery', 'axios'])
    test(`with Calldock, for a tenant whose script wants ${wants}`, async () => {
      await world.doubles.control('faults', { cec: { wants } })
      const view = await show('libraries', { login: LOGIN.token })
      assert.equal(await view.run(talk), 'Received: hello')
      const found = await view.run(() => {
        const { bare, jQuery, $, axios } = /** @type {any} */ (window)
        return { bare, version: jQuery.fn.jquery, same: $ === jQuery, axios: typeof axios }
      })
      assert.deepEqual(found, {
        bare: ['undefined', 'undefined', 'undefined'],
        version: '3.4.1',
        same: true,
        axios: 'function',
      })
    })

  test('without them that tenant’s script throws, and the report says so', async () => {
    await world.doubles.control('faults', { cec: { wants: 'axios' } })
    const view = await world.open({ entry: 'cec' })
    const threw = await view.run(async (login) => {
      const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
      return chat.report().scripts.map(({ threw }) => threw ?? null)
    }, LOGIN.authorization)
    assert.ok(String(threw).includes(`ReferenceError: ${WORDS[world.name].missing}`), `${threw}`)
  })
})
