import { Builder, Capabilities } from 'selenium-webdriver'
import * as places from '../places.mjs'
import { listeningPort, start } from '../programs.mjs'
import { startHostProxy } from './host-proxy.mjs'
import { openSession, startDriver } from './session.mjs'

/** @param {import('../browser.mjs').Hosts} hosts */
export async function webkit(hosts) {
  const proxy = await startHostProxy(hosts)
  // WebKitGTK draws on a display even where nobody looks. Xvfb picks a free one and says which.
  const display = await start(
    places.xvfb(),
    ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
    /^(\d+)$/,
  )
  const env = {
    ...process.env,
    DISPLAY: `:${display.matched[1]}`,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    // Driver and browser talk over a port of this machine, and would ask the machine's proxy for it.
    ...{ no_proxy: '127.0.0.1,localhost', NO_PROXY: '127.0.0.1,localhost' },
  }
  // It binds a free port and does not say which.
  const program = await startDriver(() =>
    start(places.webkitdriver(), ['--port=0', '--host=127.0.0.1'], listeningPort, env),
  )
  // Not by the capability `proxy`: WebKitGTK reads past the end of its `noProxy`, and the browser crashes
  // about every third time.
  const proxied = [
    `--proxy=http://127.0.0.1:${proxy.port}`,
    '--ignore-host=localhost',
    '--ignore-host=127.0.0.1',
    '--ignore-host=*.invalid',
  ]
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    acceptInsecureCerts: true,
    'webkitgtk:browserOptions': {
      binary: places.minibrowser(),
      args: ['--automation', ...proxied],
    },
  })
  const build = async () => {
    const driver = await new Builder()
      .usingServer(`http://127.0.0.1:${program.matched[1]}`)
      .withCapabilities(capabilities)
      .build()
    // As large as the other browsers, which take it from their command lines.
    await driver.manage().window().setRect({ width: 1280, height: 900 })
    return driver
  }
  return openSession(build, [proxy.stop, display.stop, program.stop])
}
