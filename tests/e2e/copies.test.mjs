// Two copies of the package on a page, as micro-frontends have them, and two roles of one copy.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as places from './harness/places.mjs'
import { inEachBrowser } from './harness/world.mjs'

const TRUSTED = "require-trusted-types-for 'script'; trusted-types calldock"

inEachBrowser('copies', (world) => {
  /** Serves the package a second time, at an address of its own. */
  function serveCopy() {
    world.site.own = ({ url }, response) => {
      if (!url?.startsWith('/copy/')) return false
      const file = `${places.playground()}/node_modules/calldock/${url.slice('/copy/'.length)}`
      const type = url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript; charset=utf-8'
      response.writeHead(200, { 'content-type': type }).end(readFileSync(file))
      return true
    }
  }

  test('an error of another copy and of another realm is one of ours', async () => {
    serveCopy()
    const page = await world.open()
    const found = await page.run(async () => {
      const copy = await bench.load('/copy/index.js')
      const error = await copy.ready({ roles: ['none'] }).catch((/** @type {unknown} */ e) => e)
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const realm = /** @type {any} */ (frame.contentWindow)
      const script = frame.contentDocument?.createElement('script')
      if (!script) throw new Error('no document')
      script.type = 'module'
      script.textContent = `
        import { ready } from '/node_modules/calldock/index.js'
        ready({ roles: ['none'] }).catch((error) => { window.error = error })`
      frame.contentDocument?.body.append(script)
      await bench.until(() => realm.error)
      const impostors = [
        undefined,
        null,
        'CalldockError',
        new Error('x'),
        { name: 'CalldockError' },
      ]
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return {
        sameClass: copy.CalldockError === sdk.CalldockError,
        copy: sdk.isCalldockError(error),
        instance: realm.error instanceof sdk.CalldockError,
        realm: sdk.isCalldockError(realm.error),
        impostors: [...impostors, proxy].map((value) => sdk.isCalldockError(value)),
      }
    })
    assert.deepEqual(found, {
      sameClass: false,
      copy: true,
      instance: false,
      realm: true,
      impostors: [false, false, false, false, false, false],
    })
  })

  test('two copies and two roles create one Trusted Types policy, and both inject', async () => {
    serveCopy()
    const page = await world.open({ csp: TRUSTED, entry: 'cec' })
    const found = await page.run(async () => {
      /** @type {string[]} */
      const policies = []
      const { trustedTypes } = /** @type {any} */ (window)
      const create = trustedTypes.createPolicy.bind(trustedTypes)
      trustedTypes.createPolicy = (/** @type {string} */ name, /** @type {unknown} */ rules) => {
        policies.push(name)
        return create(name, rules)
      }
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      const copy = await bench.load('/copy/cec.js')
      const chat = await copy.openChat({
        login: '/calldock/v1/cec/login',
        contextPath: '/service-cloud',
        locale: 'zh',
      })
      chat.close()
      await workbench.close()
      return { policies, violations: bench.violations.map(({ directive }) => directive) }
    })
    assert.deepEqual(found, { policies: ['calldock'], violations: [] })
  })

  test('two copies load the chat widget once', async () => {
    serveCopy()
    const page = await world.open()
    const count = await page.run(
      async (webAppId, scriptUrl) => {
        const [copy, { ready }] = await Promise.all([
          bench.load('/copy/tccc.js'),
          bench.load('/copy/index.js'),
        ])
        await Promise.all([sdk.ready({ roles: ['host'] }), ready({ roles: ['host'] })])
        const options = { webAppId, scriptUrl }
        await Promise.all([sdk.loadChatWidget(options), copy.loadChatWidget(options)])
        return document.querySelectorAll('script[src*="imPublish"]').length
      },
      '9903496b6be2e67ad291dd2323f3ae9f',
      `${world.doubles.origin}/web/im/imPublish.js`,
    )
    assert.equal(count, 1)
  })
})
