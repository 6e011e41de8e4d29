// `calldock/devtools`: an inspector in anybody's page. It tells everything in its order and nothing
// that is private, works under the strictest policy and under many entries, and leaves nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Key } from 'selenium-webdriver'
import { inEachBrowser } from './harness/world.mjs'

const STRICT =
  "default-src 'none'; img-src data:; connect-src 'self' {vendor}; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types calldock; script-src 'self' 'wasm-unsafe-eval' {vendor}"

/** Planted into a page's own entries: none of it may be seen or exported. */
const PLANTED = {
  mobile: '13812345678',
  spaced: '138 1234 5678',
  text: 'ask agent@example.com, or call (0755) 8600-0001 or 86000001',
  mail: 'agent@example.com',
  number: 13812345678,
  hex: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl',
  address: 'https://user:hunter22@crm.example/orders?token=hunter22&who=hunter22#hunter22',
  sentence: 'the header was Authorization: Bearer hunter22',
  json: '{"token":"hunter22","password": "hunter22"}',
  nickName: '刘先生',
  customer: { name: '刘先生', phone: { value: '1381', area: '0755' } },
  password: 'hunter22',
}
const SECRETS = [
  ...['13812345678', '138 1234', '5678', '8600', '@', 'agent@example', '0a1b2c3d4e5f', 'eyJ'],
  ...['hunter22', '刘先生', '1381', 'c2lnbmF0'],
]

/** Texts of a page's own entries, and what is shown of them. */
const SENTENCES = [
  ['access_token=abcd1234efgh', 'access_token=‹12 characters›'],
  ['accessToken: abcd1234', 'accessToken: ‹8 characters›'],
  ['{"refresh_token":"abc12"}', '{"refresh_token":"‹5 characters›"}'],
  ['{\\"idToken\\":\\"hunter2\\"}', '{\\"idToken\\":\\"‹7 characters›\\"}'],
  ['client_secret=hunter2xyz', 'client_secret=‹10 characters›'],
  ['db_password=hunter2, order=7', 'db_password=‹7 characters›, order=7'],
  ['user[password]=hunter2', 'user[password]=‹7 characters›'],
  ['"userPassword": "a horse", "order": "A-7"', '"userPassword": "‹7 characters›", "order": "A-7"'],
  ["secretKey='it is'", "secretKey='‹5 characters›'"],
  ['X-Api-Key: hunter2', 'X-Api-Key: ‹7 characters›'],
  ['token：hunter2', 'token：‹7 characters›'],
  ['TLS.sig: hunter2', 'TLS.sig: ‹7 characters›'],
  ['Proxy-Authorization: Basic aHVudGVyMg==', 'Proxy-Authorization: ‹18 characters›'],
  ['sent Bearer hunter2', 'sent Bearer ‹7 characters›'],
  ['Cookie: JSESSIONID=abc; theme=dark', 'Cookie: ‹26 characters›'],
  ['{"Set-Cookie":"sid=abc; Path=/","a":1}', '{"Set-Cookie":"‹15 characters›","a":1}'],
  ['sessionCookie=hunter2', 'sessionCookie=‹7 characters›'],
  // Sentences, and words that are no secret.
  ...[
    'the token was refused, the password is wrong',
    'the bearer token was refused',
    'TOKEN_EXPIRED: workbench: the login is over',
    'userSig: expected a text, found nothing',
    'userSig：应为文本，实际为空',
    'third-party cookies: blocked; credentials: include',
    'signal: aborted, design: blue',
  ].map((text) => [text, text]),
]

