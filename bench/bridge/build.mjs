// The pages as a page's own bundler would deliver them, and the size of the libraries in them.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { bundle, pkg, root, TERMS, writePage } from '../bundle.mjs'
import { WAYS } from './terms.js'

/** What a framed page imports to request a call. */
const LIBRARIES = {
  calldock: "export { callOut } from 'calldock/tccc'",
  penpal: "export { connect, WindowMessenger } from 'penpal'",
  comlink: "export { windowEndpoint, wrap } from 'comlink'",
}

/** Puts the pages into a folder. @param {string} folder */
export async function lay(folder) {
  const scripts = Object.fromEntries([
    ['host', 'bridge/host.js'],
    ...WAYS.map((way) => [way, `bridge/frames/${way}.js`]),
  ])
  await bundle(folder, scripts, ['frame', 'host'])
  for (const name of Object.keys(scripts)) await writePage(folder, name)
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/** What a framed page downloads of each library, brotli bytes. */
export async function weigh() {
  /** @type {Record<string, number>} */
  const scripts = {}
  for (const [name, contents] of Object.entries(LIBRARIES)) {
    const stdin = { contents, resolveDir: root, loader: /** @type {const} */ ('js') }
    const { outputFiles } = await build({ ...TERMS, stdin, write: false })
    scripts[name] = outputFiles.reduce((sum, { contents }) => sum + brotli(contents), 0)
  }
  return { scripts, core: brotli(await readFile(join(pkg, 'core/roles/frame.wasm'))) }
}
