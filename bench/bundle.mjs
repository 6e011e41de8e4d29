// Pages as a page's own bundler delivers them.

import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('../', import.meta.url))
export const pkg = join(root, 'pkg')

const PARTS = ['bridge', 'cec', 'dom', 'tccc', 'testing']

/** As `cargo xtask size` bundles. @type {import('esbuild').BuildOptions} */
export const TERMS = {
  ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8' },
  ...{ absWorkingDir: root, external: ['*.wasm.js'], logLevel: 'warning' },
  alias: {
    calldock: join(pkg, 'index.js'),
    'calldock/frame': join(pkg, 'core/roles/frame.js'),
    'calldock/inline/frame': join(pkg, 'inline/frame.js'),
    ...Object.fromEntries(PARTS.map((part) => [`calldock/${part}`, join(pkg, `${part}.js`)])),
  },
}

/**
 * Puts bundles into a folder, and the cores beside them.
 * @param {string} folder @param {Record<string, string>} scripts by name, their sources in `bench/`
 * @param {readonly string[]} roles
 */
export async function bundle(folder, scripts, roles) {
  const entryPoints = Object.fromEntries(
    Object.entries(scripts).map(([name, source]) => [name, join(root, 'bench', source)]),
  )
  await build({ ...TERMS, entryPoints, outdir: folder })
  for (const role of roles)
    await copyFile(join(pkg, `core/roles/${role}.wasm`), join(folder, `${role}.wasm`))
}

/** @param {string} folder @param {string} name of a script, and of its page */
export const writePage = (folder, name) =>
  writeFile(
    join(folder, `${name}.html`),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="${name}.js"></script>`,
  )
