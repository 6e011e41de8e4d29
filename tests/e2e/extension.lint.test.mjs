// What Mozilla's own linter says of the builds for Firefox.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { build, lint, TENANTS } from './extension/builds.mjs'

/** @param {string} name @param {string[]} more */
function made(name, ...more) {
  const needed = ['--aicc', 'https://aicc.test', '--hosts', 'https://shop.test/*']
  return build(name, [...needed, '--bundle', TENANTS, ...more])
}

describe('the extension for firefox, by Mozilla’s linter', () => {
  const forItsStore = made('lint-142', '--firefox-min', '142', '--frames')
  const forOld = made('lint-128')

  for (const kind of ['store', 'self-hosted']) {
    test(`${kind}: nothing is found in a build for Firefox’s store`, () => {
      const { summary, findings } = lint(join(forItsStore, `${kind}-firefox`))
      assert.deepEqual(findings, [])
      assert.deepEqual(summary, { errors: 0, notices: 0, warnings: 0 })
    })
  }

  test('in a build for Firefox 128 a key is found that 128 passes over, and nothing else', () => {
    const { summary, findings } = lint(join(forOld, 'store-firefox'))
    assert.deepEqual(summary, { errors: 0, notices: 0, warnings: 2 })
    assert.deepEqual(findings.map(({ code }) => code).sort(), [
      'KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION',
      'KEY_FIREFOX_UNSUPPORTED_BY_MIN_VERSION',
    ])
    for (const { description } of findings)
      assert.match(description, /gecko\.data_collection_permissions/)
  })
})
