// What pages hand in, read by the package's own tables: no browser is needed to be odd.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import { own, read, readLoosely, text, wellFormed } from '../../pkg/check.js'
import {
  CALL_OUT,
  CEC_LOGIN,
  CHAT_LOGIN,
  CUSTOM_MESSAGE,
  MESSAGE_OPTIONS,
  SDK_LOGIN,
} from '../../pkg/generated/tables.js'
import {
  INTERNAL_CALL_OPTIONS,
  OUTBOUND_CALL_OPTIONS,
  SEND_ORDER_OPTIONS,
  TRANSFER_OPTIONS,
} from '../../pkg/generated/workbench.js'

/** @param {() => unknown} work @param {string} code @param {RegExp} says */
const refuses = (work, code, says) =>
  assert.throws(work, (/** @type {any} */ error) => {
    assert.equal(error.code, code)
    assert.match(error.message, says)
    assert.doesNotMatch(error.message, /13800000000|s3cret/, 'no value is repeated')
    return true
  })
const number = '13800000000'
/** A copy with a prototype, to compare. @param {any} copy */
const plain = (copy) => JSON.parse(JSON.stringify(copy))

test('a copy is returned: what the page changes later does not count (B17)', () => {
  const given = { phoneNumber: number, servingNumberGroupIds: ['1'] }
  const copy = read(OUTBOUND_CALL_OPTIONS, given, 'call.startOutbound')
  given.phoneNumber = '10086'
  given.servingNumberGroupIds.push('2')
  assert.deepEqual(plain(copy), { phoneNumber: number, servingNumberGroupIds: ['1'] })
})

test('each member is read once', () => {
  let reads = 0
  const given = {
    get phoneNumber() {
      reads += 1
      return reads === 1 ? number : '10086'
    },
  }
  assert.equal(read(CALL_OUT, given, 'callOut').phoneNumber, number)
  assert.equal(reads, 1)
})

test('accessors count: the data of a Vue 2 component are', () => {
  const data = {}
  let value = number
  Object.defineProperty(data, 'phoneNumber', {
    enumerable: true,
    configurable: true,
    get: () => value,
    set: (next) => {
      value = next
    },
  })
  Object.defineProperty(data, '__ob__', { enumerable: false, value: {} })
  assert.deepEqual(plain(read(CALL_OUT, data, 'callOut')), { phoneNumber: number })
})

test('a proxy is read through its own traps, as Vue 3 unwraps refs', () => {
  const proxy = new Proxy(
    { phoneNumber: { value: number } },
    { get: (target, name, self) => Reflect.get(target, name, self)?.value },
  )
  assert.equal(read(CALL_OUT, /** @type {any} */ (proxy), 'callOut').phoneNumber, number)
})

test('revoked proxies, getters and traps that throw: one INVALID_OPTION (B18)', () => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const revokedList = Proxy.revocable([], {})
  revokedList.revoke()
  const throws = () => {
    throw new Error('s3cret')
  }
  const odd = [
    revoked.proxy,
    new Proxy({}, { ownKeys: throws }),
    new Proxy({ phoneNumber: number }, { get: throws }),
    new Proxy({ phoneNumber: number }, { getOwnPropertyDescriptor: throws }),
    Object.defineProperty({}, 'phoneNumber', { enumerable: true, get: throws }),
  ]
  for (const given of odd) refuses(() => read(CALL_OUT, given, 'callOut'), 'INVALID_OPTION', /./)
  const lists = [revokedList.proxy, new Proxy([], { get: throws })]
  for (const allowParents of lists)
    refuses(() => read(MESSAGE_OPTIONS, { allowParents }, 'callOut'), 'INVALID_OPTION', /./)
  refuses(
    () => read(SDK_LOGIN, revoked.proxy, 'login', { code: 'LOGIN_FAILED' }),
    'LOGIN_FAILED',
    /./,
  )
})

test('objects and lists of another realm are objects and lists', () => {
  const given = vm.runInNewContext(`({ allowParents: ['https://crm.example'] })`)
  const copy = read(MESSAGE_OPTIONS, given, 'callOut')
  assert.deepEqual(plain(copy), { allowParents: ['https://crm.example'] })
})

