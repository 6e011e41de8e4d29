// Telephone links and the element that call through the workbench around the page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Key } from 'selenium-webdriver'
import { allReceived } from './harness/page.mjs'
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
  // A bracketed area and a number in two parts.
  ['tel:(010) 8888-8888-801', '01088888888-801'],
  ['tel:+86 (10) 8888-8888-801', '+861088888888-801'],
  ['tel:(0755) 8600-0001-801', '075586000001-801'],
  ['tel:(0755)8600-0001-801', '075586000001-801'],
  ['tel:(+86) 10 8888-8888-801', '+861088888888-801'],
  ['tel:+(86)10-88888888', '+861088888888'],
  ['tel:0755(86000001)', '075586000001'],
  ['tel:(852) 2888 1234-801', '85228881234-801'],
  // What cannot be seen, full-width forms, and what word processors put for a hyphen.
  ['tel:\u202d0755-86000001-801\u202c', '075586000001-801'],
  ['tel:%E2%80%AD0755-86000001-801%E2%80%AC', '075586000001-801'],
  ['tel:0755-86000001-801\u200e', '075586000001-801'],
  ['tel:0755-86000001\u2060-801\ufe0f', '075586000001-801'],
  ['tel:０７５５－８６００００００－８０１', '075586000000-801'],
  ['tel:＋８６（１０）８８８８　８８８８；ext=８０１', '+861088888888-801'],
  ['tel:0755–86000001–801', '075586000001-801'],
  // An extension behind other numbers and other signs.
  ['tel:8888-8888-801', '88888888-801'],
  ['tel:010 - 8888 8888 - 801', '01088888888-801'],
  ['tel:400-8208-820-801', '4008208820-801'],
  ['tel:02-2345-6789-101', '0223456789-101'],
  ['tel:0912-345-678-12', '0912345678-12'],
  ['tel:+1-800-555-1234-99', '+18005551234-99'],
  ['tel:010-88888888 转 801', '01088888888-801'],
  ['tel:0755-86000001 ;ext=801', '075586000001-801'],
  ['tel:010-88888888(转801)', '01088888888-801'],
  ['tel:010-88888888（分机：801）', '01088888888-801'],
  // Ids of the vendor's number mapping.
  ['tel:139abcdefg', '139abcdefg'],
  ['tel:139abcdefg;phone-context=+86', '139abcdefg'],
  ['mailto:agent@example.com', undefined],
  ['#tel:10086', undefined],
]

/**
 * Links of random areas, numbers and extensions in the usual forms, and of two numbers, which none may dial.
 * @param {number} count @param {number} seed
 */
