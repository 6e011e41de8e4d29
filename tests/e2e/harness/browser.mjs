// The one place where a browser is made: which engines there are, and which of them a run wants.

import { chromium } from './engines/chromium.mjs'
import { firefox } from './engines/firefox.mjs'
import { webkit } from './engines/webkit.mjs'

/** @typedef {import('selenium-webdriver').WebDriver} WebDriver */
/** @typedef {{ driver: WebDriver, close: () => Promise<void> }} Browser */
/** Host names, and the `host:port` on this machine that serves each. @typedef {Record<string, string>} Hosts */
/** `keepsPages`: pages that were left are kept for the back button. @typedef {{ keepsPages?: boolean }} Wishes */

/** How each browser is made. */
const engines = { chromium, firefox, webkit }

/** @typedef {keyof typeof engines} Engine */

/** The engines to test in: `CALLDOCK_BROWSERS`, a list with spaces or commas; default `chromium`. */
export function wanted() {
  const names = (process.env.CALLDOCK_BROWSERS ?? 'chromium').split(/[\s,]+/).filter(Boolean)
  return names.map((name) => {
    if (name in engines) return /** @type {Engine} */ (name)
    throw new Error(`CALLDOCK_BROWSERS: expected ${Object.keys(engines)}, found ${name}`)
  })
}

/** How often a browser that does not start is started. */
const STARTS = 3

/**
 * Starts a browser. One that does not start (WebKitGTK's driver waits for ever for a browser that has
 * crashed) is ended and started again.
 * @param {Engine} name @param {Hosts} hosts @param {Wishes} [wishes] @returns {Promise<Browser>}
 */
export async function open(name, hosts, wishes = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await engines[name](hosts, wishes)
    } catch (error) {
      if (attempt === STARTS) throw error
      console.warn(`start ${attempt} of ${STARTS} of ${name} failed: ${error}`)
    }
  }
}
