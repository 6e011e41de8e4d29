// The playground's own words about errors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REMEDIES } from '../../pkg/generated/codes.en.js'
import { words } from '../../www/app/words.js'

test('the playground has a title for every error code, and for no other', () => {
  const titles = Object.keys(words)
    .map((key) => /^error\.([A-Z_]+)$/.exec(key)?.[1])
    .filter((code) => code !== undefined)
  assert.deepEqual(titles.sort(), Object.keys(REMEDIES).sort())
})
