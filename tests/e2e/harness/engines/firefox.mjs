import { accessSync, constants, statSync } from 'node:fs'
import { Builder } from 'selenium-webdriver'
import { Options } from 'selenium-webdriver/firefox.js'
import * as places from '../places.mjs'
import { start } from '../programs.mjs'
import { startHostProxy } from './host-proxy.mjs'
import { openSession, profileFolder, startDriver } from './session.mjs'

/**
 * An environment with a home of the user's own, without which Firefox does not start; with its removal. In a container
 * that runs as any user there is none.
 */
function withHome() {
  try {
    const home = process.env.HOME ?? ''
    accessSync(home, constants.W_OK)
    if (statSync(home).uid === process.getuid?.()) return { env: process.env, remove() {} }
  } catch {
    // Not there, or not to be written to.
  }
  const { path, remove } = profileFolder('firefox')
  return { env: { ...process.env, HOME: path }, remove }
}

/** @param {import('../browser.mjs').Hosts} hosts */
export async function firefox(hosts) {
  const proxy = await startHostProxy(hosts)
  const home = withHome()
  const program = await startDriver(() =>
    start(
      places.geckodriver(),
      ['--port=0', '--host=127.0.0.1'],
      /Listening on 127\.0\.0\.1:(\d+)/,
      home.env,
    ),
  )
  const options = new Options()
  options.setBinary(places.firefox())
  options.addArguments('-headless', '--width=1280', '--height=900')
  const preferences = {
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': proxy.port,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': proxy.port,
    'network.proxy.no_proxies_on': 'localhost,127.0.0.1,.invalid',
    'intl.accept_languages': 'en-US',
    // A test's click is the driver's own, not the user's: a new window is as good as clicked for.
    'dom.disable_open_during_load': false,
  }
  for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value)
  options.setAcceptInsecureCerts(true)
  const build = async () =>
    new Builder()
      .usingServer(`http://127.0.0.1:${program.matched[1]}`)
      .forBrowser('firefox')
      .setFirefoxOptions(options)
      .build()
  return openSession(build, [home.remove, proxy.stop, program.stop])
}