inEachBrowser('devtools', (world) => {
  /** A page with an inspector in `window.kept`, and a way to look into it. @param {Parameters<typeof world.open>[0]} [page] */
  async function inspected(page, options = {}) {
    const view = await world.open(page)
    await view.run(async (options) => {
      await bench.until(() => window.sdk)
      const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
      const inspector = mountInspector(options)
      const root = /** @type {ShadowRoot} */ (inspector.element.shadowRoot)
      window.kept = {
        mountInspector,
        inspector,
        root,
        part: (/** @type {string} */ selector) => root.querySelector(selector),
        rows: (own = root) =>
          [...own.querySelectorAll('.entry')].filter((row) => !(/** @type {any} */ (row).hidden)),
        names: (own = root) =>
          window.kept.rows(own).map((/** @type {HTMLElement} */ row) => row.dataset.name),
        drawn: (/** @type {number} */ n) => bench.until(() => window.kept.rows().length === n),
      }
    }, options)
    return view
  }

  test('a whole opening, a call and a business frame, in the order they were logged', async () => {
    const page = await inspected()
    await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: bench.login() })
      window.kept.stop = sdk.serveCallOuts(workbench, { allow: [location.origin] })
      const frame = document.body.appendChild(document.createElement('iframe'))
      const message = {
        source: 'ccc-sdk',
        payload: { event: 'callOut', message: { phoneNumber: '13812345678' } },
      }
      // From this window itself, which is no frame of it, and from the frame.
      window.postMessage(message, location.origin)
      const own = /** @type {any} */ (frame.contentWindow)
      own.eval(`parent.postMessage(${JSON.stringify(message)}, '*')`)
      await bench.until(() => workbench.sessions.list.length === 1)
      workbench.close()
      const names = bench.entries.map(({ name }) => name)
      await bench.until(() => window.kept.rows().length === names.length)
    })
    const { logged, shown, text } = await page.run(() => ({
      logged: bench.entries.map(({ kind, name }) => [kind, name]),
      shown: window.kept
        .rows()
        .map((/** @type {HTMLElement} */ { dataset }) => [dataset.kind, dataset.name]),
      text: window.kept.root.textContent,
    }))
    assert.deepEqual(shown, logged)
    const wanted = [
      ...['login.requested', 'login.received', 'script.injected', 'script.loaded'],
      ...['global.found', 'event.ready', 'workbench.ready', 'message.refused', 'message.served'],
      ...['call.startOutbound', 'event.outgoing', 'workbench.closed'],
    ]
    // The core starts while the login is requested.
    assert.ok(shown.some(([, name]) => name === 'core.started'))
    const ours = shown.map(([, name]) => name ?? '').filter((name) => wanted.includes(name))
    assert.deepEqual(ours, wanted)
    assert.doesNotMatch(text, /13812345678|[0-9a-f]{32}/)
  })

  test('kinds and texts filter, a pause holds back, and clear forgets', async () => {
    const page = await inspected()
    await page.run(async () => {
      const { inspector, drawn } = window.kept
      inspector.add({ name: 'order.opened', detail: { order: 'A-7' } })
      inspector.add({ kind: 'error', name: 'order.failed', detail: { order: 'B-8' } })
      inspector.add({ kind: 'hash', name: 'hash.read', detail: { status: 'ringing' } })
      await drawn(3)
    })
    /** What is shown after something was done to a part. @param {string} selector @param {string} [text] */
    const after = (selector, text) =>
      page.run(
        (selector, text) => {
          const part = window.kept.part(selector)
          if (text === null) part.click()
          else {
            part.value = text
            part.dispatchEvent(new InputEvent('input'))
          }
          return { names: window.kept.names(), pressed: part.ariaPressed }
        },
        selector,
        text ?? null,
      )
    const errors = '.chip[data-kind=error]'
    assert.deepEqual(await after(errors), { names: ['order.failed'], pressed: 'true' })
    assert.deepEqual((await after('.chip[data-kind=app]')).names, ['order.opened', 'order.failed'])
    assert.deepEqual((await after('.search input', 'B-8')).names, ['order.failed'])
    assert.deepEqual((await after('.search input', 'nothing of it')).names, [])
    assert.equal(
      await page.run(() => window.kept.part('.nothing').textContent),
      'Nothing matches the filter.',
    )
    assert.deepEqual((await after('.search input', '')).names.length, 2)
    assert.deepEqual((await after('.chip[data-kind=all]')).names.length, 3)

    await after('.pause')
    const held = await page.run(async () => {
      const { inspector, part, names } = window.kept
      inspector.add({ name: 'later' })
      await bench.until(() => part('.pause').textContent === '1')
      return { names: names(), exported: inspector.export().entries.length }
    })
    assert.deepEqual(held, { names: ['order.opened', 'order.failed', 'hash.read'], exported: 4 })
    await after('.pause')
    await page.run(() => window.kept.drawn(4))
    await after('.clear')
    const left = await page.run(() => [
      window.kept.names(),
      window.kept.inspector.export().entries,
      window.kept.part('.nothing').hidden,
    ])
    assert.deepEqual(left, [[], [], false])
  })

  test('what overtook another is put where its time belongs', async () => {
    const page = await inspected()
    const names = await page.run(async () => {
      const { inspector, drawn } = window.kept
      const at = Date.now()
      const order = { second: 2, fourth: 4, first: 1, third: 3 }
      for (const [name, more] of Object.entries(order))
        inspector.add({ name, at: at + more, frame: 'crm' })
      await drawn(4)
      return window.kept.names()
    })
    assert.deepEqual(names, ['first', 'second', 'third', 'fourth'])
  })

  test('an entry of a time that no date has is one of now', async () => {
    const page = await inspected()
    const shown = await page.run(async () => {
      const { inspector, drawn } = window.kept
      const before = Date.now() - 1
      const times = [1e16, 8.64e15 + 1, Number.MAX_VALUE, Number.POSITIVE_INFINITY, -1, 8.64e15]
      for (const at of times) inspector.add({ name: 'at', at })
      await drawn(times.length)
      const { entries } = /** @type {import('calldock/devtools').InspectorExport} */ (
        inspector.export()
      )
      return {
        soon: entries.filter(({ at }) => Date.parse(at) >= before && Date.parse(at) <= Date.now()),
        last: entries.at(-1)?.at,
        errors: bench.errors,
      }
    })
    assert.equal(shown.soon.length, 5)
    assert.equal(shown.last, '+275760-09-13T00:00:00.000Z')
    assert.deepEqual(shown.errors, [])
  })

  test('the compatibility of a workbench is shown and exported, as it is after each event', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
      const workbench = await sdk.openWorkbench({ login: bench.login() })
      const raw = /** @type {any} */ (workbench.raw)
      delete raw.Call.end
      const inspector = mountInspector({ workbench, frame: 'shop' })
      const report = () => inspector.export().compatibility
      await bench.until(report)
      const first = report()
      const call = async (/** @type {number} */ count) => {
        await workbench.call.startOutbound({ phoneNumber: '13812345678' })
        // All that a call has, each time: what is missed the first time is news the second time.
        await bench.until(() => report().events.seen.calloutAccepted?.count === count)
        await workbench.sessions.list[0]?.hangUp()
        await bench.until(() => report().events.seen.sessionEnded?.count === count)
        await bench.until(() => report().events.seen.statusChanged?.count === 2 * count)
        await bench.until(() => report().responses['Call.hungUp']?.count === count)
      }
      await call(1)
      const findings = () =>
        /** @type {import('calldock/devtools').InspectorExport} */ (inspector.export()).entries
          .filter(({ name }) => name.startsWith('compatibility'))
          .map(({ kind, name, detail, frame }) => ({ kind, name, detail, frame }))
      const once = findings()
      await call(2)
      const twice = findings()
      workbench.close()
      await bench.until(() =>
        inspector
          .export()
          .entries.some((/** @type {any} */ { name }) => name === 'workbench.closed'),
      )
      const left = report()
      inspector.close()
      return { first, once, twice, left, errors: bench.errors }
    })
    const { first, once, twice, left } = found
    assert.deepEqual(first.methods.missing, ['Call.end'])
    assert.deepEqual(first.events.seen, {})
    assert.equal(left.events.seen.callOuted.count, 2)
    const kinds = new Set(once.map(({ kind, frame }) => `${kind} ${frame}`))
    assert.deepEqual([...kinds], ['workbench shop'])
    const detail = (/** @type {string} */ name) => once.find((entry) => entry.name === name)?.detail
    assert.equal(detail('compatibility methods')?.missing, 'Call.end')
    assert.equal(detail('compatibility events seen callOuted')?.sessionId, 'string')
    assert.ok(detail('compatibility responses Call.startOutboundCall'))
    // The second call is like the first one.
    assert.deepEqual(twice, once)
    assert.ok(!/13812345678/.test(JSON.stringify(found)))
    assert.deepEqual(found.errors, [])
  })

  test('a secret in a sentence is found by its name, however that is written', async () => {
    const page = await inspected()
    const shown = await page.run((sentences) => {
      const { inspector } = window.kept
      for (const [text] of sentences) inspector.add({ name: 'said', detail: { text } })
      const { entries } = /** @type {import('calldock/devtools').Inspector} */ (inspector).export()
      return entries.map(({ detail }) => detail.text)
    }, SENTENCES)
    assert.deepEqual(
      shown,
      SENTENCES.map(([, expected]) => expected),
    )
  })

  test('no secret and nobody’s data is shown, exported, copied or saved', async () => {
    const page = await inspected()
    const reported = await page.run(async (planted) => {
      const { inspector, drawn, part, root } = window.kept
      let saved = ''
      const make = URL.createObjectURL
      URL.createObjectURL = (blob) => {
        window.kept.saving = /** @type {Blob} */ (blob).text().then((text) => {
          saved = text
        })
        return make(blob)
      }
      let copied = ''
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          async writeText(/** @type {string} */ text) {
            copied = text
          },
        },
      })
      inspector.add({ name: `order.${planted.mobile}`, detail: planted, frame: planted.mail })
      for (const [name, value] of Object.entries(planted)) {
        // Only its name says that a name or a short word is private.
        const reported = /^(nickName|customer|password)$/.test(name) ? '' : value
        inspector.add({
          name: 'one',
          detail: { [name]: [value], list: [reported], deep: { value: reported } },
        })
      }
      inspector.add({ name: 'failed', detail: { error: new Error(planted.text) } })
      inspector.add({ name: 'keys', detail: { [planted.mobile]: 1, [planted.mail]: 2 } })
      await drawn(Object.keys(planted).length + 3)
      part('.copy').click()
      part('.save').click()
      // The report of compatibility may have to be awaited first.
      await bench.until(() => copied && window.kept.saving)
      await window.kept.saving
      const exported = inspector.export()
      const strip = (/** @type {any} */ whole) =>
        JSON.stringify({
          ...whole,
          exportedAt: '',
          entries: whole.entries.map((/** @type {any} */ entry) => ({ ...entry, at: '', ms: 0 })),
        })
      for (const time of root.querySelectorAll('time')) time.remove()
      return {
        exported: strip(exported),
        copied: strip(JSON.parse(copied)),
        saved: strip(JSON.parse(saved)),
        page: exported.page,
        shown: root.textContent,
        first: exported.entries[0].detail,
      }
    }, PLANTED)
    assert.equal(reported.page, world.site.origin)
    assert.equal(reported.copied, reported.exported)
    assert.equal(reported.saved, reported.exported)
    for (const secret of SECRETS) {
      assert.ok(!reported.exported.includes(secret), `${secret} in ${reported.exported}`)
      const shown = reported.shown.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
      assert.ok(!shown.includes(secret), `${secret} in ${shown}`)
    }
    assert.equal(reported.first.mobile, '‹11 characters›')
    assert.equal(reported.first.address, '‹77 characters›')
    assert.equal(reported.first['customer.name'], '‹3 characters›')
    assert.match(reported.first.text, /^ask ‹/)
  })

  test('addresses keep their origin and path, and the core’s words stay readable', async () => {
    const page = await inspected()
    const details = await page.run(async () => {
      const { inspector } = window.kept
      inspector.add({
        name: 'asked',
        detail: { url: 'http://localhost:43210/crm/orders/13812345678/a?x=1', ms: 1500, ok: true },
      })
      await sdk.currentCall()
      await sdk
        .openWorkbench({ login: () => new Promise(() => {}), timeoutMs: 12_345 - 12_000 })
        .catch(() => {})
      const { entries } = /** @type {import('calldock/devtools').InspectorExport} */ (
        inspector.export()
      )
      return entries.map(({ name, detail }) => ({ name, detail }))
    })
    assert.deepEqual(details[0]?.detail, {
      url: 'http://localhost:43210/crm/orders/‹11 characters›/a',
      ms: 1500,
      ok: true,
    })
    const error = details.find(({ name }) => name === 'error')
    assert.match(String(error?.detail.message), /expected an end within 345 ms/)
  })

  test('whatever is handed in, nothing breaks', async () => {
    const page = await inspected()
    const kinds = await page.run(async () => {
      const { inspector, drawn } = window.kept
      const loop = { name: 'loop', detail: /** @type {any} */ ({}) }
      loop.detail.self = loop
      const trap = {
        get it() {
          throw new Error('never mind')
        },
      }
      const many = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`m${n}`, n]))
      const odd = [
        null,
        7,
        'text',
        loop,
        { name: 'trap', detail: trap },
        { name: 'many', detail: many, at: Number.NaN, kind: 'made up' },
        {
          name: '<img src=x onerror=alert(1)>',
          detail: { html: '<b>bold</b>', long: 'x '.repeat(9e4) },
        },
        JSON.parse('{"name": "proto", "detail": {"__proto__": {"polluted": 1}}}'),
      ]
      for (const entry of odd) inspector.add(entry)
      await drawn(odd.length)
      const { entries } = inspector.export()
      return {
        kinds: [...new Set(entries.map((/** @type {any} */ { kind }) => kind))],
        most: Math.max(
          ...entries.map((/** @type {any} */ { detail }) => Object.keys(detail).length),
        ),
        longest: Math.max(
          ...entries.map((/** @type {any} */ entry) => JSON.stringify(entry).length),
        ),
        polluted: 'polluted' in {},
        errors: bench.errors,
      }
    })
    const { longest, ...rest } = kinds
    assert.ok(longest < 3000, String(longest))
    assert.deepEqual(rest, { kinds: ['app'], most: 40, polluted: false, errors: [] })
  })

  for (const into of [false, true])
    test(`under the strictest policy it is drawn, ${into ? 'in a node' : 'at the lower edge'}`, async () => {
      const csp = STRICT.replaceAll('{vendor}', world.doubles.origin)
      const page = await world.open({ csp, body: '<main id="place"></main>' })
      const look = await page.run(async (into) => {
        await bench.until(() => window.sdk)
        const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
        const place = /** @type {Element} */ (document.getElementById('place'))
        const inspector = mountInspector(into ? { into: place } : {})
        const root = /** @type {ShadowRoot} */ (inspector.element.shadowRoot)
        const workbench = await sdk.openWorkbench({ login: bench.login() })
        inspector.add({ kind: 'error', name: '<b>', detail: { html: '<script>1</script>' } })
        await bench.until(() => root.querySelector('[data-name="workbench.ready"]'))
        const parts = 'button:not(.close, .title), summary'
        for (const part of root.querySelectorAll(parts))
          if (part instanceof HTMLElement) part.click()
        const edge = /** @type {HTMLElement | null} */ (root.querySelector('.edge'))
        edge?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }))
        const panel = /** @type {HTMLElement} */ (root.querySelector('.panel'))
        const { position, display } = getComputedStyle(panel)
        const { bottom, height } = panel.getBoundingClientRect()
        const parent = inspector.element.parentElement?.tagName
        workbench.close()
        inspector.close()
        const atEdge = bottom === innerHeight && height === 344
        return {
          position,
          display,
          parent,
          atEdge,
          violations: bench.violations,
          errors: bench.errors,
        }
      }, into)
      assert.deepEqual(look, {
        position: into ? 'relative' : 'fixed',
        display: 'flex',
        parent: into ? 'MAIN' : 'BODY',
        atEdge: !into,
        violations: [],
        errors: [],
      })
    })

  for (const sheets of [true, false])
    test(`in a node of a frame it has its style, ${sheets ? 'under a strict policy' : 'by the frame’s nonce'}`, async () => {
      const csp = sheets ? STRICT.replaceAll('{vendor}', '') : "style-src 'nonce-c29tZXRoaW5n'"
      const page = await world.open(sheets ? { csp } : {})
      const look = await page.run(
        async (sheets, csp) => {
          const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
          const frame = document.body.appendChild(document.createElement('iframe'))
          const inner = /** @type {Window & typeof globalThis} */ (frame.contentWindow)
          if (!sheets) {
            const policy = inner.document.createElement('meta')
            policy.httpEquiv = 'Content-Security-Policy'
            policy.content = csp
            const marked = inner.document.createElement('style')
            marked.nonce = 'c29tZXRoaW5n'
            marked.setAttribute('nonce', 'c29tZXRoaW5n')
            inner.document.head.append(policy, marked)
            inner.CSSStyleSheet = /** @type {any} */ (undefined)
          }
          return [1, 2].map(() => {
            const { element } = mountInspector({ into: inner.document.body })
            const panel = /** @type {Element} */ (element.shadowRoot?.querySelector('.panel'))
            const { position, display } = inner.getComputedStyle(panel)
            return [position, display]
          })
        },
        sheets,
        csp,
      )
      assert.deepEqual(look, [
        ['relative', 'flex'],
        ['relative', 'flex'],
      ])
    })

  test('closed, it leaves no listener, element, timer or frame', async () => {
    const page = await world.open()
    const left = await page.run(async () => {
      await bench.until(() => window.sdk)
      sdk.setLogger(null)
      const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
      /** @type {any} */
      const { listening } = await import('/node_modules/calldock/core/log.js')
      /** @type {Set<unknown>} */
      const live = new Set()
      const own = /** @type {any} */ (window)
      for (const [set, clear] of [
        ['setTimeout', 'clearTimeout'],
        ['setInterval', 'clearInterval'],
        ['requestAnimationFrame', 'cancelAnimationFrame'],
      ]) {
        const [make, end] = [own[String(set)], own[String(clear)]]
        own[String(set)] = (/** @type {Function} */ work, /** @type {any[]} */ ...rest) => {
          const id = make(
            () => {
              live.delete(`${set} ${id}`)
              work()
            },
            ...rest,
          )
          live.add(`${set} ${id}`)
          return id
        }
        own[String(clear)] = (/** @type {unknown} */ id) => {
          live.delete(`${set} ${id}`)
          end(id)
        }
      }
      const before = {
        listeners: bench.listeners(),
        elements: document.querySelectorAll('*').length,
      }
      const inspector = mountInspector()
      const received = listening()
      inspector.add({ name: 'one' })
      const root = /** @type {ShadowRoot} */ (inspector.element.shadowRoot)
      const save = /** @type {HTMLElement} */ (root.querySelector('.save'))
      save.click()
      const during = live.size
      inspector.close()
      inspector.close()
      inspector.add({ name: 'too late' })
      const after = {
        listeners: bench.listeners(),
        elements: document.querySelectorAll('*').length,
      }
      return { before, after, received, hears: listening(), during, live: live.size }
    })
    assert.deepEqual(left.after, left.before)
    assert.deepEqual([left.received, left.hears, left.live], [true, false, 0])
    assert.ok(left.during >= 3, `${left.during} timers and frames: the test sees none`)
  })

  test('a page that replaces its body has the panel again with the next entry, unless it was closed', async () => {
    const page = await inspected()
    const places = await page.run(() => {
      const { inspector } = window.kept
      const places = []
      for (const replace of [
        () => document.body.replaceWith(document.createElement('body')),
        () => document.body.replaceChildren(),
        () => inspector.close(),
      ]) {
        replace()
        inspector.add({ name: 'routed' })
        const panels = document.querySelectorAll('calldock-inspector').length
        places.push([panels, inspector.element.parentNode === document.body])
      }
      return places
    })
    assert.deepEqual(places, [
      [1, true],
      [1, true],
      [0, false],
    ])
  })

  test('5,000 entries keep the last 1,000, and the page stays responsive', async () => {
    const page = await inspected()
    const flood = await page.run(async () => {
      const { inspector, rows } = window.kept
      let most = 0
      const list = window.kept.inspector.element.shadowRoot.querySelector('ol')
      const observer = new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes])
        most = Math.max(most, added.length)
      })
      observer.observe(list, { childList: true })
      for (let n = 0; n < 5000; n++)
        inspector.add({ name: `entry.${n}`, detail: { n, text: 'what happened' } })
      await bench.until(() => rows().length === 1000 && rows().at(-1).dataset.name === 'entry.4999')
      observer.disconnect()
      const { entries, dropped } = inspector.export()
      return {
        ...{ most, dropped },
        ...{ first: entries[0].name, kept: entries.length, row: rows()[0].dataset.name },
        count: window.kept.part('.chip[data-kind=all] .count').textContent,
      }
    })
    // Between one part of the rows and the next the page has its turn.
    const { most, ...rest } = flood
    assert.deepEqual(rest, {
      ...{ dropped: 4000, first: 'entry.4000', kept: 1000, row: 'entry.4000', count: '1000' },
    })
    assert.ok(most > 0 && most <= 150, `${most} rows at once`)
  })

  test('two inspectors and the page’s own logger hear the same, each for itself', async () => {
    const page = await inspected()
    const received = await page.run(async () => {
      const { inspector, mountInspector, names, root } = window.kept
      const place = document.body.appendChild(document.createElement('div'))
      const second = mountInspector({ into: place })
      await sdk.currentCall()
      second.add({ name: 'only here' })
      const both = bench.entries.map(({ name }) => name)
      await bench.until(() => names(root).length === both.length)
      await bench.until(() => names(second.element.shadowRoot).length === both.length + 1)
      inspector.close()
      const own = bench.entries.length
      sdk.setLogger(null)
      // Whatever logs next: a call that is stopped by its signal.
      await sdk.ready({ signal: AbortSignal.abort() }).catch(() => {})
      await sdk
        .openWorkbench({ login: () => Promise.reject(new Error('no')), attempts: 1 })
        .catch(() => {})
      return {
        ...{ both, own, after: bench.entries.length },
        first: inspector.export().entries.length,
        second: second.export().entries.length,
        elements: document.querySelectorAll('calldock-inspector').length,
      }
    })
    assert.deepEqual(received.both, ['core.started'])
    assert.equal(received.after, received.own)
    assert.equal(received.first, 1)
    assert.ok(received.second > 2)
    assert.equal(received.elements, 1)
  })

  test('a logger that throws disturbs no other', async () => {
    const page = await inspected()
    const received = await page.run(async () => {
      sdk.setLogger(() => {
        throw new Error('a logger of the page’s')
      })
      await sdk.currentCall()
      return { names: window.kept.inspector.export().entries.length, errors: bench.errors }
    })
    assert.equal(received.names, 1)
    assert.equal(received.errors.length, 1)
  })

  test('the keyboard reaches the rows, opens one, and Escape leads out', async () => {
    const page = await inspected()
    const { driver } = world
    await page.run(async () => {
      for (const name of ['one', 'two', 'three']) window.kept.inspector.add({ name })
      await window.kept.drawn(3)
      window.kept.shortcuts = []
      addEventListener('keydown', (event) => window.kept.shortcuts.push(event.key))
      window.kept.part('.search input').focus()
    })
    const press = (/** @type {string[]} */ ...keys) =>
      driver
        .actions()
        .sendKeys(...keys)
        .perform()
    const at = () =>
      page.run(() => {
        const { activeElement } = window.kept.root
        const name = activeElement?.closest('li')?.dataset.name
        return name ?? activeElement?.className ?? activeElement?.localName
      })
    await press('t', 'w')
    await page.run(() => window.kept.drawn(1))
    await press(Key.ESCAPE)
    await page.run(() => window.kept.drawn(3))
    assert.deepEqual(await page.run(() => window.kept.shortcuts), [])
    await page.run(() => window.kept.part('ol').focus())
    await press(Key.ARROW_DOWN)
    assert.equal(await at(), 'one')
    await press(Key.ARROW_DOWN, Key.ARROW_DOWN, Key.ARROW_UP)
    assert.equal(await at(), 'two')
    await press(Key.END)
    assert.equal(await at(), 'three')
    await press(Key.ENTER)
    const open = () => page.run(() => window.kept.root.querySelectorAll('details[open]').length)
    assert.equal(await open(), 1)
    await press(Key.ESCAPE)
    assert.equal(await open(), 0)
    await press(Key.ESCAPE)
    assert.equal(await page.run(() => window.kept.root.activeElement.localName), 'ol')
    await press(Key.ESCAPE)
    assert.equal(await at(), 'title')
    const title = () =>
      page.run(() => {
        const { ariaExpanded } = window.kept.part('.title')
        return [ariaExpanded, window.kept.part('ol').checkVisibility()]
      })
    assert.deepEqual(await title(), ['false', false])
    await press(Key.ENTER)
    assert.deepEqual(await title(), ['true', true])
    await page.run(() => window.kept.part('.edge').focus())
    const height = () => page.run(() => Number(window.kept.part('.edge').ariaValueNow))
    const before = await height()
    await press(Key.ARROW_UP, Key.ARROW_UP)
    assert.equal(await height(), before + 48)
    await press(Key.HOME)
    assert.equal(await height(), 140)
  })

  test('it speaks the page’s language, names the frames and says what it is told to', async () => {
    const page = await inspected(
      { lang: 'zh-CN' },
      { frame: 'shop', frames: { shop: '商城' }, empty: '还没有', collapsed: true },
    )
    const output = await page.run(async () => {
      const { part, root, drawn } = window.kept
      const empty = part('.nothing').textContent
      await sdk.currentCall()
      await drawn(1)
      return {
        ...{ empty, badge: part('.badge').textContent, expanded: part('.title').ariaExpanded },
        chips: [...root.querySelectorAll('.chip span:first-child')].map((each) => each.textContent),
        names: [...root.querySelectorAll('button.tool')].every((each) => each.ariaLabel),
      }
    })
    assert.deepEqual(output, {
      ...{ empty: '还没有', badge: '商城', expanded: 'false', names: true },
      chips: '全部 登录 脚本 工作台 事件 命令 Hash 消息 核心 应用 错误'.split(' '),
    })
  })

  test('a node that is none is refused, and nothing of it is loaded unasked', async () => {
    const page = await world.open({ fresh: true })
    await page.run(() => bench.until(() => window.sdk))
    assert.deepEqual(
      world.site.requested.filter((path) => path.includes('devtools')),
      [],
    )
    const { code } = await page.failure(async () => {
      const { mountInspector } = await bench.load('/node_modules/calldock/devtools.js')
      mountInspector({ into: '#place' })
    })
    assert.equal(code, 'INVALID_OPTION')
    assert.equal(await page.run(() => document.querySelector('calldock-inspector')), null)
  })
})
