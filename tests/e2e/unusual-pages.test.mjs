// Pages that do what few pages do, and that browsers allow.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('unusual pages', (world) => {
  test('a hashchange event that a router makes itself is no call and no error', async () => {
    const page = await world.open({ hash: '#?mobile=1&status=100' })
    const found = await page.run(async () => {
      /** @type {unknown[]} */
      const heard = []
      const onError = (/** @type {{ code: string }} */ { code }) => heard.push(code)
      sdk.onScreenPop(({ mobile, status }) => heard.push(`${mobile} ${status}`), { onError })
      // Before the core is there, and after.
      dispatchEvent(new Event('hashchange'))
      await sdk.ready({ roles: ['frame'] })
      await bench.until(() => heard.length > 0)
      location.hash = '#?mobile=1&status=200'
      await bench.until(() => heard.includes('1 connected'))
      dispatchEvent(new Event('hashchange'))
      dispatchEvent(new HashChangeEvent('hashchange'))
      location.hash = '#?mobile=1&status=400'
      await bench.until(() => heard.includes('1 ended'))
      return heard
    })
    assert.deepEqual(found, ['1 ringing', '1 connected', '1 ended'])
    assert.deepEqual(await page.run(() => bench.errors), [])
  })

  test('a page in about:srcdoc has the addresses of the page around it', async () => {
    const page = await world.open()
    const agentId = await page.run(async () => {
      const frame = document.createElement('iframe')
      frame.allow = 'microphone'
      frame.srcdoc = '<!doctype html><title>A page</title>'
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      const inner = /** @type {Window & typeof globalThis & { opened?: Promise<string> }} */ (
        frame.contentWindow
      )
      const script = inner.document.createElement('script')
      script.type = 'module'
      script.textContent = `
        import { openWorkbench } from '${location.origin}/node_modules/calldock/tccc.js'
        window.opened = openWorkbench({ login: '/calldock/v1/tccc/login' }).then(
          ({ agentId }) => agentId,
          ({ code, message }) => code + ' ' + message,
        )`
      inner.document.body.append(script)
      await bench.until(() => inner.opened)
      return inner.opened
    })
    assert.equal(agentId, 'agent@example.com')
  })

  test('a page in about:srcdoc calls out to the page around it', async () => {
    const page = await world.open()
    const target = await page.run(async () => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<!doctype html><iframe srcdoc="A page"></iframe>'
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
      const around = /** @type {Window} */ (frame.contentWindow)
      const inner = /** @type {Window & typeof globalThis & { called?: Promise<string> }} */ (
        around[0]
      )
      const script = inner.document.createElement('script')
      script.type = 'module'
      script.textContent = `
        import { callOut } from '${location.origin}/node_modules/calldock/tccc.js'
        window.called = callOut('10086', { allowParents: ['${location.origin}'] }).then(
          ({ targetOrigin }) => targetOrigin,
          ({ code, message }) => code + ' ' + message,
        )`
      inner.document.body.append(script)
      await bench.until(() => inner.called)
      return inner.called
    })
    assert.equal(target, world.site.origin)
  })

  for (const [lang, tag] of [
    ['zh_CN', 'zh-CN'],
    ['中文', '-'],
    ['de', 'de'],
  ])
    test(`<html lang="${lang}"> asks the login server for ${tag}`, async () => {
      /** @type {unknown[]} */
      const asked = []
      world.site.own = ({ url, headers }) => {
        if (url === '/calldock/v1/tccc/login') asked.push(headers['accept-language'])
        return false
      }
      const page = await world.open()
      const agentId = await page.run(async (lang) => {
        document.documentElement.lang = lang
        const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
        return workbench.agentId
      }, `${lang}`)
      assert.equal(agentId, 'agent@example.com')
      assert.deepEqual(asked, [tag])
    })
})
