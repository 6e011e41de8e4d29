// The packed package, read by the linters of npm packages: its manifest, and the types of every entry.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PLACES =
  process.env.CALLDOCK_CONSUMERS ??
  fileURLToPath(new URL('../../target/packaging', import.meta.url))
const MODULES = join(PLACES, 'modern/node_modules')
const CALLDOCK = join(MODULES, 'calldock')

/** Entries for pages alone, which have no CommonJS files. */
const OF_PAGES = /^\.\/(legacy|inline|global)(\/|$)/

/** @type {{ exports: Record<string, unknown> }} */
const manifest = JSON.parse(readFileSync(join(CALLDOCK, 'package.json'), 'utf8'))
const entries = Object.keys(manifest.exports)
const assets = entries.filter((entry) => entry.endsWith('.wasm'))

/** What `./legacy/*` stands for. */
const lowered = readdirSync(join(CALLDOCK, 'legacy'))
  .filter((file) => file.endsWith('.d.ts'))
  .map((file) => `./legacy/${file.slice(0, -'.d.ts'.length)}`)

describe('the linters of packages', () => {
  /** @type {string} */
  let folder
  /** @type {string} */
  let tarball
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'))
    const npm = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: CALLDOCK,
      encoding: 'utf8',
    })
    assert.equal(npm.status, 0, npm.stderr)
    tarball = join(folder, npm.stdout.trim())
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /**
   * Runs one of them. It writes to a file, because attw ends before a pipe has taken a long report.
   * @param {string} tool
   * @param {string[]} args
   */
  function lint(tool, args) {
    const report = join(folder, `${tool}.out`)
    const out = openSync(report, 'w')
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(MODULES, '.bin', tool), ...args],
        { cwd: folder, encoding: 'utf8', stdio: ['ignore', out, 'pipe'] },
      )
      return { status, stdout: readFileSync(report, 'utf8'), stderr }
    } finally {
      closeSync(out)
    }
  }

  test('publint --strict has nothing to say, not even a suggestion', () => {
    const { status, stdout, stderr } = lint('publint', ['run', '--strict', tarball])
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /All good!/)
  })

  test('attw: every entry has types for every resolution, in the form that is loaded', () => {
    const listed = [...entries.filter((entry) => !/\.wasm$|\*/.test(entry)), ...lowered].sort()
    const { stdout, stderr } = lint('attw', [
      tarball,
      ...['--format=json', '--no-definitely-typed'],
      ...['--include-entrypoints', ...lowered],
      ...['--exclude-entrypoints', ...assets, './legacy/*'],
    ])
    assert.ok(stdout.startsWith('{'), stdout + stderr)
    const { analysis, problems } = JSON.parse(stdout)
    assert.deepEqual(Object.keys(analysis.entrypoints).sort(), listed)
    // Where an entry has no CommonJS files, TypeScript refuses its `require` as Node.js does.
    const found = Object.values(problems).flat()
    const meant = found.filter(
      ({ kind, entrypoint }) => kind === 'CJSResolvesToESM' && OF_PAGES.test(entrypoint),
    )
    assert.deepEqual(
      found.filter((problem) => !meant.includes(problem)),
      [],
    )
  })
})
