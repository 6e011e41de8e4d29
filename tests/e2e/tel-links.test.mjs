// Telephone links and the element that call through the workbench around the page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Key } from 'selenium-webdriver'
import { inEachBrowser } from './harness/world.mjs'

/** What links say, and the number that is posted; nothing where the link is not ours to touch. */
const LINKS = [
  ['tel:13812345678', '13812345678'],
  ['TEL:+86-138-1234-5678', '+8613812345678'],
  ['tel:(0755)%2086000001', '075586000001'],
  ['tel:0755-86000001;ext=801', '075586000001-801'],
  ['tel:10086;phone-context=example.com', '10086'],
  ['mailto:agent@example.com', undefined],
  ['#tel:10086', undefined],
]

inEachBrowser('telephone links', (world) => {
  /** A page in a frame of another site, with links. */
  async function framed() {
    const { outer, inner } = await world.openFramed(world.site.otherOrigin)
    const parent = world.site.otherOrigin
    await inner.run((parent) => {
      const main = document.body.appendChild(document.createElement('main'))
      window.kept = {
        main,
        results: [],
        errors: [],
        /** @param {string} href @param {Element | ShadowRoot} [root] */
        link(href, root = main) {
          const link = document.createElement('a')
          link.href = href
          link.textContent = '刘先生'
          // A link that is left alone must not take the page away.
          link.addEventListener('click', (event) => {
            window.kept.prevented = event.defaultPrevented
          })
          root.append(link)
          return link
        },
      }
      window.kept.stop = sdk.dialTelLinks(document, {
        allowParents: [parent],
        onResult: (result) => window.kept.results.push(result),
        onError: (error) => window.kept.errors.push(error.code),
      })
      addEventListener('click', (event) => event.preventDefault())
    }, parent)
    const posted = () =>
      outer.run(() =>
        bench.messages.flatMap(({ data }) => /** @type {any} */ (data).payload?.message ?? []),
      )
    return { outer, inner, posted }
  }

  test('each kind of link posts its number, and others are left alone', async () => {
    const { inner, posted } = await framed()
    for (const [href] of LINKS)
      await inner.run((href) => window.kept.link(href).click(), href ?? '')
    const wanted = LINKS.flatMap(([, number]) => (number ? [number] : []))
    await inner.until('all results', (count) => window.kept.results.length === count, wanted.length)
    assert.deepEqual(
      (await posted()).map(({ phoneNumber }) => phoneNumber),
      wanted,
    )
  })

  test('links that come later, and in a shadow, are dialled by the keyboard too', async () => {
    const { inner, posted } = await framed()
    await inner.run(() => {
      const host = window.kept.main.appendChild(document.createElement('div'))
      const link = window.kept.link('tel:10086', host.attachShadow({ mode: 'open' }))
      link.dataset.desc = '订单 7'
      link.focus()
    })
    await inner.enter()
    await world.driver.actions().sendKeys(Key.ENTER).perform()
    await inner.until('the result', () => window.kept.results.length === 1)
    assert.deepEqual(await posted(), [{ phoneNumber: '10086', desc: '订单 7' }])
    const said = await inner.run(() => document.querySelector('[role=status]')?.textContent)
    assert.equal(said, 'The number was handed to the workbench.')
  })

  test('two clicks at once call once, and a modifier key is the browser’s', async () => {
    const { inner, posted } = await framed()
    await inner.run(() => {
      const link = window.kept.link('tel:10086')
      link.click()
      link.click()
      link.dispatchEvent(
        new MouseEvent('click', { bubbles: true, ctrlKey: true, cancelable: true }),
      )
    })
    await inner.until('the result', () => window.kept.results.length === 1)
    assert.equal((await posted()).length, 1)
  })

  test('a link that is no number says so', async () => {
    const { inner, posted } = await framed()
    await inner.run(() => window.kept.link('tel:call-me').click())
    const errors = await inner.until(
      'the error',
      () => window.kept.errors.length && window.kept.errors,
    )
    assert.deepEqual(errors, ['INVALID_OPTION'])
    assert.deepEqual(await posted(), [])
    const said = await inner.run(() => document.querySelector('[role=status]')?.textContent)
    assert.equal(said, 'The number could not be called.')
  })

  test('after the end, links are the browser’s again and nothing is left', async () => {
    const { inner, posted } = await framed()
    const left = await inner.run(() => {
      window.kept.link('tel:10086').click()
      window.kept.stop()
      window.kept.stop()
      window.kept.link('tel:10010').click()
      return {
        live: document.querySelector('[role=status]') !== null,
        clicks: bench.listeners().click,
      }
    })
    assert.deepEqual(left, { live: false, clicks: 1 })
    await inner.until('the first', () => window.kept.results.length === 1)
    assert.equal((await posted()).length, 1)
  })

  test('a page in no frame leaves its links to the device', async () => {
    const page = await world.open()
    const clicks = await page.run(() => {
      sdk.dialTelLinks(document)
      return bench.listeners().click ?? 0
    })
    assert.equal(clicks, 0)
  })

  test('the element calls by a click and by the keyboard, once at a time', async () => {
    const { inner, posted } = await framed()
    await inner.run((parent) => {
      sdk.defineCallElement({ allowParents: [parent] })
      sdk.defineCallElement({ allowParents: [parent] })
      const element = document.createElement('calldock-call')
      element.setAttribute('number', '13812345678')
      element.setAttribute('desc', '刘先生')
      element.textContent = 'Call'
      element.addEventListener('calldock-called', (event) =>
        window.kept.results.push(/** @type {CustomEvent} */ (event).detail.targetOrigin),
      )
      document.body.append(element)
      element.focus()
      element.shadowRoot?.querySelector('button')?.click()
      element.shadowRoot?.querySelector('button')?.click()
    }, world.site.otherOrigin)
    await inner.until('the first', () => window.kept.results.length === 1)
    await inner.enter()
    await world.driver.actions().sendKeys(Key.SPACE).perform()
    await inner.until('the second', () => window.kept.results.length === 2)
    assert.deepEqual(await posted(), [
      { phoneNumber: '13812345678', desc: '刘先生' },
      { phoneNumber: '13812345678', desc: '刘先生' },
    ])
  })

  test('the element tells of a failure, and is disabled by its attribute', async () => {
    const { inner, posted } = await framed()
    const found = await inner.run(async () => {
      sdk.defineCallElement({ tag: 'shop-call' })
      const element = document.createElement('shop-call')
      element.setAttribute('number', '13812345678')
      document.body.append(element)
      const button = element.shadowRoot?.querySelector('button')
      const failed = new Promise((resolve) =>
        element.addEventListener('calldock-failed', (event) => {
          event.preventDefault()
          resolve(/** @type {CustomEvent} */ (event).detail.code)
        }),
      )
      button?.click()
      const code = await failed
      element.setAttribute('disabled', '')
      return { code, disabled: button?.disabled, errors: bench.errors }
    })
    assert.deepEqual(found, { code: 'ORIGIN_REFUSED', disabled: true, errors: [] })
    assert.deepEqual(await posted(), [])
  })
})
