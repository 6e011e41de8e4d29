// `allow` of serveCallOuts is checked at once in its recommended use too: before the core runs, with the promise of a
// workbench.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

const REFUSED = [
  ...['*', 'null', '', ' ', 'crm.example.com', '//crm.example.com'],
  ...['https://crm.example.com/', 'https://crm.example.com/a', 'https://crm.example.com?a'],
  ...['https://*.crm.example.com', 'https://CRM.example.com', 'https://a@crm.example.com'],
  ...['https://crm.example.com ', 'https://例子.cn', 'https://', 'https://:443'],
  ...['http://crm.example.com', 'http://localhost.crm.example.com', 'http://127.0.0.1.crm.example'],
  ...['file://', 'file:///a', 'ftp://crm.example.com', 'wss://crm.example.com', 'data:text/html,a'],
  ...['https://crm.example.com:port', 'https://crm.example.com:99999', 'https://crm.example.com:'],
]
const TAKEN = [
  ...['https://crm.example.com', 'https://crm.example.com:443', 'https://crm.example.com:8443'],
  ...['http://localhost', 'http://localhost:80', 'http://127.0.0.1:8080', 'http://[::1]:8080'],
  ...['http://crm.localhost', 'https://[2001:db8::1]', 'app://crm', 'tauri://localhost'],
  ...['https://xn--fsqu00a.cn', 'https://a_b.example.com'],
]

inEachBrowser('origins to serve', (world) => {
  test('are checked at once, also before the core runs, and as the core does', async () => {
    const page = await world.open()
    /** @param {string[]} origins */
    const codes = (origins) =>
      page.run((origins) => {
        const before = JSON.stringify(bench.listeners())
        return origins.map((origin) => {
          try {
            sdk.serveCallOuts(new Promise(() => {}), { allow: ['https://a.example', origin] })()
            return 'taken'
          } catch (error) {
            const { code, message } = /** @type {any} */ (error)
            const clean = before === JSON.stringify(bench.listeners())
            return clean && /^allow: expected ./.test(message) ? code : message
          }
        })
      }, origins)
    const all = [...REFUSED, ...TAKEN]
    const wanted = all.map((origin) => (TAKEN.includes(origin) ? 'taken' : 'INVALID_OPTION'))
    assert.equal(await page.run(() => sdk.engine('host')), null)
    assert.deepEqual(await codes(all), wanted)
    await page.run(() => sdk.ready({ roles: ['host'] }))
    assert.deepEqual(await codes(all), wanted)
    assert.deepEqual(await page.run(() => bench.errors), [])
  })
})
