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
  ['tel:010-86000001%E8%BD%AC801', '01086000001-801'],
  ['tel:%E2%80%AD13812345678%E2%80%AC', '13812345678'],
  ['tel:0755-86000001;ext=801;phone-context=example.com', '075586000001-801'],
  ['tel:0755-86000001-801', '075586000001-801'],
  ['tel:+86-755-86000001-801', '+8675586000001-801'],
  ['tel:(010)%2086000001-1', '01086000001-1'],
  ['tel:1380000-0000', '13800000000'],
  ['tel:400-910-0100', '4009100100'],
  ['tel:400-820-8820-801', '4008208820-801'],
  ['tel:4008208820-1', '4008208820-1'],
  ['tel:13812345678-1234', '13812345678-1234'],
  ['tel:+86-138-1234-5678-1234', '+8613812345678-1234'],
  ['tel:+8613812345678-1234', '+8613812345678-1234'],
  ['tel:01088888888-801', '01088888888-801'],
  ['tel:+861088888888-801', '+861088888888-801'],
  ['tel:010-8888-8888-801', '01088888888-801'],
  ['tel:+86%2010%208888%208888-801', '+861088888888-801'],
  ['tel:95588-1', '95588-1'],
  ['tel:010-88888888-801;phone-context=+86', '01088888888-801'],
  ['tel:13800000000-1234;phone-context=x', '13800000000-1234'],
  ['tel:0755-8888-8888', '075588888888'],
  ['tel:+852-2888-1234', '+85228881234'],
  ['tel:+852-2888-1234-801', '+85228881234-801'],
  ['tel:400-820-8820', '4008208820'],
  ['tel:95765-43210', '9576543210'],
  ['tel:12345-67890', '1234567890'],
  ['tel://13800000000', '13800000000'],
  ['tel:13800000000#mp.weixin.qq.com', '13800000000'],
  ['tel:（0755）86000001', '075586000001'],
  ['tel:(+86)%20138-0000-0000', '+8613800000000'],
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

  /** Presses a key on `kept.focused`. A frame that was never clicked has no keyboard in WebKit. @param {import('./harness/page.mjs').View} inner @param {string} key */
  async function press(inner, key) {
    await inner.enter()
    await world.driver.findElement({ css: 'body' }).click()
    await inner.run(() => window.kept.focused.focus())
    await world.driver.actions().sendKeys(key).perform()
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
      window.kept.focused = link
    })
    await press(inner, Key.ENTER)
    await inner.until('the result', () => window.kept.results.length === 1)
    assert.deepEqual(await posted(), [{ phoneNumber: '10086', desc: '订单 7' }])
    const output = await inner.run(() => document.querySelector('[role=status]')?.textContent)
    assert.equal(output, 'The number was handed to the workbench.')
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

  test('two numbers, a word behind one, and a doubtful zero are not dialled as one number', async () => {
    const { inner, posted } = await framed()
    const links = [
      'tel:26888888%0926999999',
      'tel:10086%0A10010',
      'tel:26888888%2026999999',
      'tel:13800000000 wang',
      'tel:13800000000(wang)',
      'tel:+86 (0)755 2688 8888',
    ]
    for (const href of links) {
      await inner.run((href) => window.kept.link(href).click(), href)
      await inner.until('the error', () => window.kept.errors.pop() === 'INVALID_OPTION')
    }
    assert.deepEqual(await posted(), [])
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
    const output = await inner.run(() => document.querySelector('[role=status]')?.textContent)
    assert.equal(output, 'The number could not be called.')
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
      window.kept.focused = element
      element.shadowRoot?.querySelector('button')?.click()
      element.shadowRoot?.querySelector('button')?.click()
    }, world.site.otherOrigin)
    await inner.until('the first', () => window.kept.results.length === 1)
    await press(inner, Key.SPACE)
    await inner.until('the second', () => window.kept.results.length === 2)
    assert.deepEqual(await posted(), [
      { phoneNumber: '13812345678', desc: '刘先生' },
      { phoneNumber: '13812345678', desc: '刘先生' },
    ])
  })

  test('a name that is the browser’s own is refused', async () => {
    const { inner } = await framed()
    for (const tag of ['font-face', 'annotation-xml', 'call']) {
      const failure = await inner.failure((tag) => sdk.defineCallElement({ tag }), tag)
      assert.equal(failure.code, 'INVALID_OPTION', tag)
    }
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

  // field.md B5
  for (const href of [
    'tel:13812345678,1234',
    'tel:13812345678;postd=1234',
    'tel:010-88888888-801;postd=12',
    'tel:010-86000001;ext=801;postd=12',
  ])
    test(`${href} is refused, and the error says extension`, async () => {
      const { inner, posted } = await framed()
      const message = await inner.run((href) => {
        window.kept.stop()
        return new Promise((resolve) => {
          sdk.dialTelLinks(document, {
            targetOrigin: '*',
            onError: ({ message }) => resolve(message),
          })
          window.kept.link(href).click()
        })
      }, href)
      assert.match(String(message), /with an extension/)
      assert.deepEqual(await posted(), [])
    })

  // field.md B10
  test('areas, links of SVG and links of a same-origin frame call too', async () => {
    const { inner, posted } = await framed()
    await inner.run(async (parent) => {
      const { main } = window.kept
      main.innerHTML = `
        <map name="m"><area id="area" href="tel:10001" shape="rect" coords="0,0,9,9"></map>
        <svg><a id="svg" href="tel:10002"><text>call</text></a></svg>
        <svg><a id="xlink" xlink:href="tel:10003"><text>call</text></a></svg>
        <iframe srcdoc="&lt;a id=inside href='tel:10004'&gt;call&lt;/a&gt;"></iframe>`
      const xlink = main.querySelector('#xlink')
      xlink.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', 'tel:10003')
      const frame = main.querySelector('iframe')
      await new Promise((resolve) => frame.addEventListener('load', resolve))
      sdk.dialTelLinks(frame.contentDocument, {
        allowParents: [parent],
        onResult: (result) => window.kept.results.push(result),
      })
      for (const id of ['area', 'svg', 'xlink']) {
        const click = new MouseEvent('click', { bubbles: true, cancelable: true })
        const target = main.querySelector(`#${id}`)
        ;(target.firstElementChild ?? target).dispatchEvent(click)
      }
      frame.contentDocument.querySelector('#inside').click()
    }, world.site.otherOrigin)
    await inner.until('all results', () => window.kept.results.length === 4)
    assert.deepEqual(
      (await posted()).map(({ phoneNumber }) => phoneNumber),
      ['10001', '10002', '10003', '10004'],
    )
  })

  // field.md B11
  test('what a page’s own function throws is no failure of the call', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      document.body.innerHTML = '<a href="tel:10010">call</a>'
      /** @type {string[]} */
      const failed = []
      sdk.dialTelLinks(document, {
        workbench,
        onResult() {
          throw new Error('of the page')
        },
        onError: ({ code }) => failed.push(code),
      })
      document.querySelector('a')?.click()
      await bench.until(() => bench.errors.length)
      const said = [...document.querySelectorAll('[role=status]')].map((live) => live.textContent)
      return { failed, said: said.join(), errors: bench.errors }
    })
    assert.deepEqual(found.failed, [])
    assert.equal(found.said, 'The number was handed to the workbench.')
    assert.equal(found.errors.length, 1)
  })

  test('a host page’s own links call by its workbench; a selector chooses them', async () => {
    const page = await world.open()
    const result = await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      document.body.innerHTML = `
        <a class="customer" href="tel:138-1234-5678" data-desc="order 7">call</a>
        <a href="tel:10010">no customer</a>`
      document.addEventListener('click', (event) => {
        window.kept = event.defaultPrevented
        event.preventDefault()
      })
      const result = new Promise((resolve) => {
        sdk.dialTelLinks(document.body, { workbench, selector: '.customer', onResult: resolve })
      })
      const [customer, other] = document.querySelectorAll('a')
      other?.click()
      const left = window.kept
      customer?.click()
      return { left, prevented: window.kept, ...(await result) }
    })
    assert.equal(result.left, false)
    assert.equal(result.prevented, true)
    assert.ok(result.sessionId)
    const commands = await world.doubles.log('command')
    const outbound = commands.filter(({ method }) => method === 'Call.startOutboundCall')
    assert.deepEqual(
      outbound.map(({ options }) => options),
      [{ phoneNumber: '13812345678', phoneDesc: 'order 7' }],
    )
  })

  for (const [what, root, options, says] of /** @type {const} */ ([
    ['a root that is none', 'null', '{}', 'root: expected a document or an element'],
    [
      'a selector that is none',
      'document',
      '{ selector: "a[" }',
      'selector: expected a CSS selector',
    ],
    [
      'a workbench that is none',
      'document',
      '{ workbench: {} }',
      'workbench: expected a workbench',
    ],
    ['an option that is not listed', 'document', '{ root: 1 }', 'options.root'],
  ]))
    test(`${what} is refused at once`, async () => {
      const page = await world.open()
      const failure = await page.failure(
        (root, options) => {
          const call = new Function('sdk', `sdk.dialTelLinks(${root}, ${options})`)
          call(sdk)
        },
        root,
        options,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.ok(failure.message.includes(says), failure.message)
    })

  test('200 elements share one live region, and the last one removes it', async () => {
    const { inner } = await framed()
    const counts = await inner.run(async (parent) => {
      window.kept.stop()
      await sdk.ready({ roles: ['frame'] })
      // Time enough to post them all: nobody responds, so each ends when it is over.
      sdk.defineCallElement({ allowParents: [parent], timeoutMs: 3000 })
      const elements = Array.from({ length: 200 }, (_, at) => {
        const element = document.createElement('calldock-call')
        element.setAttribute('number', String(10_000 + at))
        document.body.append(element)
        return element
      })
      const regions = () => document.querySelectorAll('[role=status]').length
      let called = 0
      document.addEventListener('calldock-called', () => {
        called += 1
      })
      for (const element of elements) element.shadowRoot?.querySelector('button')?.click()
      await bench.until(() => called === 200)
      const during = regions()
      const [first, ...others] = elements
      for (const element of others) element.remove()
      const left = regions()
      first?.remove()
      return { during, left, after: regions() }
    }, world.site.otherOrigin)
    assert.deepEqual(counts, { during: 1, left: 1, after: 0 })
  })
})
