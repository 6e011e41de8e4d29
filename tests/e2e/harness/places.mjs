// Where the programs and the packed package are: what the environment says, else what the checkout
// has built, else what is on PATH.

import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const { env } = process

/** @param {string} name @param {string[]} others */
function program(name, others) {
  const found = [env[name], ...others].find((path) => path && existsSync(path))
  if (!found) throw new Error(`${name}: expected a program, found none; try cargo xtask test e2e`)
  return found
}

/** @param {string[]} names */
const onPath = (names) =>
  names.flatMap((name) => (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))

export const server = () => program('CALLDOCK_SERVER', [join(root, 'target/debug/calldock-server')])
export const edge = () => program('CALLDOCK_EDGE', [join(root, 'target/debug/calldock-edge')])
export const doubles = () =>
  program('CALLDOCK_DOUBLES', [join(root, 'target/debug/calldock-doubles')])
export const chromium = () =>
  program('CALLDOCK_CHROMIUM', onPath(['chromium', 'chromium-browser', 'google-chrome']))
/** Debian keeps it where only root looks. */
export const nginx = () => program('CALLDOCK_NGINX', [...onPath(['nginx']), '/usr/sbin/nginx'])
export const chromedriver = () => program('CALLDOCK_CHROMEDRIVER', onPath(['chromedriver']))
export const firefox = () => program('CALLDOCK_FIREFOX', onPath(['firefox-esr', 'firefox']))
export const geckodriver = () => program('CALLDOCK_GECKODRIVER', onPath(['geckodriver']))
export const webkitdriver = () => program('CALLDOCK_WEBKITDRIVER', onPath(['WebKitWebDriver']))
export const xvfb = () => program('CALLDOCK_XVFB', onPath(['Xvfb']))
/** WebKitGTK's browser for tests stands beside its libraries, on no PATH. */
export const minibrowser = () =>
  program(
    'CALLDOCK_MINIBROWSER',
    ['x86_64', 'aarch64'].flatMap((machine) =>
      ['4.1', '6.0', '4.0'].map((version) => {
        const gtk = version === '6.0' ? 'webkitgtk' : 'webkit2gtk'
        return `/usr/lib/${machine}-linux-gnu/${gtk}-${version}/MiniBrowser`
      }),
    ),
  )

/** The pages of examples/next, built. */
export const next = () => program('CALLDOCK_NEXT', [join(root, 'target/next/out')])

/** @type {string | undefined} */
let laidOut

/** The playground's folder, with the package in `node_modules/calldock`. */
export function playground() {
  if (env.CALLDOCK_PLAYGROUND) return env.CALLDOCK_PLAYGROUND
  if (!laidOut) {
    const folder = mkdtempSync(join(tmpdir(), 'calldock-playground-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    cpSync(join(root, 'www'), folder, { recursive: true })
    cpSync(join(root, 'pkg'), join(folder, 'node_modules/calldock'), { recursive: true })
    laidOut = folder
  }
  return laidOut
}
