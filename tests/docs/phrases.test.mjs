// Every phrase that an error can carry has its Chinese.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sentence } from '../../pkg/generated/codes.zh.js'
import { ofCore, ofScripts } from './phrases.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Words of JavaScript and of the browser, and texts of these alone, are the same in every language. */
const SAME =
  /^(null|undefined|an AbortSignal|DecompressionStream|HTTP 7|a 7|https:\/\/)$|^[^a-z]*$/i

/** What belongs to a report, a command or a test and is in no error of a page. */
const ELSEWHERE = /^(preflight|bin|testing)\//

test('every phrase of an error has its Chinese', () => {
  const scripts = [...ofScripts(join(ROOT, 'js/'))].filter(([, file]) => !ELSEWHERE.test(file))
  const core = [...ofCore(join(ROOT, 'contract/src/text/')), ...ofCore(join(ROOT, 'src/'))]
  assert.ok(scripts.length > 120, `only ${scripts.length} phrases of js/ were found`)
  assert.ok(core.length > 35, `only ${core.length} phrases of the core were found`)
  const missing = []
  for (const [phrase, file] of [...scripts, ...core]) {
    const english = phrase.replaceAll('{}', '7')
    const chinese = sentence('', english, '').slice('：应为'.length, -'，实际为'.length)
    if (!SAME.test(english) && !/[\u3000-\u9fff\uff00-\uffef]/.test(chinese))
      missing.push(`${file}: ${phrase}`)
  }
  assert.deepEqual(missing, [], 'add them to contract/src/tables/phrases.rs')
})

test('the parts of a phrase are in Chinese too, and an unknown one stays as it is', () => {
  const found = 'window.tccc to be an object of another shape; the script threw "no"'
  assert.equal(
    sentence('sdk', 'it to register window.tccc or window.TCCC', found),
    'sdk：应为其注册 window.tccc 或 window.TCCC，实际为window.tccc 为另一种结构的对象；脚本抛出 "no"',
  )
  assert.equal(
    sentence('phoneNumber', 'some digits', '‹11 characters› with letters'),
    'phoneNumber：应为some digits，实际为‹11 个字符›，含字母',
  )
  assert.equal(sentence('a', 'toString', '{1}'), 'a：应为toString，实际为{1}')
})
