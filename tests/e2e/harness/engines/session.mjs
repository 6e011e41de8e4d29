// What the three engines share: a driver program, a session on it, and the end of both.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PATIENCE_MS, within } from '../programs.mjs'

/** @typedef {import('../programs.mjs').Program} Program */
/** @typedef {import('selenium-webdriver').WebDriver} WebDriver */

/** How often a driver that ends before it is ready is started. */
const STARTS = 3

/**
 * Starts a driver program; one that ends before it is ready is started again.
 * @param {() => Promise<Program>} start
 * @returns {Promise<Program>}
 */
export async function startDriver(start) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === STARTS) throw error
      console.warn(`driver start ${attempt} of ${STARTS} failed: ${error}`)
    }
  }
}

/** A folder for a browser's profile, and its removal. @param {string} engine */
export function profileFolder(engine) {
  const path = mkdtempSync(join(tmpdir(), `calldock-${engine}-`))
  const remove = () =>
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  return { path, remove }
}

/** The longest command, in ms: a page may take as long as that to load, and a script too. */
const COMMAND_MS = 2 * PATIENCE_MS

/** Gives every command a deadline: the driver of a browser that has crashed never answers. @param {WebDriver} driver */
function bound(driver) {
  const execute = driver.execute.bind(driver)
  driver.execute = (command) => within(COMMAND_MS, command.getName(), execute(command))
}

/**
 * Opens a session. Whatever was started before it ends with it, the last one first, or at once where
 * the session does not open.
 * @param {() => Promise<WebDriver>} build
 * @param {(() => unknown)[]} started how to end each
 * @returns {Promise<import('../browser.mjs').Browser>}
 */
export async function openSession(build, started) {
  /** @type {WebDriver | undefined} */
  let driver
  const close = async () => {
    if (driver) await within(5000, 'the end of the browser', driver.quit()).catch(() => {})
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    driver = await within(PATIENCE_MS, 'a new session', build())
    bound(driver)
    await driver.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS })
    return { driver, close }
  } catch (error) {
    await close()
    throw error
  }
}