function generated(count, seed) {
  let state = seed
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return /** @type {T} */ (list[Math.floor((state / 2 ** 32) * list.length)])
  }
  const digit = () => pick([...'0123456789'])
  /** Digits in parts, such as `['8', '3 digits']` of `8...`. @param {string} first @param {number[]} sizes */
  const parts = (first, ...sizes) => {
    let left = first
    return sizes.map((size) => {
      while (left.length < size) left += digit()
      const part = left.slice(0, size)
      left = left.slice(size)
      return part
    })
  }
  const line = () => parts(pick([...'235679']), ...pick([[7], [8], [3, 4], [4, 4]]))
  const mobile = () => parts(pick(['13', '15', '18', '19']), ...pick([[11], [3, 4, 4], [3, 8]]))
  const kinds = [
    line,
    mobile,
    () => ['+86', ...mobile()],
    () => parts(pick(['400', '800']), ...pick([[10], [3, 3, 4], [3, 4, 3], [4, 3, 3]])),
    () => [
      pick(['010', '0755', '(021)', '（0571）', '(86-10)', '+86(755)', '(+86)(20)']),
      ...line(),
    ],
    () => [pick(['+86', '(+86)', '0086']), pick(['10', '755', '(21)']), ...line()],
    () => [pick(['+852', '(+853)', '(852)']), ...parts('2', ...pick([[8], [4, 4]]))],
    () => ['+886', pick(['2', '(2)']), ...parts('2', ...pick([[8], [4, 4]]))],
    () => ['+1', ...parts(pick([...'23456789']), 3), ...parts(pick([...'23456789']), 3, 4)],
    () => [pick(['95588', '95533', '10086', '12345'])],
  ]
  const extensions = ['-', '-', ' - ', '\u2010', ';ext=', ' ;ext=', '转', ' 转 ', '（转']
  const others = ['.', ' ', '--', '(', '/', ',', '，', 'x']
  return Array.from({ length: count }, () => {
    const groups = pick(kinds)()
    const gap = pick(['-', ' ', '%20', '.', '-', '\u00a0', '－'])
    let text = groups.join(gap)
    let number = groups.join('').replace(/[^+\d]/g, '')
    const ends = pick(['none', 'extension', 'extension', 'other', 'two'])
    if (ends === 'two') {
      text +=
        pick(['-', ' ', '.', '、', '(']) +
        parts(pick([...'1235679']), ...pick([[11], [8]])).join(gap)
      number = 'none'
    } else if (ends !== 'none') {
      const sign = pick(ends === 'other' ? others : extensions)
      const [extension] = parts('', pick([1, 3, 4]))
      text += `${sign}${extension}${/[（(]/.test(sign) ? ')' : ''}`
      number += `-${extension}`
    }
    const href = `tel:${pick(['', '', '\u202d'])}${text}${pick(['', '', '\u200e'])}`
    return { href, number, isPlain: ends === 'none' || ends === 'extension' }
  })
}

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
    const posted = async () => {
      await allReceived(outer, inner)
      return outer.run(() =>
        bench.messages.flatMap(({ data }) => /** @type {any} */ (data).payload?.message ?? []),
      )
    }
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
      'tel:010-8888-8888(801)',
      'tel:010-8888-8888（801）',
      'tel:26888888-26999999',
      'tel:2688-8888-2699-9999',
      'tel:2688 8888 2699 9999',
      'tel:0755-26888888.26999999',
      'tel:(0755)26888888(0755)26999999',
      'tel:03-1234-5678 03-1234-5679',
      'tel:10086(10010)',
      'tel:10086-10010',
      'tel:10086-10010;ext=801',
      'tel:110(119)',
      'tel:95588 12345678',
      'tel:010-88888888--801',
      'tel:0755-86000001.801',
      'tel:010 8888 8888 801',
      'tel:010-88888888-801-802',
      // One of 400, or a line with its extension.
      'tel:4008208-820',
      // Another id of the vendor's number mapping.
      'tel:139abcdefg-801',
      'tel:(139)abcdefg',
      'tel:139-abcdefg',
      'tel:\u202e13800000000',
    ]
    for (const href of links) {
      await inner.run((href) => window.kept.link(href).click(), href)
      await inner.until('the error', () => window.kept.errors.pop() === 'INVALID_OPTION')
    }
    assert.deepEqual(await posted(), [])
  })

  test('a link of any form dials its number and extension, or nothing', async () => {
    const { inner } = await framed()
    const links = generated(600, 1)
    const found = await inner.run(
      async (hrefs, parent) => {
        window.kept.stop()
        /** @type {Map<unknown, string>} */
        const found = new Map()
        sdk.dialTelLinks(document, {
          allowParents: [parent],
          onResult: (result, link) => found.set(link, /** @type {any} */ (result).phoneNumber),
          onError: ({ code }, link) => found.set(link, code),
        })
        const links = hrefs.map((href) => window.kept.link(href))
        for (const link of links) link.click()
        await bench.until(() => found.size === hrefs.length)
        return links.map((link) => found.get(link))
      },
      links.map(({ href }) => href),
      world.site.otherOrigin,
    )
    links.forEach(({ href, number, isPlain }, at) => {
      if (isPlain || found[at] !== 'INVALID_OPTION') assert.equal(found[at], number, href)
    })
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

  test('what is announced is read also after the page has replaced its body', async () => {
    const { inner } = await framed()
    const said = await inner.run(async () => {
      const { main, link, errors } = window.kept
      const first = document.body
      const said = []
      for (const replace of [
        () => {},
        () => document.body.replaceWith(document.createElement('body')),
        () => document.body.replaceChildren(),
        // As a router does that keeps its pages.
        () => document.body.replaceWith(first),
      ]) {
        replace()
        document.body.append(main)
        link('tel:call-me').click()
        await bench.until(() => errors.pop())
        said.push([...document.querySelectorAll('[role=status]')].map((live) => live.textContent))
      }
      window.kept.stop()
      return [...said, document.querySelectorAll('[role=status]').length]
    })
    const once = ['The number could not be called.']
    assert.deepEqual(said, [once, once, once, once, 0])
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
    'tel:13812345678;1234',
    'tel:13812345678;ext801',
    'tel:010-8888-8888-801;ext=1',
    'tel:139abcdefg;ext=801',
    'tel:26888888转26999999',
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
      sdk.defineCallElement({ allowParents: [parent] })
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
