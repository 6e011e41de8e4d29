// The playground for everyone: axe finds nothing on any page, in both languages, light and dark, wide and
// narrow, with a ringing call and an open chat too; the keyboard's focus is never lost; forced colours show
// what is chosen.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { By, Key } from 'selenium-webdriver'
import { View } from './harness/page.mjs'
import { inEachBrowser } from './harness/world.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const BENCH = '[data-testid=workbench-frame]'
const LANGUAGES = /** @type {const} */ (['en', 'zh'])

/**
 * The widths and colours a page is looked at in, by its language: each width, each colour, and every pair of the
 * two in one of the languages. The long run looks at every pair in both.
 * @type {Record<'en' | 'zh', [width: number, scheme: 'light' | 'dark'][]>}
 */
const LOOKS = {
  en: [
    [1280, 'light'],
    [400, 'dark'],
  ],
  zh: [
    [1280, 'dark'],
    [400, 'light'],
  ],
}
const looks = (/** @type {'en' | 'zh'} */ lang) =>
  process.env.CALLDOCK_LONG ? [...LOOKS.en, ...LOOKS.zh] : LOOKS[lang]

/**
 * What a finding is: the rule, and where.
 * @typedef {{ id: string, help: string, nodes: { target: unknown[], failureSummary?: string }[] }} Finding
 */

