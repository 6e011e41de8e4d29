// Test runners of other projects, as guides/testing.md sets them up: each runs the tests of a small
// application with the packed package.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const APPS = join(ROOT, 'tests/packaging/runners')
const PLACES = process.env.CALLDOCK_CONSUMERS ?? join(ROOT, 'target/packaging')

/** Milliseconds after which a run has hung; it takes some seconds. */
const TIMEOUT = 180_000

const JEST = ['jest', '--ci', '--no-cache', '--json', '--outputFile=report.json']

/** The folders of `runners/`, each with the command that its section of the guide has. */
const RUNNERS = [
  {
    ...{ name: 'Vitest', app: 'vitest' },
    command: ['vitest', 'run', '--reporter=json', '--outputFile=report.json'],
  },
  {
    ...{ name: 'Jest with ES modules', app: 'jest-modules', command: JEST },
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  },
  { name: 'Jest with CommonJS', app: 'jest-commonjs', command: JEST },
]

/** What each application tests. */
const TESTS = [
  'a call is answered',
  'a failed login has its code, and the next one opens',
  'the page shows the caller and calls back',
]

/** Lays out an application beside the tools. @param {string} app */
function layOut(app) {
  const folder = join(PLACES, 'modern/apps', app)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(APPS, app), folder, { recursive: true })
  return folder
}

/** Both write one form of report. @param {string} file */
function results(file) {
  const { success, numTotalTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {{ title: string, status: string }[]} */
  const tests = testResults.flatMap((/** @type {any} */ of) => of.assertionResults)
  return {
    ...{ success, total: numTotalTests },
    passed: tests.flatMap(({ title, status }) => (status === 'passed' ? [title] : [])).sort(),
  }
}

describe('test runners', () => {
  for (const { name, app, command, env } of RUNNERS)
    test(`${name} runs an application’s tests`, () => {
      const folder = layOut(app)
      const [program = '', ...args] = command
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(PLACES, 'modern/node_modules/.bin', program), ...args],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env }, timeout: TIMEOUT },
      )
      assert.equal(status, 0, `${stdout}\n${stderr}`)
      assert.deepEqual(results(join(folder, 'report.json')), {
        ...{ success: true, total: TESTS.length },
        passed: TESTS,
      })
    })
})

/** Code without its comments, and without the title of a test. @param {string} text */
const bare = (text) =>
  text
    .replace(/^\/\/.*\n/gm, '')
    .replace(/test\('[^']*'/g, "test('…'")
    .trim()

describe('the guide', () => {
  const ofGuide = /^(jest|vitest)\.|^(host-page|screen-pop)\.spec\./

  for (const language of ['en', 'zh']) {
    const guide = readFileSync(join(ROOT, `docs/${language}/guides/testing.md`), 'utf8')

    test(`shows the code that was run (${language})`, () => {
      const blocks = [...guide.matchAll(/^```[jt]s\n(.*?)^```$/gms)].map(([, code = '']) =>
        bare(code),
      )
      const files = RUNNERS.flatMap(({ app }) =>
        readdirSync(join(APPS, app))
          .filter((name) => ofGuide.test(name))
          .map((name) => join(APPS, app, name)),
      )
      assert.equal(files.length, blocks.length)
      for (const file of files)
        assert.ok(blocks.includes(bare(readFileSync(file, 'utf8'))), `${file} is not in the guide`)
    })

    test(`names the versions that were run (${language})`, () => {
      const tools = readFileSync(join(ROOT, 'tests/packaging/modern/package.json'), 'utf8')
      const { devDependencies } = JSON.parse(tools)
      for (const [name, tool] of Object.entries({
        Vitest: 'vitest',
        Jest: 'jest',
        jsdom: 'jsdom',
      })) {
        const version = devDependencies[tool].replace(/\.\d+$/, '')
        assert.ok(guide.includes(`${name} ${version}`), `${name} ${version}`)
      }
    })
  }
})