test('nothing inherited is ever an option, a login or a message (B25)', () => {
  const polluted = {
    targetOrigin: '*',
    allowParents: ['https://evil.example'],
    sdkUrl: 'https://evil.example/x.js',
    phoneNumber: number,
    code: 'NETWORK',
    unlisted: true,
    vendor: true,
    0: 'https://evil.example',
    secretKey: 's3cret',
    '*': 1,
    '+': 'x',
  }
  Object.assign(Object.prototype, polluted)
  try {
    const copy = read(MESSAGE_OPTIONS, {}, 'callOut')
    for (const name of Object.keys(polluted))
      assert.equal(/** @type {any} */ (copy)[name], undefined, name)
    refuses(
      () => read(CALL_OUT, {}, 'callOut'),
      'INVALID_OPTION',
      /phoneNumber: expected a text, found nothing/,
    )
    refuses(() => read(SDK_LOGIN, {}, 'login', { code: 'LOGIN_FAILED' }), 'LOGIN_FAILED', /sdkUrl/)
    refuses(
      () => read(CALL_OUT, { phoneNumber: number, x: 1 }, 'callOut'),
      'INVALID_OPTION',
      /not listed/,
    )
    refuses(
      () => read(MESSAGE_OPTIONS, { allowParents: new Array(1) }, 'callOut'),
      'INVALID_OPTION',
      /allowParents/,
    )
    const extension = read(
      CUSTOM_MESSAGE,
      { title: 't', description: 'd', iconUrl: 'i', extension: {} },
      'sendCustomMessage',
    ).extension
    assert.equal(/** @type {any} */ (extension).phoneNumber, undefined)
    assert.equal(/** @type {any} */ (readLoosely({})).sdkUrl, undefined)
    assert.equal(own({}, 'sdkUrl'), undefined)
  } finally {
    for (const name of Object.keys(polluted)) delete (/** @type {any} */ (Object.prototype)[name])
  }
  class Options {
    get phoneNumber() {
      return number
    }
  }
  refuses(() => read(CALL_OUT, new Options(), 'callOut'), 'INVALID_OPTION', /found nothing/)
})

test('an own member __proto__ sets no prototype', () => {
  const given = JSON.parse(`{"phoneNumber":"${number}","__proto__":{"desc":"x"}}`)
  refuses(() => read(CALL_OUT, given, 'callOut'), 'INVALID_OPTION', /__proto__/)
  const copy = read(CALL_OUT, given, 'callOut', { unlisted: true })
  assert.equal(Object.getPrototypeOf(copy), null)
  assert.equal(copy.desc, undefined)
  assert.equal(Object.getPrototypeOf(readLoosely(given)), null)
})

test('secrets are refused by whatever spelling, and not repeated', () => {
  for (const name of [
    'secretKey',
    'SecretKey',
    'secret_key',
    'SecretId',
    'access-key-id',
    'appSecret',
  ])
    for (const shape of [CALL_OUT, SDK_LOGIN, CEC_LOGIN])
      refuses(
        () => read(/** @type {any} */ (shape), { [name]: 's3cret' }, 'login'),
        'SECRET_IN_PAGE',
        new RegExp(`login: expected no secret, found a member named ${name}$`),
      )
})

test('a misspelt member is refused with the known names; a login may have more', () => {
  refuses(
    () => read(CALL_OUT, { phoneNumber: number, description: 'x' }, 'callOut'),
    'INVALID_OPTION',
    /callOut\.description: expected phoneNumber, desc, found a member that is not listed/,
  )
  refuses(
    () => read(CALL_OUT, { phoneNumber: number, [`${number} x`]: 1 }, 'callOut'),
    'INVALID_OPTION',
    /callOut\.…/,
  )
  assert.equal(
    read(SDK_LOGIN, { sdkUrl: 'https://h/s.js', more: 1 }, 'login').sdkUrl,
    'https://h/s.js',
  )
})