inEachBrowser(
  'accessibility of the playground',
  (world) => {
    const chromium = world.cannot({
      firefox: 'colours and widths are emulated by a protocol of Chromium',
      webkit: 'colours and widths are emulated by a protocol of Chromium',
    })

    /** @param {string} path */
    async function show(path) {
      await world.driver.get(`${world.playground}${path}`)
      return new View(world.driver)
    }

    /** Sends a command to Chromium itself. @param {string} command @param {object} options */
    const emulate = (command, options) =>
      /** @type {import('selenium-webdriver/chrome.js').Driver} */ (
        world.driver
      ).sendDevToolsCommand(command, options)

    /** @param {number} width */
    const resize = (width) =>
      emulate('Emulation.setDeviceMetricsOverride', {
        ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
      })

    /** @param {Record<string, string>} features */
    const media = (features) =>
      emulate('Emulation.setEmulatedMedia', {
        features: Object.entries(features).map(([name, value]) => ({ name, value })),
      })

    /** @param {import('node:test').TestContext} t */
    const restore = (t) =>
      t.after(async () => {
        await emulate('Emulation.clearDeviceMetricsOverride', {})
        await media({})
      })

    /** Waits for what carries a test id. @param {View} view @param {string} testid */
    const present = (view, testid) =>
      view.until(
        testid,
        (testid) => document.querySelector(`[data-testid="${testid}"]`) !== null,
        testid,
      )

    /** @param {View} view */
    const ready = (view) => view.says('[data-testid=connection]', 'phase', 'ready')

    /** Waits for an entry of the inspector. @param {View} view @param {string} selector */
    const inspected = (view, selector) =>
      view.until(
        `${selector} in the inspector`,
        (selector) =>
          document.querySelector('calldock-inspector')?.shadowRoot?.querySelector(selector),
        selector,
      )

    /** What axe finds in the document the driver is in. @param {View} view @returns {Promise<Finding[]>} */
    async function findings(view) {
      await view.enter()
      // Motion ends first: a colour on its way has another contrast.
      await view.run(async () => {
        for (const animation of document.getAnimations()) animation.finish()
      })
      const loaded = await world.driver.executeScript('return Boolean(window.axe)')
      if (!loaded) await world.driver.executeScript(AXE)
      return /** @type {Promise<Finding[]>} */ (
        world.driver.executeScript(`
          const framed = window !== window.top
          return axe.run(document, {
            resultTypes: ['violations'],
            iframes: false,
            // A framed page is a part of the page around it, which has the landmarks.
            rules: framed ? { region: { enabled: false }, 'landmark-one-main': { enabled: false } } : {},
          }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({
            id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
          })))
        `)
      )
    }

    /**
     * Looks at a page and its frames at each width, light and dark.
     * @param {string} what
     * @param {'en' | 'zh'} lang
     * @param {View} page
     * @param {View[]} [frames]
     */
    async function assertClean(what, lang, page, frames = []) {
      /** @type {Set<string>} */
      const found = new Set()
      for (const [width, scheme] of looks(lang)) {
        await resize(width)
        await media({ 'prefers-color-scheme': scheme, 'prefers-reduced-motion': 'reduce' })
        for (const view of [page, ...frames])
          for (const { id, help, nodes } of await findings(view))
            for (const { target, failureSummary = '' } of nodes)
              found.add(
                `${what}, ${lang}, ${width} px, ${scheme}: ${id} (${help}) at ${JSON.stringify(target)} ` +
                  failureSummary.replace(/\s+/g, ' '),
              )
      }
      assert.deepEqual([...found], [])
    }

    /** The pages as they open, and what is waited for. */
    const pages = {
      'host page': ['/', 'start'],
      shop: ['/shop.html', 'help-chat'],
      'chat link': ['/chatlink.html', 'link-text'],
      'shared page': ['/cobrowsed.html', 'sharing'],
      'screen pop': ['/pop.html', 'pop-card', '#?mobile=13800000001&status=100&type=phone'],
      tickets: ['/tickets.html', 'dial-T-201'],
      'a failure': ['/', 'error-card', '', '&fault=no-account&open=1&timeoutMs=4000'],
    }

    for (const lang of LANGUAGES) {
      for (const [name, [path, testid = '', hash = '', query = '']] of Object.entries(pages))
        test(`axe finds nothing: ${name}, ${lang}`, chromium, async (t) => {
          restore(t)
          const page = await show(`${path}?lang=${lang}${query}${hash}`)
          await present(page, testid)
          await assertClean(name, lang, page)
        })

      test(
        `axe finds nothing: a ringing call in both workbenches, ${lang}`,
        chromium,
        async (t) => {
          restore(t)
          const page = await show(`/?lang=${lang}&open=1`)
          await ready(page)
          const bench = new View(world.driver, [BENCH])
          const pop = new View(world.driver, [BENCH, '#frame-pop'])
          await bench.says('html', 'ready', 'true')
          await world.doubles.control('ring', { mobile: '13800000001', nickName: '刘先生' })
          await inspected(page, '[data-name="event.incoming"]')
          await pop.says('[data-testid=pop-card]', 'status', 'ringing')
          await assertClean('ringing', lang, page, [bench, pop])
        },
      )

      test(`axe finds nothing: an open chat, ${lang}`, chromium, async (t) => {
        restore(t)
        const page = await show(`/shop.html?lang=${lang}&open=1`)
        await page.says('#chat', 'phase', 'open')
        await assertClean('open chat', lang, page)
      })
    }

    /** The test id of what has the focus, through shadow roots; `body` where the focus is lost. @param {View} view */
    const focused = (view) =>
      view.run(() => {
        let at = document.activeElement
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
        if (!at || at === document.body) return 'body'
        return /** @type {HTMLElement} */ (at).dataset.testid ?? at.id
      })

    /** Focuses what carries a test id and presses Enter. @param {View} view @param {string} testid */
    async function press(view, testid) {
      await present(view, testid)
      await view.enter()
      const element = await view.driver.findElement(By.css(`[data-testid="${testid}"]`))
      await element.sendKeys(Key.ENTER)
    }

    test('after Start workbench the focus is on the way to the softphone, which is near', async () => {
      const page = await show('/?lang=en')
      await press(page, 'start')
      assert.notEqual(await focused(page), 'body')
      await ready(page)
      await page.until('the focus to follow', () => {
        const { activeElement } = document
        return activeElement instanceof HTMLElement && activeElement.dataset.testid === 'dock-go'
      })
      await world.doubles.control('ring', { mobile: '13800000001' })
      await inspected(page, '[data-name="event.incoming"]')
      await press(page, 'dock-go')
      let steps = 0
      for (; steps < 10 && (await focused(page)) !== 'tccc-answer'; steps++)
        await page.driver.actions().sendKeys(Key.TAB).perform()
      assert.equal(await focused(page), 'tccc-answer', `not reached within ${steps} Tabs`)
      await page.driver.actions().sendKeys(Key.ENTER).perform()
      await inspected(page, '[data-name="event.answered"]')
      assert.notEqual(await focused(page), 'body')
    })

    test('from the top of the page the second stop leads to the softphone', async () => {
      const page = await show('/?lang=en&open=1')
      await ready(page)
      await page.driver.actions().sendKeys(Key.TAB, Key.TAB).perform()
      assert.equal(await focused(page), 'skip-phone')
      await page.driver.actions().sendKeys(Key.ENTER).perform()
      assert.equal(await focused(page), 'tcccSdkDomRoot')
    })

    test('Chat with us keeps the focus while the chat opens and afterwards', async () => {
      const page = await show('/shop.html?lang=en')
      await press(page, 'help-chat')
      assert.equal(await focused(page), 'help-chat')
      await page.says('#chat', 'phase', 'open')
      assert.equal(await focused(page), 'help-chat')
    })

    test('the focus follows from Open chat to the chat’s buttons, and to the one that reloads', async () => {
      const page = await show('/shop.html?lang=en')
      await press(page, 'chat-start')
      await page.says('#chat', 'phase', 'open')
      assert.equal(await focused(page), 'chat-toAgent')
      await press(page, 'chat-end')
      await page.says('#chat', 'phase', 'ended')
      assert.equal(await focused(page), 'chat-reload')
    })

    test('the inspector lists causes before their effects', async () => {
      const page = await show('/?lang=en')
      const bench = new View(world.driver, [BENCH])
      const pop = new View(world.driver, [BENCH, '#frame-pop'])
      await bench.says('html', 'ready', 'true')
      await present(pop, 'pop-empty')
      await world.doubles.control('ring', { mobile: '13800000001' })
      await pop.says('[data-testid=pop-card]', 'status', 'ringing')
      await world.doubles.control('hangup')
      await pop.says('[data-testid=pop-card]', 'status', 'ended')
      await press(pop, 'pop-number')
      await inspected(page, '[data-name="message.received callOut"]')
      await inspected(page, '[data-name="message.posted"]')
      const names = await page.run(() => {
        const root = document.querySelector('calldock-inspector')?.shadowRoot
        return [...(root?.querySelectorAll('.entry') ?? [])].map(
          (row) => /** @type {HTMLElement} */ (row).dataset.name ?? '',
        )
      })
      const before = (/** @type {string} */ cause, /** @type {string} */ effect) =>
        assert.ok(
          names.indexOf(cause) >= 0 && names.indexOf(cause) < names.indexOf(effect),
          `expected ${cause} before ${effect}, found ${names}`,
        )
      before('hash.set', 'hash.read')
      before('message.posted', 'message.received callOut')
    })

    for (const fault of ['login-500', 'no-account', 'script-500', 'script-hang', 'global-none'])
      test(`in Chinese a failure is told in Chinese: ${fault}`, async () => {
        const page = await show(`/?lang=zh&fault=${fault}&open=1&timeoutMs=1500`)
        await present(page, 'error-card')
        const { message, remedy, original, texts } = await page.run(() => {
          const text = (/** @type {string} */ testid) =>
            document.querySelector(`[data-testid="${testid}"]`)?.textContent ?? ''
          const card = /** @type {Element} */ (document.querySelector('[data-testid=error-card]'))
          const nodes = document.createTreeWalker(card, NodeFilter.SHOW_TEXT)
          const texts = []
          while (nodes.nextNode()) {
            const { data, parentElement } = /** @type {Text} */ (nodes.currentNode)
            texts.push({ data, lang: parentElement?.closest('[lang]')?.getAttribute('lang') })
          }
          return {
            message: text('error-message'),
            remedy: text('error-remedy'),
            original: text('error-original'),
            texts,
          }
        })
        for (const text of [message, remedy]) assert.match(text, /[\u4e00-\u9fff]{4}/)
        assert.doesNotMatch(message, /[a-z]+ [a-z]+ [a-z]+/)
        // What was found is not lost.
        assert.ok(original.length > 20, original)
        // A screen reader reads each text in its own language.
        for (const { data, lang } of texts)
          if (/[\u4e00-\u9fff]/.test(data)) assert.equal(lang, 'zh-CN', data)
          else if (/[a-z]+ [a-z]+/i.test(data)) assert.equal(lang, 'en', data)
      })

    for (const lang of LANGUAGES)
      test(
        `at 1280 px nothing of the simulator bar covers the call’s state, ${lang}`,
        chromium,
        async (t) => {
          restore(t)
          await resize(1265)
          const page = await show(`/?lang=${lang}&open=1`)
          await ready(page)
          for (const [what, body, state] of /** @type {const} */ ([
            ['ring', { mobile: '13800000001' }, 'ringing'],
            ['answer', {}, 'connected'],
            ['hangup', {}, 'idle'],
          ])) {
            await world.doubles.control(what, body)
            await page.says('.sim-calls', 'call', state)
            const { right, next } = await page.run(() => ({
              right: document.querySelector('[data-testid=sim-line]')?.getBoundingClientRect()
                .right,
              next: document.querySelector('[data-testid=sim-reset]')?.getBoundingClientRect().left,
            }))
            assert.ok(
              Number(right) <= Number(next),
              `${state}: ends at ${right}, covered from ${next}`,
            )
          }
        },
      )

    test('forced colours show what is chosen', chromium, async (t) => {
      restore(t)
      const page = await show('/?lang=en')
      await present(page, 'start')
      await media({ 'forced-colors': 'active' })
      const pairs = await page.run(() => {
        const colours = (/** @type {Element | null | undefined} */ element) => {
          const { backgroundColor = '', color = '' } = element ? getComputedStyle(element) : {}
          return `${color} on ${backgroundColor}`
        }
        const next = (/** @type {string} */ selector) =>
          colours(document.querySelector(selector)?.nextElementSibling)
        return {
          view: [next('[data-testid=host-view-code]'), next('[data-testid=host-view-orders]')],
          channel: [next('[data-testid=sim-channel-phone]'), next('[data-testid=sim-channel-im]')],
          page: [
            colours(document.querySelector('[data-testid=page-host]')),
            colours(document.querySelector('[data-testid=page-shop]')),
          ],
          language: [
            colours(document.querySelector('[data-testid=lang-en]')),
            colours(document.querySelector('[data-testid=lang-zh]')),
          ],
        }
      })
      for (const [what, [chosen, other]] of Object.entries(pairs))
        assert.notEqual(chosen, other, `${what}: the chosen one looks like the others`)
    })
  },
  { playground: true },
)
