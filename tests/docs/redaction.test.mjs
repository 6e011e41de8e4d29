// What an error or a log shows of a vendor's text: the rules of `vendorText`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vendorText } from '../../pkg/core/redact.js'

/** @param {readonly (readonly [text: string, shown: string])[]} cases */
function shows(cases) {
  for (const [text, shown] of cases) assert.equal(vendorText(text), shown, text)
}

test("a vendor's text keeps its words and loses numbers, addresses and tokens", () => {
  shows([
    [
      'seat agent@example.com is busy, call 0755-26888888 (code 408): 忙',
      'seat ‹17 characters› is busy, call ‹13 characters› (code 408): 忙',
    ],
    ['token 0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'token ‹32 characters›'],
    ['', ''],
  ])
  assert.equal([...vendorText('no '.repeat(100))].length, 201)
  assert.equal([...vendorText('🙂'.repeat(300))].length, 201)
})

test('a token in base64 is hidden and a path is not', () => {
  shows([
    ['bad AbCdEfGh/IjKlMnOp+QrStUv/WxYzabcdef==', 'bad ‹35 characters›=='],
    ['sig AbCdEfGh~IjKlMnOp~QrStUvWx~Yzabcdefgh', 'sig ‹37 characters›'],
    ['sig=AbCdEfGhIjKlMnOp*QrStUvWxYz-abcdef__', 'sig=‹36 characters›'],
    ['a%40example.com is no agent', '‹15 characters› is no agent'],
    [
      'no https://tccc.cloud.tencent.com/sdk/tcccSdk.js',
      'no https://tccc.cloud.tencent.com/sdk/tcccSdk.js',
    ],
    [
      'POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate: 404',
      'POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate: 404',
    ],
    [
      'https://shop.example.com:8443/calldock/v1/tccc/of/more/than/32/characters',
      'https://shop.example.com:8443/calldock/v1/tccc/of/more/than/32/characters',
    ],
    ['https://shop.example.com/orders/12345678', 'https://shop.example.com/orders/‹8 characters›'],
  ])
})

test("a number in a vendor's text is hidden however it is written", () => {
  shows([
    ['callee 138 0000 0000 busy', 'callee ‹13 characters› busy'],
    ['callee 138\u20110000\u20110000 busy', 'callee ‹13 characters› busy'],
    ['callee 138\u200b0000\u200b0000 busy', 'callee ‹13 characters› busy'],
    ['(0755) 2688 8888', '(‹15 characters›'],
    ['（0755）2688 8888忙', '（‹14 characters›忙'],
    ['１３８００００００００', '‹11 characters›'],
    ['＋８６ １３８-0000', '＋‹11 characters›'],
    ['+86 138 0000 0000, or 10010', '+‹16 characters›, or ‹5 characters›'],
    ['1 2 3 4 5 ', '‹9 characters› '],
    ['1 - (2) 3 4', '1 - (2) 3 4'],
    ['(code 408): 12 retries', '(code 408): 12 retries'],
    ['token 0a1b2c3d4e5f60718293a4b5c6d7e8f9 12', 'token ‹32 characters› 12'],
    ['agent 12 at a@example.com 34', 'agent 12 at ‹13 characters› 34'],
    ['8001 8002', '‹9 characters›'],
  ])
})
