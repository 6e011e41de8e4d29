// CEC's chat behind Debian's nginx, by the configuration that deploy/ has; and what the guide's own
// configuration asks for.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Nginx } from './cec/nginx.mjs'
import { LOGIN } from './cec/visitor.mjs'
import { withoutCookies } from './harness/cookies.mjs'
import { inEachBrowser } from './harness/world.mjs'

const SCRIPT = '/service-cloud/webclient/chat_client/js/newThirdPartyClient.js'

inEachBrowser("CEC's chat behind nginx", (world) => {
  const nginx = new Nginx()
  before(() => nginx.start(world.site.origin, world.site.backend, world.doubles.origin))
  after(() => nginx.stop())
  beforeEach(() => withoutCookies(world))
  /** A page behind one of the servers. @param {keyof Nginx['ports']} front */
  const page = (front) =>
    world.open({
      entry: 'cec',
      before: ['chat-window.js'],
      origin: `http://localhost:${nginx.ports[front]}`,
    })

  for (const [mode, login] of Object.entries(LOGIN))
    test(`${mode} mode: from the login to the agent's answer`, async () => {
      const reported = nginx.seen().length
      const view = await page('deployed')
      const found = await view.run(async (login) => {
        const chat = await sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' })
        await chatWindow.open()
        const reported = await chatWindow.say('hello')
        await chat.close()
        const { cookieVisible, crossOrigin, warnings, scripts } = chat.report()
        const threw = scripts.filter(({ threw }) => threw)
        return { reported, cookieVisible, crossOrigin, warnings, threw, cookie: document.cookie }
      }, login)
      const { cookie, ...rest } = found
      assert.deepEqual(rest, {
        reported: 'Received: hello',
        cookieVisible: true,
        crossOrigin: false,
        warnings: [],
        threw: [],
      })
      assert.match(cookie, /\bccmessaging-token=/)
      assert.doesNotMatch(cookie, /of-cec/, 'a cookie of another name does not pass')
      const seen = nginx.seen().slice(reported)
      for (const { host, name, path, client, scheme } of seen) {
        assert.deepEqual(
          [host, name, client, scheme],
          ['cec.test', 'cec.test', '127.0.0.1', 'http'],
        )
        assert.match(path, /^\/service-cloud\//)
      }
      assert.equal(seen.filter(({ path }) => path.startsWith(`${SCRIPT}?&t=`)).length, 1)
    })

  test("a certificate that is not CEC's is not accepted", async () => {
    const reported = nginx.seen().length
    const view = await page('distrustful')
    const failure = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      LOGIN.authorization,
    )
    assert.equal(failure.code, 'VENDOR_REJECTED')
    assert.match(failure.message, /found HTTP 502/)
    assert.deepEqual(nginx.seen().slice(reported), [])
  })

  test("the guide's block asks CEC for /service-cloudwebclient, which there is not", async () => {
    const reported = nginx.seen().length
    const view = await page('guides')
    const failure = await view.failure(
      (login) => sdk.openChat({ login, contextPath: '/service-cloud', locale: 'en' }),
      LOGIN.authorization,
    )
    assert.equal(failure.code, 'VENDOR_REJECTED')
    assert.match(failure.message, /^newThirdPartyClient\.js: .*found HTTP 404/)
    // nginx writes its log after it has answered.
    const deadline = Date.now() + 5000
    while (nginx.seen().length === reported && Date.now() < deadline) await sleep(20)
    const paths = nginx.seen().slice(reported)
    assert.deepEqual(
      paths.map(({ path }) => path.split('?')[0]),
      ['/service-cloudwebclient/chat_client/js/newThirdPartyClient.js'],
    )
  })
})
