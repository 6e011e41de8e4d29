// The vendor's end statuses, without a browser.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { playground } from './harness/places.mjs'

/** @type {typeof import('calldock/end-status')} */
const { END_STATUSES, endStatus } = await import(
  pathToFileURL(join(playground(), 'node_modules/calldock/end-status.js')).href
)

test('every end status has a code, a word and both meanings of its own', () => {
  assert.equal(END_STATUSES.length, 35)
  for (const key of /** @type {const} */ (['code', 'name', 'en', 'zh']))
    assert.equal(new Set(END_STATUSES.map((status) => status[key])).size, 35, key)
  for (const { zh } of END_STATUSES) assert.match(zh, /\p{Script=Han}/u)
})

test('one is found by its code, as a number or as digits, and by its word', () => {
  assert.equal(endStatus(211)?.name, 'clientError')
  assert.equal(endStatus('211')?.zh, '座席客户端错误')
  assert.equal(endStatus('busy')?.code, 206)
  assert.equal(endStatus(999), undefined)
  assert.equal(endStatus('toString'), undefined)
})
