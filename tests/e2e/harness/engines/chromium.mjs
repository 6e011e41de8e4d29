import { Builder } from 'selenium-webdriver'
import { Options } from 'selenium-webdriver/chrome.js'
import * as places from '../places.mjs'
import { start } from '../programs.mjs'
import { openSession, profileFolder, startDriver } from './session.mjs'

/** The flags of `cargo xtask test`, for a run by hand. */
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --no-proxy-server --disable-background-networking --disable-component-update --disable-sync --disable-features=PreloadTopChromeWebUI'

/**
 * A page that is kept for the back button keeps its process, and the next page starts another: half of a test's
 * time. Not kept, but where a test is about that.
 * @param {string} flag
 */
const keepingNone = (flag) =>
  flag.startsWith('--disable-features=') ? `${flag},BackForwardCache` : flag

/** @param {import('../browser.mjs').Hosts} hosts @param {import('../browser.mjs').Wishes} wishes */
export async function chromium(hosts, { keepsPages }) {
  const profile = profileFolder('chromium')
  const program = await startDriver(() =>
    start(
      places.chromedriver(),
      // Without the list it binds `[::1]` first and then wants the same number on 127.0.0.1, which may be taken.
      ['--port=0', '--allowed-ips=127.0.0.1'],
      /started successfully on port (\d+)/,
    ),
  )
  const rules = Object.entries(hosts).map(([host, to]) => `MAP ${host} ${to}`)
  const options = new Options()
  options.setBinaryPath(places.chromium())
  const flags = (process.env.CALLDOCK_CHROMIUM_FLAGS ?? FLAGS).split(' ')
  options.addArguments(
    ...(keepsPages ? flags : flags.map(keepingNone)),
    `--user-data-dir=${profile.path}`,
    `--host-resolver-rules=${rules.join(',')}`,
    '--window-size=1280,900',
    '--lang=en-US',
  )
  options.setAcceptInsecureCerts(true)
  const build = async () =>
    new Builder()
      .usingServer(`http://127.0.0.1:${program.matched[1]}`)
      .forBrowser('chrome')
      .setChromeOptions(options)
      .build()
  return openSession(build, [profile.remove, program.stop])
}
