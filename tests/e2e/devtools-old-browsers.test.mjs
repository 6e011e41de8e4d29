// The inspector in the oldest browsers of docs/en/browsers.md: no constructed sheets, no lookbehind.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('devtools of an older browser', (world) => {
  const NONCE = 'c29tZXRoaW5n'
  const pages = /** @type {const} */ ([
    ['no policy', {}],
    [
      'a policy that lets styles in by the page’s nonce',
      { csp: `script-src 'nonce-${NONCE}' 'strict-dynamic'; style-src 'nonce-${NONCE}'` },
    ],
  ])
  for (const [policy, { csp } = /** @type {any} */ ({})] of pages)
    test(`without constructed sheets two inspectors have their style, under ${policy}`, async () => {
      const page = await world.open(csp ? { csp, nonce: NONCE } : {})
      const looks = await page.run(async () => {
        await bench.until(() => window.sdk)
        // Safari 15.4 has the class, which cannot be constructed.
        window.CSSStyleSheet = /** @type {any} */ (
          class {
            constructor() {
              throw new TypeError('Illegal constructor')
            }
          }
        )
        const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
        return [mountInspector(), mountInspector()].map(({ element, close }) => {
          const panel = element.shadowRoot?.querySelector('.panel')
          const { position, display } = getComputedStyle(/** @type {Element} */ (panel))
          close()
          return [position, display]
        })
      })
      assert.deepEqual(looks, [
        ['fixed', 'flex'],
        ['fixed', 'flex'],
      ])
      assert.deepEqual(await page.run(() => bench.violations), [])
    })

  test('a short number is hidden where it stands alone, with what is around it kept', async () => {
    const page = await world.open()
    const texts = await page.run(async () => {
      const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
      const inspector = mountInspector()
      const texts = [
        '12345',
        '12345,67890',
        'a=12345;(54321)',
        'A12345',
        '12345x',
        '１２３４５',
        '1234',
      ]
      for (const text of texts) inspector.add({ name: 'text', detail: { text } })
      const { entries } = /** @type {import('calldock/devtools').InspectorExport} */ (
        inspector.export()
      )
      inspector.close()
      return entries.map(({ detail }) => detail.text)
    })
    const hidden = '‹5 characters›'
    assert.deepEqual(texts, [
      ...[hidden, `${hidden},${hidden}`, `a=${hidden};(${hidden})`, 'A12345', '12345x', hidden],
      '1234',
    ])
  })
})
