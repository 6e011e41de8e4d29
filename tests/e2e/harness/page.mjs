// A page as a test sees it: functions run in it, and errors come back as what they say.

import assert from 'node:assert/strict'
import { By, error, until } from 'selenium-webdriver'
import { PATIENCE_MS, within } from './programs.mjs'

/**
 * A CalldockError as it left the page, and after how many ms.
 * @typedef {{
 *   code: string, message: string, where: string, expected: string, found: string, remedy: string,
 *   docs: string, attempts: { code: string, message: string }[], ms: number,
 * }} Failure
 */

/** How long the text of a remedy is waited for, in ms: an error waits for it by its own deadline, 300 ms. */
const TEXTS_MS = 3000

/** By how many ms a promise may miss its deadline on such a machine. */
const TOLERANCE_MS = 5000

/**
 * Whether a driver failed because the page, the frame or the element is another since it was looked up, or
 * is moving: to ask again helps.
 * @param {unknown} thrown
 */
export const isPassing = (thrown) =>
  thrown instanceof error.NoSuchFrameError ||
  thrown instanceof error.StaleElementReferenceError ||
  thrown instanceof error.ElementClickInterceptedError ||
  thrown instanceof error.ElementNotInteractableError ||
  thrown instanceof error.MoveTargetOutOfBoundsError ||
  (thrown instanceof error.WebDriverError &&
    /navigation|detached|execution context/.test(thrown.message))

export class View {
  /**
   * @param {import('selenium-webdriver').WebDriver} driver
   * @param {string[]} frames the selectors of the frames that lead to it from the top
   */
  constructor(driver, frames = []) {
    this.driver = driver
    this.frames = frames
    /**
     * Whether functions are evaluated by the page itself. Firefox's driver runs them in a realm of its own,
     * whose `JSON` and `Map` are not the page's; but a policy of the page may refuse its evaluation.
     */
    this.evaluates = false
  }

  /** Turns the driver to this page. */
  async enter() {
    const { driver } = this
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      await driver.switchTo().defaultContent()
      try {
        for (const frame of this.frames)
          await driver
            .switchTo()
            .frame(await driver.wait(until.elementLocated(By.css(frame)), PATIENCE_MS))
        return
      } catch (thrown) {
        if (!isPassing(thrown) || Date.now() > deadline) throw thrown
      }
    }
  }

  /**
   * Runs a function in the page and gives what it returns. It sees the page's globals and its
   * arguments, nothing of the test around it.
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} work
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  async run(work, ...args) {
    return this.#valueOf(await this.#ask(work, args))
  }

  /** @param {{ value?: any, failure?: any, thrown?: string }} answer */
  #valueOf({ value, failure, thrown }) {
    if (failure) assert.fail(`${failure.code} after ${failure.ms} ms: ${failure.message}`)
    if (thrown) assert.fail(`the page threw ${thrown}`)
    return value
  }

  /**
   * Runs a function in the page that must fail with a CalldockError.
   * @template {unknown[]} A
   * @param {(...args: A) => unknown} work
   * @param {A} args
   * @returns {Promise<Failure>}
   */
  async failure(work, ...args) {
    const { value, failure, thrown } = await this.#ask(work, args)
    if (thrown) assert.fail(`the page threw no CalldockError but ${thrown}`)
    if (!failure) assert.fail(`expected a CalldockError, found ${JSON.stringify(value)}`)
    for (const deadline = Date.now() + TEXTS_MS; failure.remedy === `See ${failure.docs}`; ) {
      if (Date.now() > deadline) break
      await new Promise((resolve) => setTimeout(resolve, 25))
      failure.remedy =
        (await this.driver.executeScript('return window.failed?.remedy')) ?? failure.remedy
    }
    assert.ok(failure.remedy, `${failure.code} has no remedy`)
    assert.equal(failure.message.includes(failure.remedy), false, 'the remedy stands apart')
    assert.match(failure.docs, /^https:\/\//)
    return failure
  }

  /**
   * Waits until a function of the page gives something true, and gives that.
   * @template {unknown[]} A
   * @template R
   * @param {string} what
   * @param {(...args: A) => R} condition
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  async until(what, condition, ...args) {
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      // Where the page is left meanwhile, Firefox gives nothing, and the others an error.
      const answer = await this.#ask(condition, args).catch((thrown) => {
        if (!isPassing(thrown) || Date.now() > deadline) throw thrown
      })
      const value = answer && this.#valueOf(answer)
      if (value) return value
      if (Date.now() > deadline) assert.fail(`waited in vain: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Waits until an element's dataset says so. @param {string} selector @param {string} key @param {string} value */
  says(selector, key, value) {
    return this.until(
      `${selector} to be ${value}`,
      (selector, key, value) =>
        /** @type {HTMLElement | null} */ (document.querySelector(selector))?.dataset[key] ===
        value,
      selector,
      key,
      value,
    )
  }

  /** @param {Function} work @param {unknown[]} args @returns {Promise<any>} */
  async #ask(work, args) {
    await within(PATIENCE_MS, 'the page', this.enter())
    // Functions travel as text: a policy of the page does not reach what the driver evaluates.
    const source = this.evaluates ? `window.eval(${JSON.stringify(`(${work})`)})` : `(${work})`
    const answer = this.driver.executeScript(
      `const args = [...arguments], work = ${source};
      const begun = performance.now();
      return (async () => {
        try {
          return { value: await work(...args) };
        } catch (error) {
          const ms = Math.round(performance.now() - begun);
          if (error?.name !== 'CalldockError') return { thrown: String(error) + ' ' + (error?.stack ?? '') };
          window.failed = error;
          const { code, message, where, expected, found, remedy, docs, attempts } = error;
          window.bench?.failures.push(message, remedy);
          return { failure: { code, message, where, expected, found, remedy, docs, attempts, ms } };
        }
      })()`,
      ...args,
    )
    return within(PATIENCE_MS, 'the page', answer)
  }
}

/**
 * The bytes in use after a collection; 0 where an engine does not tell.
 * @param {import('selenium-webdriver').WebDriver} driver
 */
export async function heapOf(driver) {
  const devTools = /** @type {any} */ (driver)
  if (!devTools.sendAndGetDevToolsCommand) return 0
  await devTools.sendDevToolsCommand('HeapProfiler.collectGarbage')
  return (await devTools.sendAndGetDevToolsCommand('Runtime.getHeapUsage')).usedSize
}

/**
 * A failure settled by its deadline.
 * @param {Pick<Failure, 'code' | 'ms'>} failure
 * @param {number} timeoutMs
 */
export function assertInTime({ ms, code }, timeoutMs) {
  assert.ok(ms <= timeoutMs + TOLERANCE_MS, `${code} after ${ms} ms, expected ${timeoutMs}`)
}

let marks = 0

/**
 * Waits until a page has received all that a page inside it has posted to it so far: a driver may reach the one
 * before a message of the other does.
 * @param {View} outer
 * @param {View} inner
 * @param {'parent' | 'top'} way what `outer` is to `inner`
 */
export async function allReceived(outer, inner, way = 'parent') {
  marks += 1
  const mark = `mark ${marks}`
  await inner.run((mark, way) => window[way]?.postMessage(mark, '*'), mark, way)
  const taken = (/** @type {string} */ mark) => {
    const at = bench.messages.findIndex(({ data }) => data === mark)
    return at >= 0 && bench.messages.splice(at, 1)
  }
  await outer.until('what the frame has posted', taken, mark)
}
