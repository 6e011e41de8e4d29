// The pages as a page's own bundler would deliver them, and the size of the libraries in them.

import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { WAYS } from './terms.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pkg = join(root, 'pkg')

/** What a framed page imports to request a call. */
const LIBRARIES = {
  calldock: "export { callOut } from 'calldock/tccc'",
  penpal: "export { connect, WindowMessenger } from 'penpal'",
  comlink: "export { windowEndpoint, wrap } from 'comlink'",
}

/** As `cargo xtask size` bundles. @type {import('esbuild').BuildOptions} */
const TERMS = {
  ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8' },
  ...{ absWorkingDir: root, external: ['*.wasm.js'], logLevel: 'warning' },
  alias: {
    calldock: join(pkg, 'index.js'),
    'calldock/bridge': join(pkg, 'bridge.js'),
    'calldock/tccc': join(pkg, 'tccc.js'),
    'calldock/testing': join(pkg, 'testing.js'),
  },
}

/** Puts the pages into a folder. @param {string} folder */
export async function lay(folder) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const entryPoints = Object.fromEntries([
    ['host', join(root, 'bench/bridge/host.js')],
    ...WAYS.map((way) => [way, join(root, `bench/bridge/frames/${way}.js`)]),
  ])
  await build({ ...TERMS, entryPoints, outdir: folder })
  for (const name of Object.keys(entryPoints))
    await writeFile(
      join(folder, `${name}.html`),
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="${name}.js"></script>`,
    )
  for (const core of ['frame.wasm', 'host.wasm'])
    await copyFile(join(pkg, core), join(folder, core))
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/** What a framed page downloads of each library, brotli bytes. */
export async function weigh() {
  /** @type {Record<string, number>} */
  const weights = {}
  for (const [name, contents] of Object.entries(LIBRARIES)) {
    const stdin = { contents, resolveDir: root, loader: /** @type {const} */ ('js') }
    const { outputFiles } = await build({ ...TERMS, stdin, write: false })
    weights[name] = outputFiles.reduce((sum, { contents }) => sum + brotli(contents), 0)
  }
  return { ...weights, core: brotli(await readFile(join(pkg, 'frame.wasm'))) }
}
