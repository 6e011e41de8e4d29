// The one place where a browser is made.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Builder } from 'selenium-webdriver'
import { Options } from 'selenium-webdriver/chrome.js'
import * as places from './places.mjs'
import { start, within } from './programs.mjs'

/** @typedef {import('selenium-webdriver').WebDriver} WebDriver */
/** @typedef {{ driver: WebDriver, close: () => Promise<void> }} Browser */
/** Host names, and where they lead on this machine. @typedef {Record<string, string>} Hosts */

/** The flags of `cargo xtask test`, for a run by hand. */
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** How each browser is made. */
const makers = { chromium }

/** The browsers to test in: `CALLDOCK_BROWSERS`, a list with spaces or commas. */
export function wanted() {
  const names = (process.env.CALLDOCK_BROWSERS ?? 'chromium').split(/[\s,]+/).filter(Boolean)
  return names.map((name) => {
    if (name in makers) return /** @type {keyof typeof makers} */ (name)
    throw new Error(`CALLDOCK_BROWSERS: expected ${Object.keys(makers)}, found ${name}`)
  })
}

/** @param {keyof typeof makers} name @param {Hosts} hosts @returns {Promise<Browser>} */
export const open = (name, hosts) => makers[name](hosts)

/** @param {Hosts} hosts @returns {Promise<Browser>} */
async function chromium(hosts) {
  const profile = mkdtempSync(join(tmpdir(), 'calldock-chromium-'))
  const driverProgram = await start(
    places.chromedriver(),
    // Without the list it binds `[::1]` first and then wants the same number on 127.0.0.1, which may be taken.
    ['--port=0', '--allowed-ips=127.0.0.1'],
    /started successfully on port (\d+)/,
  )
  const rules = Object.entries(hosts).map(([host, to]) => `MAP ${host} ${to}`)
  const options = new Options()
  options.setBinaryPath(places.chromium())
  options.addArguments(
    ...(process.env.CALLDOCK_CHROMIUM_FLAGS ?? FLAGS).split(' '),
    `--user-data-dir=${profile}`,
    `--host-resolver-rules=${rules.join(',')}`,
    '--window-size=1280,900',
    '--lang=en-US',
  )
  options.setAcceptInsecureCerts(true)
  /** @type {WebDriver | undefined} */
  let driver
  const close = async () => {
    if (driver) await within(5000, 'the end of the browser', driver.quit()).catch(() => {})
    await driverProgram.stop()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  try {
    driver = await new Builder()
      .usingServer(`http://127.0.0.1:${driverProgram.said[1]}`)
      .forBrowser('chrome')
      .setChromeOptions(options)
      .build()
    await driver.manage().setTimeouts({ script: 15_000, pageLoad: 15_000 })
    return { driver, close }
  } catch (error) {
    await close()
    throw error
  }
}
