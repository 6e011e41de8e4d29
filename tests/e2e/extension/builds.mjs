// The extension as its command makes it, in folders that go when the run ends.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'calldock-extension-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** What stands for the tenant's cobrowse.js here. */
export const TENANTS = fileURLToPath(new URL('cobrowse.js', import.meta.url))
/** What stands for it in the doubles and in the playground. */
export const DOUBLES = join(root, 'doubles/src/cec/web/cobrowse/cobrowse.js')

/** Makes the builds and gives the folder they are in. @param {string} name @param {string[]} options */
export function build(name, options) {
  const out = join(folder, name)
  const command = ['run', '--quiet', '--package', 'xtask', '--', 'extension', '--out', out]
  execFileSync('cargo', [...command, ...options], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return out
}

/** The name that Chromium gives an unpacked extension: a digest of its path, in letters. */
export function idOf(/** @type {string} */ unpacked) {
  const digest = createHash('sha256').update(unpacked).digest('hex').slice(0, 32)
  return [...digest].map((digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)]).join('')
}

/** What Mozilla's linter says of a build. @param {string} unpacked */
export function lint(unpacked) {
  const program = join(root, 'node_modules/.bin/web-ext')
  const words = ['lint', '--source-dir', unpacked, '--output', 'json', '--no-config-discovery']
  let logged
  try {
    logged = execFileSync(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (/** @type {any} */ error) {
    // It ends with 1 where it found errors, and names them all the same.
    logged = error.stdout
  }
  const { summary, errors, warnings, notices } = JSON.parse(logged)
  return { summary, findings: [...errors, ...warnings, ...notices] }
}
