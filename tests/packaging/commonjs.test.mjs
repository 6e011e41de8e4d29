// The packed package in CommonJS, as Jest imports it, and beside the frameworks of older applications.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PLACES =
  process.env.CALLDOCK_CONSUMERS ??
  fileURLToPath(new URL('../../target/packaging', import.meta.url))
const LEGACY = join(PLACES, 'legacy')
const require = createRequire(join(LEGACY, 'package.json'))

test('a test in CommonJS drives a fake workbench', async () => {
  const { fakeWorkbench } = require('calldock/testing')
  const { isCalldockError } = require('calldock')
  const opened = await fakeWorkbench().open()
  const { sessionId } = await opened.call.startOutbound({ phoneNumber: '10086' })
  assert.equal(typeof sessionId, 'string')
  await assert.rejects(opened.call.startOutbound({ phoneNumber: '' }), (error) => {
    assert.ok(isCalldockError(error), 'of the same copy')
    return error.code === 'INVALID_OPTION'
  })
})

test('every entry but the ones for pages alone can be required', () => {
  const { exports } = require('calldock/package.json')
  const entries = Object.keys(exports).filter((name) => exports[name].require)
  assert.ok(entries.length >= 10, entries.join())
  for (const entry of entries) {
    // The frameworks themselves are not installed beside it.
    if (/react|vue/.test(entry)) continue
    assert.ok(Object.keys(require(`calldock${entry.slice(1)}`)).length > 0, entry)
  }
})

test('what a page needs is refused on a server, also in CommonJS', async () => {
  const { callOut } = require('calldock/tccc')
  await assert.rejects(callOut('10086'), { code: 'UNSUPPORTED_BROWSER' })
})

for (const beside of ['vue@2.7.16', 'react@17.0.2 react-dom@17.0.2', 'vue@3 react@19'])
  test(`npm installs it beside ${beside}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'beside-'))
    try {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }')
      const calldock = join(LEGACY, 'node_modules/calldock')
      const names = ['--no-audit', '--no-fund', '--ignore-scripts', '--dry-run', calldock]
      const npm = spawnSync('npm', ['install', ...names, ...beside.split(' ')], {
        cwd: folder,
        encoding: 'utf8',
      })
      assert.equal(npm.status, 0, npm.stderr)
      assert.doesNotMatch(npm.stderr, /ERESOLVE/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