test('unlisted members pass where they are asked for, as JSON data', () => {
  const given = { phoneNumber: number, newMember: { a: [1, 'b', null, true] } }
  const copy = read(CALL_OUT, given, 'callOut', { unlisted: true })
  assert.deepEqual(plain(copy), given)
  const bad = { ...given, newMember: () => {} }
  refuses(
    () => read(CALL_OUT, bad, 'callOut', { unlisted: true }),
    'INVALID_OPTION',
    /newMember: expected JSON data, found a function/,
  )
})

test('so do those of an object in the options, and without the word they are refused', () => {
  const given = { sessionId: 's', payload: { name: 'n', newMember: { a: 1 } } }
  const where = 'chat.sendOrder'
  assert.deepEqual(plain(read(SEND_ORDER_OPTIONS, given, where, { unlisted: true })), given)
  refuses(
    () => read(SEND_ORDER_OPTIONS, given, where),
    'INVALID_OPTION',
    /^chat\.sendOrder\.payload\.newMember: expected .*, found a member that is not listed/,
  )
})

test('a login is the address alone, or with all of its older members (F1, F15)', () => {
  for (const name of ['sdkUrl', 'sdkURL', 'SdkURL'])
    assert.deepEqual(plain(read(SDK_LOGIN, { [name]: 'https://h/s.js' }, 'login')), {
      sdkUrl: 'https://h/s.js',
    })
  refuses(
    () =>
      read(SDK_LOGIN, { sdkUrl: 'https://h/s.js', token: 's3cret' }, 'login', {
        code: 'LOGIN_FAILED',
      }),
    'LOGIN_FAILED',
    /login\.sdkAppId: expected/,
  )
  refuses(
    () => read(CHAT_LOGIN, { webAppId: 'x', userSig: 'x' }, 'login'),
    'INVALID_OPTION',
    /clientData/,
  )
  assert.deepEqual(plain(read(CHAT_LOGIN, { webAppId: 'x' }, 'login')), { webAppId: 'x' })
  const four = { thirdUserId: '1', thirdUserName: 'T', tenantSpaceId: '1', channelConfigId: '1' }
  refuses(
    () => read(CEC_LOGIN, { ...four, mode: 'token' }, 'login'),
    'INVALID_OPTION',
    /login\.token: expected a text, found nothing/,
  )
  assert.equal(read(CEC_LOGIN, { ...four, mode: 'token', token: 't' }, 'login').mode, 'token')
})

test('nothing of a login’s expiresAt is refused: nothing reads it', () => {
  const address = { sdkUrl: 'https://h/s.js' }
  const four = { thirdUserId: '1', thirdUserName: 'T', tenantSpaceId: '1', channelConfigId: '1' }
  for (const expiresAt of [1700000600, '1700000600', '2023-11-14T22:23:20Z'])
    for (const [shape, login] of /** @type {[any, object][]} */ ([
      [SDK_LOGIN, address],
      [CHAT_LOGIN, { webAppId: 'x' }],
      [CEC_LOGIN, { ...four, mode: 'token', token: 't' }],
    ])) {
      const given = { ...login, expiresAt }
      assert.deepEqual(plain(read(shape, given, 'login', { code: 'LOGIN_FAILED' })), given)
    }
})

test("the vendor gets its own names, the page's errors have ours", () => {
  const copy = read(INTERNAL_CALL_OPTIONS, { agentId: 'a' }, 'call.startInternal', { vendor: true })
  assert.deepEqual(plain(copy), { calleeUserId: 'a' })
  const transfer = read(TRANSFER_OPTIONS, { sessionId: 's', agentId: 'a' }, 'call.transfer', {
    vendor: true,
  })
  assert.deepEqual(plain(transfer), { sessionId: 's', userId: 'a' })
  refuses(
    () => read(TRANSFER_OPTIONS, { sessionId: 's' }, 'call.transfer'),
    'INVALID_OPTION',
    /one of skillGroupId, agentId, found none/,
  )
  refuses(
    () => read(INTERNAL_CALL_OPTIONS, {}, 'call.startInternal', { vendor: true }),
    'INVALID_OPTION',
    /agentId/,
  )
})

