// The playground as a newcomer uses it: three jobs, two languages, a keyboard, a narrow screen, and
// an inspector that tells everything but what is private.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { By, Key } from 'selenium-webdriver'
import { isPassing, View } from './harness/page.mjs'
import { PATIENCE_MS } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const BENCH = '[data-testid=workbench-frame]'
/** What the playground's own people are called, and their numbers. */
const PRIVATE = [
  ...['13800000001', '13800000002', '0755-86000001', '138-0000-OOPS'],
  ...['Mr Liu', '刘先生', 'Zhang San', '张三', 'agent@example.com'],
]

/** Faults of the playground, and the code its error card shows. */
const faults = {
  'login-500': 'LOGIN_FAILED',
  'login-html': 'LOGIN_FAILED',
  'clock-skew': 'VENDOR_REJECTED',
  'no-account': 'VENDOR_REJECTED',
  'script-500': 'NETWORK',
  'script-html': 'NETWORK',
  'script-hang': 'TIMEOUT',
  'script-throw': 'GLOBAL_MISSING',
  'global-none': 'GLOBAL_MISSING',
  'global-foreign': 'GLOBAL_MISSING',
  'ready-never': 'TIMEOUT',
  expired: 'TOKEN_EXPIRED',
}

inEachBrowser(
  'playground',
  (world) => {
    /** @param {string} path */
    async function show(path) {
      await world.driver.get(`${world.playground}${path}`)
      return new View(world.driver)
    }

    /**
     * Clicks what carries a test id, as a person does: in sight, with nothing over it. A frame of another
     * site is scrolled and drawn by another process, so a click may pass it by: then it is clicked again.
     * @param {View} view
     * @param {string} testid
     */
    async function click(view, testid) {
      await present(view, testid)
      const selector = `[data-testid="${testid}"]`
      for (const deadline = Date.now() + PATIENCE_MS; ; ) {
        await view.run((selector) => {
          const clicked = (/** @type {Event} */ { target }) => {
            if (target instanceof Element && target.closest(selector)) window.clickedAt = undefined
          }
          document.addEventListener('click', clicked, { capture: true })
          window.clickedAt = performance.now()
          document.querySelector(selector)?.scrollIntoView({ block: 'center' })
        }, selector)
        // WebKit's driver misses what has been scrolled inside two frames.
        if (world.name === 'webkit' && view.frames.length > 1)
          return view.run(
            (selector) => /** @type {HTMLElement} */ (document.querySelector(selector)).click(),
            selector,
          )
        try {
          await view.driver.findElement(By.css(selector)).click()
          if (await arrived(view)) return
        } catch (thrown) {
          // Covered while the page scrolls to what came of the last click, or drawn again in between.
          if (!isPassing(thrown) || Date.now() > deadline) throw thrown
        }
        if (Date.now() > deadline) assert.fail(`${testid}: no click arrives`)
      }
    }

    /** Whether the click reached its element; a page that is another since was reached. @param {View} view */
    const arrived = async (view) =>
      'here' ===
      (await view.until('what came of a click', () => {
        if (window.clickedAt === undefined) return 'here'
        return performance.now() - window.clickedAt > 5000 && 'missed'
      }))

    /** Waits for what carries a test id, and gives its text. @param {View} view @param {string} testid */
    async function present(view, testid) {
      const found = await view.until(
        testid,
        (testid) => {
          const found = document.querySelector(`[data-testid="${testid}"]`)
          const data = found instanceof HTMLElement ? { ...found.dataset } : {}
          return found && { text: found.textContent ?? '', data }
        },
        testid,
      )
      return /** @type {NonNullable<typeof found>} */ (found)
    }

    const ready = (/** @type {View} */ view) =>
      view.says('[data-testid=connection]', 'phase', 'ready')

    /** The inspector's entries, as frame and name. @param {View} view */
    const entries = (view) =>
      view.run(() => {
        const root = document.querySelector('calldock-inspector')?.shadowRoot
        return [...(root?.querySelectorAll('.entry') ?? [])].map((row) => {
          const { frame, name } = /** @type {HTMLElement} */ (row).dataset
          return { frame, name, text: row.textContent ?? '' }
        })
      })

    /** Waits until the inspector has an entry. @param {View} view @param {string} name */
    const inspected = (view, name, frame = 'host') =>
      view.until(
        `${name} in the inspector`,
        (selector) =>
          document.querySelector('calldock-inspector')?.shadowRoot?.querySelector(selector),
        `.entry[data-name="${name}"][data-frame="${frame}"]`,
      )

    /** @param {View} view */
    async function assertInspectorIsDiscreet(view) {
      const all = await entries(view)
      assert.ok(all.length > 0)
      for (const { text } of all) {
        for (const word of PRIVATE) assert.ok(!text.includes(word), text)
        assert.doesNotMatch(text, /[0-9a-f]{32}|token=/)
      }
    }

    /** Presses a button of the vendor's softphone. @param {View} view @param {string} testid */
    const softphone = (view, testid) =>
      view.until(
        testid,
        (testid) => {
          const root = document.querySelector('t3c-sdk')?.shadowRoot
          const button = /** @type {HTMLElement | null | undefined} */ (
            root?.querySelector(`[data-testid="${testid}"]`)
          )
          button?.click()
          return button !== null && button !== undefined
        },
        testid,
      )

    test('a login and a call, from the ring to the hang-up, step by step in the inspector', async () => {
      const page = await show('/?lang=en')
      await click(page, 'start')
      await ready(page)
      await click(page, 'sim-ring')
      await inspected(page, 'event.incoming')
      await softphone(page, 'tccc-answer')
      await inspected(page, 'event.answered')
      await click(page, 'order-hangup')
      await inspected(page, 'event.completed')
      const host = (await entries(page)).filter(({ frame }) => frame === 'host')
      const wanted = [
        'login.requested',
        'login.received',
        'script.injected',
        'script.loaded',
        'global.found',
        'event.ready',
        'workbench.ready',
        'event.incoming',
        'event.answered',
        'call.hangUp',
        'event.ended',
        'event.completed',
      ]
      const names = host.map(({ name }) => name ?? '').filter((name) => wanted.includes(name))
      assert.deepEqual(names, wanted)
      // Beside the login, whichever is faster.
      assert.ok(host.some(({ name }) => name === 'core.started'))
      await assertInspectorIsDiscreet(page)
      const [hungUp] = await world.doubles.log('command')
      assert.equal(hungUp?.method, 'Call.accept')
    })

    test('a call from the order list', async () => {
      const page = await show('/?lang=en&open=1')
      await ready(page)
      await click(page, 'order-call-zhang')
      await inspected(page, 'event.answered')
      await click(page, 'order-hangup')
      await inspected(page, 'event.ended')
      const commands = await world.doubles.log('command')
      assert.deepEqual(
        commands.map(({ method, from }) => `${from} ${method}`),
        ['script Call.startOutboundCall', 'script Call.hungUp'],
      )
      assert.deepEqual(commands[0]?.options, { phoneNumber: '13800000002', phoneDesc: 'Zhang San' })
      await assertInspectorIsDiscreet(page)
    })

    test('a customer who rings in vain leaves the call with another in the order list', async () => {
      const page = await show('/?lang=en&open=1')
      await ready(page)
      const talking = await world.doubles.control('ring', { mobile: '13800000001' })
      await world.doubles.control('answer', talking)
      const row = (/** @type {string} */ customer, /** @type {string} */ shown) =>
        page.until(
          `${customer}: ${shown}`,
          (customer, shown) =>
            document.querySelector(`[data-testid=order-${customer}] .badge`)?.textContent === shown,
          customer,
          shown,
        )
      await row('liu', 'On the line')
      const ringing = await world.doubles.control('ring', { mobile: '13800000002' })
      await row('zhang', 'Calling you')
      await row('liu', 'On the line')
      await world.doubles.control('hangup', ringing)
      await row('zhang', 'Returned')
      await row('liu', 'On the line')
      await click(page, 'order-hangup')
      await row('liu', 'Shipped')
      const [hungUp] = (await world.doubles.log('command')).slice(-1)
      assert.deepEqual([hungUp?.method, hungUp?.options], ['Call.hungUp', talking])
    })

    test('a screen pop inside the workbench of another site: ringing, connected, ended', async () => {
      const page = await show('/?lang=en')
      const pop = new View(world.driver, [BENCH, '#frame-pop'])
      await present(pop, 'pop-empty')
      await new View(world.driver, [BENCH]).says('html', 'ready', 'true')
      assert.notEqual(new URL(world.doubles.origin).hostname, new URL(world.playground).hostname)
      assert.equal(await pop.run(() => location.origin), world.playground)
      await world.doubles.control('ring', { mobile: '13800000001', nickName: '刘先生' })
      await pop.says('[data-testid=pop-card]', 'status', 'ringing')
      assert.equal((await present(pop, 'pop-name')).text, 'Mr Liu')
      await world.doubles.control('answer')
      await pop.says('[data-testid=pop-card]', 'status', 'connected')
      await world.doubles.control('hangup')
      await pop.says('[data-testid=pop-card]', 'status', 'ended')
      await page.until('three hashes', () => {
        const read = '[data-name="hash.read"][data-frame=pop]'
        const root = document.querySelector('calldock-inspector')?.shadowRoot
        return root?.querySelectorAll(read).length === 3
      })
      await assertInspectorIsDiscreet(page)
    })

    /** @param {string} frame @param {string} number @param {string} desc */
    async function assertDialled(frame, number, desc) {
      const bench = new View(world.driver, [BENCH])
      await bench.says('#dialpad', 'state', 'connected')
      const pad = await bench.run(() => ({
        number: /** @type {HTMLInputElement} */ (document.getElementById('dial-number')).value,
        desc: document.getElementById('dial-desc')?.textContent,
      }))
      assert.deepEqual(pad, { number, desc })
      const [message, ...others] = await world.doubles.log('message')
      assert.deepEqual(others, [])
      assert.equal(message?.event, 'callOut')
      assert.deepEqual(message?.message, { phoneNumber: number, desc })
      assert.equal(message?.origin, world.playground)
      assert.equal(message?.childFrame, true)
      assert.equal(message?.frame, frame)
    }

    test('callOut from the screen pop rings on the dial pad', async () => {
      const page = await show('/?lang=en')
      const pop = new View(world.driver, [BENCH, '#frame-pop'])
      await new View(world.driver, [BENCH]).says('html', 'ready', 'true')
      await present(pop, 'pop-empty')
      await world.doubles.control('ring', { mobile: '13800000001' })
      await present(pop, 'pop-number')
      await world.doubles.control('hangup')
      await pop.says('[data-testid=pop-card]', 'status', 'ended')
      await click(pop, 'pop-number')
      assert.match((await present(pop, 'dial-sent')).text, new RegExp(world.doubles.origin))
      await assertDialled('pop', '13800000001', 'Mr Liu')
      await inspected(page, 'message.posted', 'pop')
      await inspected(page, 'message.received callOut', 'vendor')
      await assertInspectorIsDiscreet(page)
    })

    test('callOut from the ticket list rings on the dial pad, and a mistyped number does not', async () => {
      const page = await show('/?lang=en')
      const bench = new View(world.driver, [BENCH])
      await bench.says('html', 'ready', 'true')
      await bench.run(() => document.getElementById('tab-tickets')?.click())
      const tickets = new View(world.driver, [BENCH, '#frame-tickets'])
      await click(tickets, 'dial-T-197')
      assert.equal((await present(tickets, 'error-card')).data.code, 'INVALID_OPTION')
      await click(tickets, 'dial-T-201')
      await present(tickets, 'dial-sent')
      await assertDialled('tickets', '0755-86000001', 'Branch shop')
      await inspected(page, 'message.posted', 'tickets')
      await assertInspectorIsDiscreet(page)
    })

    test('a page of the workbench that is opened alone says so, and cannot call', async () => {
      const page = await show('/pop.html?lang=en#?mobile=13800000001&status=100')
      await present(page, 'alone')
      await click(page, 'pop-number')
      assert.equal((await present(page, 'error-card')).data.code, 'ORIGIN_REFUSED')
    })

    test('the language switches, and with it the errors', async () => {
      const page = await show('/?lang=en')
      assert.equal((await present(page, 'start')).text, 'Start workbench')
      await click(page, 'lang-zh')
      await page.until('Chinese', () => document.documentElement.lang === 'zh-CN')
      assert.equal((await present(page, 'start')).text, '启动工作台')
      await show('/?lang=zh&fault=no-account&open=1')
      const { text } = await present(page, 'error-remedy')
      assert.match(text, /[\u4e00-\u9fff]{6}/)
      const pop = new View(world.driver, [BENCH, '#frame-pop'])
      assert.match((await present(pop, 'pop-empty')).text, /[\u4e00-\u9fff]{2}/)
    })

    for (const [fault, code] of Object.entries(faults))
      test(`broken on purpose, ${fault}: a card that says ${code} and what to do`, async () => {
        // Time for three attempts on any machine, and no more than needed to see a deadline.
        const timeoutMs = code === 'TIMEOUT' ? 1500 : 20_000
        const page = await show(`/?lang=en&fault=${fault}&open=1&timeoutMs=${timeoutMs}`)
        assert.equal((await present(page, 'error-card')).data.code, code)
        assert.ok((await present(page, 'error-message')).text.length > 20)
        assert.ok((await present(page, 'error-remedy')).text.length > 20)
        await page.says('[data-testid=connection]', 'phase', 'failed')
        await assertInspectorIsDiscreet(page)
      })

    test('what was broken is repaired by one click', async () => {
      const page = await show('/?lang=en&fault=script-500&open=1')
      await click(page, 'mend')
      await ready(page)
    })

    test('a double click shows one chat beside the link', async () => {
      const page = await show('/chatlink.html?lang=en')
      await present(page, 'link-text')
      const chats = await page.run(async () => {
        const part = (/** @type {string} */ testid) =>
          /** @type {HTMLElement} */ (document.querySelector(`[data-testid=${testid}]`))
        part('link-embed').click()
        part('link-embed').click()
        const place = part('place')
        while (place.childElementCount === 0)
          await new Promise((resolve) => setTimeout(resolve, 25))
        // As long as another chat would take.
        for (let n = 0; n < 3; n++) await fetch('/calldock/v1/tccc/chat', { method: 'POST' })
        return place.childElementCount
      })
      assert.equal(chats, 1)
      await click(page, 'link-unembed')
      await page.until('an empty place', () => !document.querySelector('[data-testid=place] *'))
      await click(page, 'link-embed')
      await page.until('a chat', () => document.querySelector('[data-testid=place] iframe'))
    })

    test('the signature of the link is inspected, where there is one, with its data or without', async () => {
      const page = await show('/chatlink.html?lang=en')
      await present(page, 'link-text')
      await page.run(() => {
        window.kept = window.fetch
        window.fetch = async () => new Response('{}', { status: 500 })
      })
      await click(page, 'link-make')
      await present(page, 'error-card')
      await present(page, 'sig-EXPIRED')
      await page.run(() => {
        const own = /** @type {HTMLElement} */ (
          document.querySelector('[data-testid=sig-which-own]')
        )
        own.click()
      })
      const result = await present(page, 'sig-result')
      assert.equal(result.text, 'There is no link yet')
      await page.run(() => {
        window.fetch = window.kept
      })
      await click(page, 'link-make')
      await present(page, 'sig-good')
      await page.run(() => {
        const data = /** @type {HTMLTextAreaElement} */ (
          document.querySelector('[data-testid=sig-clientData]')
        )
        data.value = ''
        document.querySelector('[data-testid=sig-good]')?.remove()
        data.dispatchEvent(new InputEvent('input'))
      })
      await present(page, 'sig-good')
    })

    test('a token that expires is renewed before one’s eyes', async () => {
      const page = await show('/?lang=en&open=1')
      await ready(page)
      await world.doubles.control('expire')
      await inspected(page, 'workbench.renewed')
      await ready(page)
      await assertInspectorIsDiscreet(page)
    })

    const narrow = world.cannot({
      firefox: 'its window is 500 px wide at least',
      webkit: 'its window is 447 px wide at least',
    })
    for (const width of [1280, 400])
      test(
        `at ${width} px nothing is wider than the screen, nor beneath the header`,
        width < 500 ? narrow : {},
        async (t) => {
          t.after(() => resize(1280))
          const pages = ['/?open=1', '/?fault=script-500&open=1', '/tickets.html?', '/pop.html?']
          for (const path of pages)
            for (const lang of ['en', 'zh']) {
              await resize(width)
              const hash = path.startsWith('/pop')
                ? '#?mobile=13800000001&status=100&type=phone'
                : ''
              const page = await show(`${path}&lang=${lang}${hash}`)
              if (path === '/?open=1') await ready(page)
              if (path.includes('fault')) await present(page, 'error-card')
              const { wide, inner, brand, languages } = await page.run(() => ({
                wide: document.documentElement.scrollWidth,
                inner: innerWidth,
                brand: document.querySelector('.brand')?.getBoundingClientRect().bottom ?? null,
                languages:
                  document.querySelector('.languages')?.getBoundingClientRect().top ?? null,
              }))
              assert.equal(inner, width)
              assert.ok(wide <= width, `${path} ${lang}: ${wide} px at ${width} px`)
              // The agent's own pages, inside the vendor's workbench, have no header.
              assert.equal(brand === null, path.startsWith('/pop') || path.startsWith('/tickets'))
              if (brand !== null)
                assert.ok(Number(languages) < Number(brand), `${path} ${lang}: a second row`)
            }
        },
      )

    /** Makes the page so wide. A window has borders, and so the second try is exact. @param {number} width */
    async function resize(width) {
      const window = world.driver.manage().window()
      await window.setRect({ width, height: 900 })
      const inner = Number(await world.driver.executeScript('return innerWidth'))
      if (inner !== width) await window.setRect({ width: width + width - inner, height: 900 })
    }

    /**
     * Where the keyboard goes, Tab by Tab: the test ids it stops at.
     * @param {View} view
     * @param {number} steps
     */
    async function tabbed(view, steps) {
      /** @type {string[]} */
      const stops = []
      for (let step = 0; step < steps; step++) {
        await view.driver.actions().sendKeys(Key.TAB).perform()
        const stop = await view.run(() => {
          let at = document.activeElement
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
          return /** @type {HTMLElement | null} */ (at)?.dataset.testid ?? ''
        })
        if (stop) stops.push(stop)
      }
      return stops
    }

    test('the keyboard reaches what matters, and does it', async () => {
      const page = await show('/?lang=en')
      await present(page, 'start')
      const stops = await tabbed(page, 40)
      for (const wanted of [
        'lang-zh',
        'sim-customer',
        'sim-ring',
        'sim-answer',
        'sim-hangup',
        'start',
      ])
        assert.ok(stops.includes(wanted), `${wanted} is not among ${stops}`)
      await page.run(() => {
        const start = document.querySelector('[data-testid=start]')
        if (start instanceof HTMLElement) start.focus()
      })
      await page.driver.actions().sendKeys(Key.ENTER).perform()
      await ready(page)
      await world.doubles.control('ring', { mobile: '13800000001' })
      await inspected(page, 'event.incoming')
      // From the softphone's first control on, by Tab alone.
      await page.run(() => {
        const root = document.querySelector('t3c-sdk')?.shadowRoot
        const first = root?.querySelector('[data-testid=tccc-minimise]')
        if (first instanceof HTMLElement) first.focus()
      })
      let at = ''
      for (let step = 0; step < 30 && at !== 'tccc-answer'; step++)
        at = (await tabbed(page, 1))[0] ?? ''
      assert.equal(at, 'tccc-answer')
      await page.driver.actions().sendKeys(Key.ENTER).perform()
      await inspected(page, 'event.answered')
    })

    test('the keyboard calls from a screen pop', async () => {
      const page = await show('/pop.html?lang=en#?mobile=13800000001&status=100')
      await present(page, 'pop-number')
      const stops = await tabbed(page, 6)
      assert.ok(stops.includes('pop-number'), String(stops))
      await page.run(() => {
        const number = document.querySelector('[data-testid=pop-number]')
        if (number instanceof HTMLElement) number.focus()
      })
      await page.driver.actions().sendKeys(Key.ENTER).perform()
      await present(page, 'error-card')
    })

    test('the playground’s own policy refuses nothing of ours', async () => {
      const page = await show('/?lang=en')
      await page.run(() => {
        window.kept = []
        document.addEventListener('securitypolicyviolation', (event) => {
          window.kept.push(`${event.effectiveDirective} ${event.blockedURI}`)
        })
      })
      await click(page, 'start')
      await ready(page)
      await click(page, 'sim-ring')
      await inspected(page, 'event.incoming')
      assert.deepEqual(await page.run(() => window.kept), [])
    })
  },
  { playground: true },
)
