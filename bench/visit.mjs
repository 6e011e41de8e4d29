// A site and a browser for one benchmark, ended with it.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../tests/e2e/harness/browser.mjs'
import { View } from '../tests/e2e/harness/page.mjs'
import { Site } from '../tests/e2e/harness/site.mjs'
import { nameOf } from './report.mjs'

/** @typedef {{ site: Site, driver: import('selenium-webdriver').WebDriver, view: View }} Visit */

/**
 * Measures in a browser, and adds its name and version.
 * @template {object} T
 * @param {(folder: string) => Promise<void>} lay writes the site's files
 * @param {(visit: Visit) => Promise<T>} measure
 * @param {string[]} [hosts] other hosts that the browser finds at the site
 * @param {import('../tests/e2e/harness/browser.mjs').Engine} [engine]
 * @returns {Promise<T & { browser: string }>}
 */
export async function visit(lay, measure, hosts = [], engine = 'chromium') {
  const folder = await mkdtemp(join(tmpdir(), 'calldock-bench-'))
  const site = new Site(folder)
  /** @type {import('../tests/e2e/harness/browser.mjs').Browser | undefined} */
  let browser
  try {
    await lay(folder)
    await site.start()
    const at = `127.0.0.1:${site.securePort}`
    browser = await open(engine, Object.fromEntries(hosts.map((host) => [host, at])))
    const { driver } = browser
    const view = new View(driver)
    // Its own realm has the promises.
    view.evaluates = engine === 'firefox'
    const measured = await measure({ site, driver, view })
    return { ...measured, browser: await nameOf(driver) }
  } finally {
    await browser?.close()
    site.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
