// A page asks the workbench around it to call a number: to which parents, and which numbers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser, VENDOR_HOST } from './harness/world.mjs'

const NUMBER = '13812345678'

/**
 * `parent` is whose frame the page is in; `{other}`, `{own}` and `{vendor}` in the options stand for
 * origins known only when the test runs. `target` is the origin posted to, `code` why nothing was.
 * @type {{
 *   name: string, parent: 'vendor' | 'other' | 'own' | 'none',
 *   options?: { allowParents?: unknown, targetOrigin?: unknown }, target?: string, code?: string, says?: string[],
 * }[]}
 */
const parents = [
  {
    name: 'the vendor’s own frame is allowed without a word',
    parent: 'vendor',
    target: '{vendor}',
  },
  {
    name: 'another frame is refused by its name',
    parent: 'other',
    code: 'ORIGIN_REFUSED',
    says: ["the vendor's workbench or one of allowParents", 'found {other}', 'allowParents'],
  },
  {
    name: 'a frame of the page’s own origin is no exception',
    parent: 'own',
    code: 'ORIGIN_REFUSED',
    says: ['found {own}'],
  },
  {
    name: 'allowParents adds',
    parent: 'other',
    options: { allowParents: ['{other}'] },
    target: '{other}',
  },
  {
    name: 'allowParents adds one of several',
    parent: 'own',
    options: { allowParents: ['https://crm.example.com', '{own}'] },
    target: '{own}',
  },
  {
    name: 'allowParents adds nobody else',
    parent: 'other',
    options: { allowParents: ['https://crm.example.com', '{own}'] },
    code: 'ORIGIN_REFUSED',
    says: ['found {other}'],
  },
  {
    name: 'allowParents keeps the vendor',
    parent: 'vendor',
    options: { allowParents: [] },
    target: '{vendor}',
  },
  {
    name: 'a targetOrigin that is the frame’s',
    parent: 'other',
    options: { targetOrigin: '{other}' },
    target: '{other}',
  },
  {
    name: 'a targetOrigin that is not the frame’s',
    parent: 'other',
    options: { targetOrigin: '{vendor}' },
    code: 'ORIGIN_REFUSED',
    says: ['the frame of targetOrigin', 'found {other}'],
  },
  {
    name: 'a targetOrigin instead of the list, even for an allowed frame',
    parent: 'other',
    options: { allowParents: ['{other}'], targetOrigin: '{own}' },
    code: 'ORIGIN_REFUSED',
    says: ['found {other}'],
  },
  { name: "'*' by name", parent: 'other', options: { targetOrigin: '*' }, target: '*' },
  {
    name: 'no frame at all',
    parent: 'none',
    code: 'ORIGIN_REFUSED',
    says: ['expected a page inside', 'a page that is not in a frame'],
  },
  {
    name: "no frame at all, not even with '*'",
    parent: 'none',
    options: { targetOrigin: '*' },
    code: 'ORIGIN_REFUSED',
    says: ['not in a frame'],
  },
  ...[
    "'*'",
    'https://crm.example.com/',
    'https://crm.example.com/path',
    'http://crm.example.com',
    'crm.example.com',
    'https://*.example.com',
    'HTTPS://crm.example.com',
    'null',
    '',
  ].map((origin) => ({
    name: `allowParents with ${JSON.stringify(origin)}, which is no origin`,
    parent: /** @type {const} */ ('other'),
    options: { allowParents: ['{other}', origin] },
    code: 'INVALID_OPTION',
    says: ['allowParents: expected an origin'],
  })),
  {
    name: 'targetOrigin with a path',
    parent: 'other',
    options: { targetOrigin: '{other}/' },
    code: 'INVALID_OPTION',
    says: ['targetOrigin: expected an origin'],
  },
  {
    name: 'allowParents that is no list',
    parent: 'other',
    options: { allowParents: '{other}' },
    code: 'INVALID_OPTION',
    says: ['options.allowParents: expected a list of texts, found a text'],
  },
  {
    name: 'allowParents with a number in it',
    parent: 'other',
    options: { allowParents: [7] },
    code: 'INVALID_OPTION',
    says: ['options.allowParents: expected a list of texts'],
  },
  {
    name: 'targetOrigin that is no text',
    parent: 'other',
    options: { targetOrigin: 7 },
    code: 'INVALID_OPTION',
    says: ['options.targetOrigin: expected a text, found a number'],
  },
]