test('extension is a text, an object or a list; customField is too (F5)', () => {
  const rest = { title: 't', description: 'd', iconUrl: 'i' }
  for (const extension of ['x', { a: 1, b: { c: [1] } }, [{ key: 'k', value: 'v' }]]) {
    const copy = read(CUSTOM_MESSAGE, { ...rest, extension }, 'sendCustomMessage')
    assert.deepEqual(plain(copy.extension), extension)
    const order = { sessionId: 's', payload: { name: 'n', customField: extension } }
    assert.deepEqual(plain(read(SEND_ORDER_OPTIONS, order, 'chat.sendOrder')), order)
  }
  const circle = /** @type {any} */ ({})
  circle.self = circle
  for (const extension of [circle, new Map(), () => {}, 1n, Number.NaN, new Date(0), Symbol('x')])
    refuses(
      () => read(CUSTOM_MESSAGE, { ...rest, extension }, 'sendCustomMessage'),
      'INVALID_OPTION',
      /extension: expected JSON data/,
    )
})

test('a lone surrogate is replaced wherever a text leaves (B32)', () => {
  const lone = '刘\ud800先\udc00生 👍'
  const clean = '刘\ufffd先\ufffd生 👍'
  assert.equal(wellFormed(lone), clean)
  assert.equal(read(CALL_OUT, { phoneNumber: number, desc: lone }, 'callOut').desc, clean)
  assert.equal(text(lone, 'sendTextMessage'), clean)
  const message = { title: lone, description: lone, iconUrl: 'i', extension: { [lone]: [lone] } }
  const copy = plain(read(CUSTOM_MESSAGE, message, 'sendCustomMessage'))
  assert.deepEqual(copy.extension, { [clean]: [clean] })
  assert.equal(copy.title, clean)
})

test('what a vendor sends is read as far as it can be', () => {
  const payload = { sessionId: 's', userId: 'u' }
  Object.defineProperty(payload, 'remark', {
    enumerable: true,
    get() {
      throw new Error('no')
    },
  })
  assert.deepEqual(plain(readLoosely(payload, { userId: 'customerId' })), {
    sessionId: 's',
    customerId: 'u',
    unreadable: ['remark'],
  })
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  for (const odd of [
    undefined,
    null,
    5,
    'x',
    [1],
    revoked.proxy,
    new Proxy({}, { ownKeys: () => /** @type {any} */ (5) }),
  ])
    assert.deepEqual(plain(readLoosely(odd)), {})
  for (const odd of [undefined, null, 5, revoked.proxy]) assert.equal(own(odd, 'x'), undefined)
})

test('whatever is handed in ends in a copy or in one error of ours', () => {
  const shapes = [
    CALL_OUT,
    MESSAGE_OPTIONS,
    SDK_LOGIN,
    CEC_LOGIN,
    CUSTOM_MESSAGE,
    SEND_ORDER_OPTIONS,
  ]
  const names = [
    'phoneNumber',
    'desc',
    'allowParents',
    'sdkUrl',
    'extension',
    'payload',
    'mode',
    'x',
  ]
  let seed = 7
  const random = (/** @type {number} */ below) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed % below
  }
  /** @returns {any} */
  const value = (depth = 0) => {
    const simple = [
      undefined,
      null,
      '',
      'x',
      number,
      5,
      Number.NaN,
      true,
      Symbol('s'),
      () => {},
      1n,
      new Date(0),
    ]
    const kind = random(simple.length + (depth > 3 ? 0 : 4))
    if (kind < simple.length) return simple[kind]
    if (kind === simple.length) return Array.from({ length: random(4) }, () => value(depth + 1))
    const object = Object.fromEntries(
      Array.from({ length: random(4) }, () => [names[random(names.length)], value(depth + 1)]),
    )
    if (kind === simple.length + 1) return object
    const { proxy, revoke } = Proxy.revocable(object, {})
    if (random(2)) revoke()
    return proxy
  }
  for (let round = 0; round < 20_000; round++) {
    const shape = /** @type {any} */ (shapes[random(shapes.length)])
    try {
      const copy = read(shape, value(), 'it', { unlisted: random(2) === 1 })
      assert.equal(Object.getPrototypeOf(copy), null)
    } catch (/** @type {any} */ error) {
      assert.equal(error.name, 'CalldockError', String(error))
      assert.doesNotMatch(error.message, new RegExp(number))
    }
  }
})
