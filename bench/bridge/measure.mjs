// Opens the host page in a browser and lets it run its rounds.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../../tests/e2e/harness/browser.mjs'
import { View } from '../../tests/e2e/harness/page.mjs'
import { Site } from '../../tests/e2e/harness/site.mjs'
import { nameOf } from '../report.mjs'
import { lay } from './build.mjs'

/** @typedef {import('./terms.js').Terms} Terms */
/** @typedef {Record<import('./terms.js').Way, import('./terms.js').Lap>} Round */

/** Enough to see through what else a shared machine does. @type {Terms} */
export const USUAL = { batches: 10, batch: 100, bursts: 2, burst: 1000 }

/**
 * @param {number} rounds @param {Terms} [terms] @param {(done: number) => void} [progress]
 * @returns {Promise<{ browser: string, rounds: Round[] }>}
 */
export async function measure(rounds, terms = USUAL, progress = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), 'calldock-bench-'))
  const site = new Site(folder)
  /** @type {import('../../tests/e2e/harness/browser.mjs').Browser | undefined} */
  let browser
  try {
    await lay(folder)
    await site.start()
    browser = await open('chromium', {})
    await browser.driver.get(`${site.origin}/host.html?frames=${site.otherOrigin}`)
    const page = new View(browser.driver)
    await page.until('the host page', () => 'round' in window)
    /** @type {Round[]} */
    const done = []
    while (done.length < rounds) {
      done.push(
        await page.run(
          (terms, number) => /** @type {any} */ (window).round(terms, number),
          terms,
          done.length,
        ),
      )
      progress(done.length)
    }
    return { browser: await nameOf(browser.driver), rounds: done }
  } finally {
    await browser?.close()
    site.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
