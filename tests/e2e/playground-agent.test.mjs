// The playground's page for CEC's agent workbench (field.md F12): the way into it, the business page in it, the
// call as the listener gets it, and a number that dials.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { eventually } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const CALLER = '13800000001'

inEachBrowser(
  'the playground’s CEC agent',
  (world) => {
    /** @param {string} path */
    async function show(path) {
      await world.driver.get(`${world.playground}${path}`)
      return new View(world.driver)
    }

    /** @param {View} view @param {string} testid */
    const click = (view, testid) =>
      view.until(
        testid,
        (selector) => {
          const found = document.querySelector(selector)
          if (!(found instanceof HTMLElement)) return false
          found.click()
          return true
        },
        `[data-testid="${testid}"]`,
      )

    /** @param {View} view @param {string} testid */
    const textOf = async (view, testid) =>
      String(
        await view.until(
          testid,
          (selector) => document.querySelector(selector)?.textContent,
          `[data-testid="${testid}"]`,
        ),
      )

    /** Opens the workbench from the page that leads to it. */
    async function opened(lang = 'en', opener = 'agent-open') {
      const page = await show(`/agent.html?lang=${lang}`)
      // Its address, not a click: a driver that runs a function while a page leaves gets nothing.
      const address = await page.until(
        opener,
        (selector) =>
          /** @type {HTMLAnchorElement | null} */ (document.querySelector(selector))?.href,
        `[data-testid="${opener}"]`,
      )
      await world.driver.get(String(address))
      const workbench = new View(world.driver)
      await workbench.until('the workbench', () => document.documentElement.dataset.ready)
      assert.equal(await workbench.run(() => location.origin), world.doubles.origin)
      const business = new View(world.driver, ['#business'])
      await textOf(business, 'pop-status')
      return { workbench, business }
    }

    /** What business pages posted to the workbench. */
    async function dialled() {
      const log = await world.doubles.log('cec')
      return log.filter(({ step }) => step === 'agent' || step === 'message')
    }

    /** @param {View} business @param {string} status */
    const hasStatus = (business, status) =>
      business.until(
        status,
        (status) =>
          /** @type {HTMLElement | null} */ (document.querySelector('[data-testid=pop-card]'))
            ?.dataset.status === status,
        status,
      )

    test('the first page leads to it', async () => {
      const page = await show('/?lang=en')
      assert.equal(await textOf(page, 'page-agent'), 'CEC agent')
      await click(page, 'page-agent')
      await textOf(page, 'agent-open')
      assert.equal(await page.run(() => location.pathname), '/agent.html')
    })

    test('a call is shown as it comes, and as the listener gets it', async () => {
      const { workbench, business } = await opened()
      assert.equal(await textOf(business, 'pop-name'), 'Mr Liu')
      assert.equal(await textOf(business, 'pop-callskill'), '售后')
      const typed = await textOf(business, 'typed')
      for (const line of [
        `callerNum: '${CALLER}',`,
        "workNo: '1001',",
        `origin: '${world.doubles.origin}',`,
      ])
        assert.ok(typed.includes(line), `${line} in ${typed}`)
      await workbench.run(() =>
        document.querySelector('[name=answer]')?.dispatchEvent(new Event('click')),
      )
      await hasStatus(business, 'connected')
      await workbench.run(() =>
        document.querySelector('[name=release]')?.dispatchEvent(new Event('click')),
      )
      await hasStatus(business, 'ended')
      assert.match(await textOf(business, 'agent-events'), /Talking → Release$/)
    })

    for (const opener of ['agent-open', 'agent-neutral'])
      test(`${opener}: the number dials, by the workbench on top`, async () => {
        const { workbench, business } = await opened('en', opener)
        const typed = await textOf(business, 'typed')
        assert.equal(typed.includes("vendor: 'cec'"), opener === 'agent-neutral')
        await click(business, 'pop-number')
        assert.ok((await textOf(business, 'dial-sent')).includes(world.doubles.origin))
        await workbench.until(
          'the dialled number',
          (number) => document.getElementById('dialled')?.textContent?.includes(number),
          CALLER,
        )
        // Its workbench shows the number first.
        await eventually('the message', async () => (await dialled()).length > 0)
        const [message, ...others] = await dialled()
        assert.deepEqual(others, [])
        const { number, mode, asText, fromPage, origin } = /** @type {any} */ (message)
        assert.deepEqual(
          { number, mode, asText, fromPage, origin },
          { number: CALLER, mode: 'audio', asText: true, fromPage: true, origin: world.playground },
        )
      })

    test('opened alone it says so, and cannot call', async () => {
      const page = await show(
        `/agentcall.html?lang=en&callerNum=${CALLER}&callid=1-2&origin=https%3A%2F%2Fother.example`,
      )
      await textOf(page, 'alone')
      await click(page, 'pop-number')
      const code = await page.until(
        'the error',
        () =>
          /** @type {HTMLElement | null} */ (document.querySelector('[data-testid=error-card]'))
            ?.dataset.code,
      )
      assert.equal(code, 'ORIGIN_REFUSED')
      assert.deepEqual(await dialled(), [])
    })

    test('in Chinese', async () => {
      const { workbench, business } = await opened('zh')
      assert.equal(await textOf(business, 'pop-name'), '刘先生')
      assert.match(await textOf(workbench, 'cec-agent-state'), /来电振铃/)
      assert.equal(
        await textOf(business, 'pop-status').then((text) => /[\u4e00-\u9fff]/.test(text)),
        true,
      )
    })

    for (const width of [1280, 400])
      test(`at ${width} px nothing is wider than the screen`, async (t) => {
        t.after(() => resize(1280))
        for (const lang of ['en', 'zh']) {
          await resize(width)
          const page = await show(`/agent.html?lang=${lang}`)
          await textOf(page, 'agent-open')
          assert.equal(await wide(page), '', `/agent.html ${lang}`)
          const { workbench, business } = await opened(lang)
          assert.equal(await wide(workbench), '', `the workbench ${lang}`)
          assert.equal(await wide(business), '', `the business page ${lang}`)
        }
      })

    /** What is wider than the page's window, if anything is. @param {View} view */
    const wide = (view) =>
      view.run(() => {
        const { scrollWidth } = document.documentElement
        if (scrollWidth <= innerWidth) return ''
        const wider = [...document.querySelectorAll('body *')].filter(
          (element) => element.getBoundingClientRect().right > innerWidth,
        )
        const names = wider.map(({ tagName, className }) => `${tagName}.${className}`)
        return `${scrollWidth} of ${innerWidth}: ${names.join(' ')}`
      })

    /** Makes the page so wide. A window has borders, and so the second try is exact. @param {number} width */
    async function resize(width) {
      await world.driver.switchTo().defaultContent()
      const window = world.driver.manage().window()
      await window.setRect({ width, height: 900 })
      const inner = Number(await world.driver.executeScript('return innerWidth'))
      if (inner !== width) await window.setRect({ width: width + width - inner, height: 900 })
    }
  },
  { playground: true },
)
