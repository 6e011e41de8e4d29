// The comments of the generated types are published: they name only what a reader of the package can open.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const GENERATED = new URL('../../js/generated/', import.meta.url)

/** A row of docs/vendor/field.md, such as `(F9)`: that file is not in the package. */
const ROW = /\([A-Z]\d{1,2}\)/

test('no published comment names a row of docs/vendor/field.md', () => {
  const files = readdirSync(GENERATED)
  assert.ok(files.includes('types.ts'))
  const named = files.flatMap((file) =>
    readFileSync(new URL(file, GENERATED), 'utf8')
      .split('\n')
      .filter((line) => ROW.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  assert.deepEqual(named, [], 'remove it from contract/src/tables/ and run `cargo xtask generate`')
})