/** Numbers as the vendor takes them, and what is posted. */
const taken = [
  '13812345678',
  '008613812345678',
  '+8613812345678',
  '0755-86000001',
  '0755-86000001-801',
  '8001',
  '110',
  ' 10086 ',
]

/** What is no number; `found` is how the message tells it. */
const refused = [
  { number: '', found: 'nothing' },
  { number: '   ', found: 'nothing' },
  { number: '12', found: '‹2 characters›' },
  { number: '15889xxxxxx', found: '‹11 characters› with letters' },
  { number: '138 0000 0000', found: '‹13 characters› with' },
  { number: '(0755)86000001', found: '‹14 characters› with another sign' },
  { number: 'tel:13812345678', found: '‹15 characters› with letters' },
  { number: '１３８００００００００', found: '‹11 characters› with another sign' },
  { number: '13812345678;ext=1', found: '‹17 characters›' },
  { number: '1--23', found: "with a '-' that is not between digits" },
  { number: '+86', found: '‹3 characters›' },
  { number: '1'.repeat(21), found: '‹21 characters›' },
]

inEachBrowser('callOut', (world) => {
  const origins = () => ({
    '{vendor}': `https://${VENDOR_HOST}`,
    '{other}': world.site.otherOrigin,
    '{own}': world.site.origin,
  })

  /** @template T @param {T} value @returns {T} */
  function filled(value) {
    let text = JSON.stringify(value)
    for (const [name, origin] of Object.entries(origins())) text = text?.replaceAll(name, origin)
    return text === undefined ? value : JSON.parse(text)
  }

  /** @param {'vendor' | 'other' | 'own' | 'none'} parent */
  async function shownIn(parent) {
    if (parent === 'none') {
      const page = await world.open()
      return { outer: page, inner: page }
    }
    return world.openFramed(origins()[`{${parent}}`])
  }

  for (const row of parents)
    test(`${row.name}: ${row.code ?? 'posted'}`, async () => {
      const { outer, inner } = await shownIn(row.parent)
      /** @param {string} number @param {any} options */
      const call = (number, options) =>
        sdk.callOut({ phoneNumber: number, desc: '刘先生' }, options)
      const options = filled(row.options) ?? {}
      if (row.code) {
        const failure = await inner.failure(call, NUMBER, options)
        assert.equal(failure.code, row.code)
        for (const words of filled(row.says ?? []))
          assert.ok(failure.message.includes(words), `${words} in: ${failure.message}`)
        // Messages keep their order: one that was posted would be there before this.
        await inner.run(() => parent.postMessage('after', '*'))
        await outer.until('the message after', () => bench.messages.length > 0)
        assert.deepEqual(await outer.run(() => bench.messages.map(({ data }) => data)), ['after'])
        return
      }
      const result = await inner.run(call, NUMBER, options)
      assert.deepEqual(result, { acknowledged: false, targetOrigin: filled(row.target) })
      await outer.until('the message', () => bench.messages.length > 0)
      assert.deepEqual(await outer.run(() => bench.messages), [
        {
          data: {
            source: 'ccc-sdk',
            payload: { event: 'callOut', message: { phoneNumber: NUMBER, desc: '刘先生' } },
            // The vendor gets its own message and nothing else; another host page may answer.
            ...(row.parent !== 'vendor' && row.target !== '*' && { calldock: 1 }),
          },
          origin: world.site.origin,
          fromChild: true,
        },
      ])
      const entries = await inner.run(() => bench.entries.filter(({ kind }) => kind === 'message'))
      assert.deepEqual(
        entries.map(({ name, detail }) => ({ name, ...detail })),
        [
          {
            name: 'message.posted',
            event: 'callOut',
            targetOrigin: filled(row.target),
            phoneNumber: '‹11 characters›',
          },
        ],
      )
    })

  test('numbers as the vendor takes them are posted, without white space around', async () => {
    const { outer, inner } = await shownIn('other')
    await inner.run(async (numbers) => {
      for (const number of numbers) await sdk.callOut(number, { targetOrigin: '*' })
    }, taken)
    await outer.until('all', (count) => bench.messages.length === count, taken.length)
    const posted = await outer.run(() => bench.messages.map(({ data }) => data))
    assert.deepEqual(
      posted.map((/** @type {any} */ { payload }) => payload.message),
      taken.map((number) => ({ phoneNumber: number.trim() })),
    )
  })

  test('what is no number is refused without being repeated, and nothing is posted', async () => {
    const { outer, inner } = await shownIn('other')
    for (const { number, found } of refused) {
      const failure = await inner.failure(
        (number) => sdk.callOut(number, { targetOrigin: '*' }),
        number,
      )
      assert.equal(failure.code, 'INVALID_OPTION', number)
      assert.match(failure.message, /^phoneNumber: expected 3 to 20 digits/)
      assert.ok(failure.message.includes(found), `${found} in: ${failure.message}`)
      const told = failure.message.slice(failure.message.lastIndexOf(', found '))
      assert.ok(!number.trim() || !told.includes(number.trim()), failure.message)
    }
    await inner.run(() => parent.postMessage('after', '*'))
    await outer.until('the message after', () => bench.messages.length > 0)
    assert.deepEqual(await outer.run(() => bench.messages.map(({ data }) => data)), ['after'])
  })

  /** @type {{ name: string, call: unknown, says: string }[]} */
  const calls = [
    { name: 'nothing', call: null, says: 'callOut: expected an object, found nothing' },
    {
      name: 'a number of JavaScript’s',
      call: 10086,
      says: 'callOut: expected an object, found a number',
    },
    { name: 'a list', call: ['10086'], says: 'callOut: expected an object, found a list' },
    {
      name: 'no phoneNumber',
      call: {},
      says: 'callOut.phoneNumber: expected a text, found nothing',
    },
    {
      name: 'a phoneNumber that is no text',
      call: { phoneNumber: 10086 },
      says: 'callOut.phoneNumber: expected a text, found a number',
    },
    {
      name: 'a desc that is no text',
      call: { phoneNumber: '10086', desc: {} },
      says: 'callOut.desc: expected a text, found an object',
    },
    {
      name: 'a desc that is too long',
      call: { phoneNumber: '10086', desc: '刘'.repeat(257) },
      says: 'callOut.desc: expected at most 256 characters, found ‹257 characters›',
    },
  ]

  for (const { name, call, says } of calls)
    test(`${name} instead of a call`, async () => {
      const { inner } = await shownIn('other')
      const failure = await inner.failure(
        (call) => sdk.callOut(/** @type {any} */ (call), { targetOrigin: '*' }),
        call,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.ok(failure.message.startsWith(says), failure.message)
    })

  test('a desc of 256 characters is posted whole', async () => {
    const { outer, inner } = await shownIn('other')
    const desc = '刘'.repeat(256)
    await inner.run(
      (desc) => sdk.callOut({ phoneNumber: '10086', desc }, { targetOrigin: '*' }),
      desc,
    )
    await outer.until('the message', () => bench.messages.length > 0)
    const [{ data }] = await outer.run(() => /** @type {[any]} */ (bench.messages))
    assert.equal(data.payload.message.desc, desc)
  })
})
