// A page asks the workbench around it to call a number: to which parents, and which numbers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allReceived, View } from './harness/page.mjs'
import { inEachBrowser, NO_VENDOR_PAGE, VENDOR_HOST } from './harness/world.mjs'

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
    says: ['allowParents: expected '],
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

/** Numbers that are accepted, and what is posted: only what cannot be seen is changed (field.md B4, F4). */
const taken = [
  ['13812345678'],
  ['008613812345678'],
  ['+8613812345678'],
  ['0755-86000001'],
  ['0755-86000001-801'],
  ['8001'],
  ['110'],
  [' 10086 ', '10086'],
  ['138 1234 5678', '13812345678'],
  ['\u202d13812345678\u202c', '13812345678'],
  ['１３８１２３４５６７８', '13812345678'],
  ['139abcdefg'],
].map(([text = '', posted = text]) => ({ text, posted }))

/** What is no number; `found` is how the message tells it. */
const refused = [
  { number: '', found: 'nothing' },
  { number: '   ', found: 'nothing' },
  { number: '\u200b\u200b', found: 'nothing' },
  { number: '12', found: '‹2 characters›' },
  { number: '15889xxxxxx', found: '‹11 characters› with letters' },
  { number: '(0755)86000001', found: '‹14 characters› with brackets' },
  { number: 'tel:13812345678', found: '‹15 characters› with letters' },
  { number: '13812345678;ext=1', found: '‹17 characters› with an extension' },
  { number: '13812345678,1234', found: 'with an extension' },
  { number: '010-86000001转801', found: 'with an extension' },
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
    test(
      `${row.name}: ${row.code ?? 'posted'}`,
      row.parent === 'vendor' ? world.cannot(NO_VENDOR_PAGE) : {},
      async () => {
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
          await allReceived(outer, inner)
          assert.deepEqual(await outer.run(() => bench.messages), [])
          return
        }
        const result = await inner.run(call, NUMBER, options)
        assert.deepEqual(result, {
          acknowledged: false,
          targetOrigin: filled(row.target),
          phoneNumber: NUMBER,
        })
        await allReceived(outer, inner)
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
        const entries = await inner.run(() =>
          bench.entries.filter(({ kind }) => kind === 'message'),
        )
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
      },
    )

  test('the log has a message at a moment before it arrives, however long posting takes', async () => {
    const { inner } = await world.openFramed(world.site.origin)
    const { posted, arrived } = await inner.run(async (origin) => {
      const options = { targetOrigin: origin }
      // With the first call a part of the package is loaded; those after it are posted at once.
      await sdk.callOut('10086', options)
      let arrived = 0
      const { postMessage } = parent
      parent.postMessage = () => {
        arrived = performance.timeOrigin + performance.now()
        while (performance.timeOrigin + performance.now() < arrived + 5);
      }
      try {
        await sdk.callOut('10010', options)
      } finally {
        parent.postMessage = postMessage
      }
      const entries = bench.entries.filter(({ name }) => name === 'message.posted')
      return { posted: entries.at(-1)?.at ?? Number.NaN, arrived }
    }, world.site.origin)
    assert.ok(posted <= arrived, `expected ${posted} no later than ${arrived}`)
  })

  test('a number is posted as it was written, and the result says what was dialled', async () => {
    const { outer, inner } = await shownIn('other')
    const results = await inner.run(async (numbers) => {
      const results = []
      for (const { text } of numbers) results.push(await sdk.callOut(text, { targetOrigin: '*' }))
      return results.map(({ phoneNumber }) => phoneNumber)
    }, taken)
    await outer.until('all', (count) => bench.messages.length === count, taken.length)
    const posted = await outer.run(() => bench.messages.map(({ data }) => data))
    const wanted = taken.map(({ posted }) => posted)
    assert.deepEqual(
      posted.map((/** @type {any} */ { payload }) => payload.message),
      wanted.map((phoneNumber) => ({ phoneNumber })),
    )
    assert.deepEqual(results, wanted)
  })

  test('what is no number is refused without being repeated, and nothing is posted', async () => {
    const { outer, inner } = await shownIn('other')
    for (const { number, found } of refused) {
      const failure = await inner.failure(
        (number) => sdk.callOut(number, { targetOrigin: '*' }),
        number,
      )
      assert.equal(failure.code, 'INVALID_OPTION', number)
      assert.match(
        failure.message,
        /^phoneNumber: expected (3 to 20 digits|a number without an extension)/,
      )
      assert.ok(failure.message.includes(found), `${found} in: ${failure.message}`)
      const reported = failure.message.slice(failure.message.lastIndexOf(', found '))
      assert.ok(!number.trim() || !reported.includes(number.trim()), failure.message)
    }
    await allReceived(outer, inner)
    assert.deepEqual(await outer.run(() => bench.messages), [])
  })

  /** @type {{ name: string, call: unknown, says: string }[]} */
  const calls = [
    { name: 'null', call: null, says: 'callOut: expected an object, found null' },
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

  test(
    'a callOut to the vendor takes at most 20 crossings between JavaScript and WebAssembly',
    world.cannot(NO_VENDOR_PAGE),
    async () => {
      const { inner } = await world.openFramed(`https://${VENDOR_HOST}`, {
        before: ['crossings.js'],
      })
      const counts = await inner.run(async (number) => {
        await sdk.ready({ roles: ['frame'] })
        const counts = []
        for (let times = 0; times < 3; times++) {
          window.crossings = 0
          const options = { allowParents: ['https://crm.example.com'] }
          await sdk.callOut({ phoneNumber: number, desc: '刘先生' }, options)
          counts.push(window.crossings)
        }
        return counts
      }, NUMBER)
      console.log(`crossings of three callOuts: ${counts.join(', ')}`)
      assert.ok(Math.min(...counts) > 0 && Math.max(...counts) <= 20, `${counts} crossings`)
    },
  )

  // field.md B17
  test('what is changed after the call has no effect', async () => {
    const { outer, inner } = await shownIn('other')
    const result = await inner.run((number) => {
      const call = { phoneNumber: number }
      const options = { targetOrigin: '*' }
      const done = sdk.callOut(call, options)
      call.phoneNumber = '10010'
      options.targetOrigin = 'https://other.example'
      return done
    }, NUMBER)
    assert.equal(result.phoneNumber, NUMBER)
    await outer.until('the message', () => bench.messages.length > 0)
    const [{ data }] = await outer.run(() => /** @type {[any]} */ (bench.messages))
    assert.deepEqual(data.payload.message, { phoneNumber: NUMBER })
  })

  // field.md B18
  test('objects that cannot be read are refused, and later calls work', async () => {
    const { outer, inner } = await shownIn('other')
    const codes = await inner.run(async (number) => {
      const { proxy, revoke } = Proxy.revocable({ phoneNumber: number }, {})
      revoke()
      const throwing = {
        get phoneNumber() {
          throw new Error('a bug of the page')
        },
      }
      const codes = []
      for (const call of [proxy, throwing])
        codes.push(
          await sdk
            .callOut(/** @type {any} */ (call), { targetOrigin: '*' })
            .catch(({ code }) => code),
        )
      codes.push(
        await sdk.callOut(number, /** @type {any} */ (proxy)).catch(({ code }) => code),
        (await sdk.callOut(number, { targetOrigin: '*' })).phoneNumber === number,
      )
      return codes
    }, NUMBER)
    assert.deepEqual(codes, ['INVALID_OPTION', 'INVALID_OPTION', 'INVALID_OPTION', true])
    await allReceived(outer, inner)
    assert.equal(await outer.run(() => bench.messages.length), 1)
  })

  // field.md B25
  test('nothing that is inherited is an option or part of a message', async () => {
    const { outer, inner } = await shownIn('other')
    /** @type {Record<string, any>} */
    const polluted = {
      ...{ targetOrigin: '*', allowParents: [world.site.otherOrigin], phoneNumber: '10010' },
      ...{ desc: 'x', toJSON: null, source: 'x', payload: {} },
    }
    const codes = await inner.run(
      async (polluted, number) => {
        /** @type {any} */
        const prototype = Object.prototype
        Object.assign(prototype, polluted, { toJSON: () => ({ phoneNumber: '10010' }) })
        try {
          const codes = []
          codes.push(await sdk.callOut(number).catch(({ code }) => code))
          codes.push(await sdk.callOut(/** @type {any} */ ({})).catch(({ code }) => code))
          const own = Object.create(null)
          own.targetOrigin = '*'
          await sdk.callOut({ phoneNumber: number }, own)
          return codes
        } finally {
          for (const name of Object.keys(polluted)) delete prototype[name]
        }
      },
      polluted,
      NUMBER,
    )
    assert.deepEqual(codes, ['ORIGIN_REFUSED', 'INVALID_OPTION'])
    await allReceived(outer, inner)
    assert.deepEqual(await outer.run(() => bench.messages.map(({ data }) => data)), [
      { source: 'ccc-sdk', payload: { event: 'callOut', message: { phoneNumber: NUMBER } } },
    ])
  })

  // field.md B32
  test('a lone surrogate does not reach the vendor', async () => {
    const { outer, inner } = await shownIn('other')
    await inner.run(
      (number) => sdk.callOut({ phoneNumber: number, desc: 'a\ud800b' }, { targetOrigin: '*' }),
      NUMBER,
    )
    await outer.until('the message', () => bench.messages.length > 0)
    const [{ data }] = await outer.run(() => /** @type {[any]} */ (bench.messages))
    assert.equal(data.payload.message.desc, 'a\ufffdb')
  })

  // field.md F5, F8
  test('a message is sent by its name; one that is not listed only with unlisted', async () => {
    const { outer, inner } = await shownIn('other')
    const extension = { id: 7, list: [1, { a: null }] }
    const refused = await inner.run(async (extension) => {
      const options = { targetOrigin: '*', unlisted: true }
      await sdk.sendMessage('sendOrderMessage', { guide: 'order "7"' }, options)
      const message = { title: 't', description: 'd', iconUrl: 'https://a.example/i', extension }
      await sdk.sendCustomMessage(message, { targetOrigin: '*' })
      // As the vendor's sample has it.
      await sdk.sendCustomMessage({ ...message, fromPostMessage: 1 }, { targetOrigin: '*' })
      await sdk.sendTextMessage('two\nlines', { targetOrigin: '*' })
      await sdk.callOut(/** @type {any} */ ({ phoneNumber: '10086', line: 2 }), options)
      const codes = []
      for (const call of [
        () => sdk.sendMessage('sendOrderMessage', {}, { targetOrigin: '*' }),
        () =>
          sdk.callOut(/** @type {any} */ ({ phoneNumber: '10086', line: 2 }), {
            targetOrigin: '*',
          }),
        () => sdk.sendTextMessage('', { targetOrigin: '*' }),
      ])
        codes.push(await call().catch(({ code }) => code))
      return codes
    }, extension)
    assert.deepEqual(refused, ['INVALID_OPTION', 'INVALID_OPTION', 'INVALID_OPTION'])
    await outer.until('all', () => bench.messages.length === 5)
    const posted = await outer.run(() => bench.messages.map(({ data }) => data))
    const custom = { title: 't', description: 'd', iconUrl: 'https://a.example/i', extension }
    assert.deepEqual(
      posted.map((/** @type {any} */ { payload }) => payload),
      [
        { event: 'sendOrderMessage', message: { guide: 'order "7"' } },
        { event: 'sendCustomMessage', message: { ...custom, fromPostMessage: 1 } },
        { event: 'sendCustomMessage', message: { ...custom, fromPostMessage: 1 } },
        { event: 'sendTextMessage', message: 'two\nlines' },
        { event: 'callOut', message: { phoneNumber: '10086', line: 2 } },
      ],
    )
  })

  test('a number in the place of a text is refused without being repeated', async () => {
    const { outer, inner } = await shownIn('other')
    const failure = await inner.failure(() =>
      sdk.sendTextMessage(/** @type {any} */ (13800000000), { targetOrigin: '*' }),
    )
    assert.equal(failure.code, 'INVALID_OPTION')
    assert.match(failure.message, /^sendTextMessage: expected a text, found a number/)
    assert.doesNotMatch(failure.message, /\d/)
    await allReceived(outer, inner)
    assert.deepEqual(await outer.run(() => bench.messages), [])
  })

  test('an aborted call posts nothing, and a signal ends the wait for a host page', async () => {
    const { outer, inner } = await shownIn('other')
    const before = await inner.run(
      async (number, parent) => {
        const options = { allowParents: [parent] }
        const signal = AbortSignal.abort()
        const before = await sdk.callOut(number, { ...options, signal }).catch(({ code }) => code)
        const stop = new AbortController()
        const call = sdk.callOut(number, { ...options, signal: stop.signal })
        call.catch(() => {})
        window.kept = { stop, call }
        return before
      },
      NUMBER,
      world.site.otherOrigin,
    )
    assert.equal(before, 'ABORTED')
    await outer.until('the message', () => bench.messages.length > 0)
    const stopped = await inner.failure(() => {
      const { stop, call } = window.kept
      stop.abort()
      return call
    })
    assert.equal(stopped.code, 'ABORTED')
    assert.match(stopped.remedy, /may have been made/)
    await allReceived(outer, inner)
    assert.equal(await outer.run(() => bench.messages.length), 1)
  })

  test('ten thousand calls to a parent that does not respond leave no channel open', async () => {
    const { outer, inner } = await shownIn('other')
    const found = await inner.run(
      async (number, parent) => {
        let channels = 0
        const { MessageChannel } = window
        window.MessageChannel = class extends MessageChannel {
          constructor() {
            super()
            channels += 1
          }
        }
        await sdk.ready({ roles: ['frame'] })
        // What is loaded for a host page takes none of the call's time then.
        await bench.load('/node_modules/calldock/tccc/frame/host-page.js')
        const options = { allowParents: [parent], timeoutMs: 500 }
        await sdk.callOut(number, options)
        let acknowledged = 0
        for (let round = 0; round < 10; round += 1) {
          const calls = Array.from({ length: 1000 }, () =>
            sdk.callOut(number, { allowParents: [parent] }),
          )
          for (const result of await Promise.all(calls)) acknowledged += Number(result.acknowledged)
        }
        return { channels, acknowledged }
      },
      NUMBER,
      world.site.otherOrigin,
    )
    assert.deepEqual(found, { channels: 0, acknowledged: 0 })
    await outer.until('all', () => bench.messages.length === 10_001)
  })

  const moved = world.cannot({ webkit: 'its driver counts its deadlines by the page’s clock' })
  test('connecting and waiting for the response take one timeoutMs together', moved, async () => {
    const page = { before: ['clock.js'] }
    const { outer, inner } = await world.openFramed(world.site.otherOrigin, page)
    await outer.run(() => {
      addEventListener('message', ({ data, source, origin }) => {
        if (data?.calldock === undefined) return
        const give = () => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => {
            if (data.type === 'ask') window.kept.asked = true
          }
          const frame = /** @type {Window} */ (source)
          frame.postMessage({ calldock: 'port' }, origin, [port2])
        }
        window.kept = { give }
      })
    })
    await inner.run(
      (number, parent) => {
        window.kept = {}
        sdk.callOut(number, { allowParents: [parent], timeoutMs: 1000 }).then(
          ({ acknowledged }) => {
            window.kept.result = acknowledged
          },
          ({ code }) => {
            window.kept.result = code
          },
        )
      },
      NUMBER,
      world.site.otherOrigin,
    )
    await outer.until('the request for a port', () => window.kept?.give !== undefined)
    await inner.run(() => window.clock.advance(900))
    await outer.run(() => window.kept.give())
    await outer.until('the call', () => window.kept.asked)
    await inner.run(() => window.clock.advance(300))
    const result = await inner.until('the end', () => window.kept.result)
    assert.equal(result, 'OUTCOME_UNKNOWN')
  })

  // Firefox lists such a parent as 'null', which is the name of none.
  test('a frame that was opened without a referrer posts to targetOrigin', async () => {
    world.site.pages.set('/framed', {})
    const src = `${world.site.origin}/framed`
    const body = `<iframe id="inner" referrerpolicy="no-referrer" src="${src}"></iframe>`
    const outer = await world.open({ entry: 'none', origin: world.site.otherOrigin, body })
    const inner = new View(world.driver, ['#inner'])
    await inner.until('the framed page', () => document.readyState === 'complete' && window.sdk)
    const targetOrigin = world.site.otherOrigin
    const options = { targetOrigin }
    const result = await inner.run((number, o) => sdk.callOut(number, o), NUMBER, options)
    assert.deepEqual(result, { acknowledged: false, targetOrigin, phoneNumber: NUMBER })
    await outer.until('the message', () =>
      bench.messages.some(({ data }) => /** @type {any} */ (data)?.source === 'ccc-sdk'),
    )
  })

  // field.md B30: older Firefox has no ancestorOrigins, and a page may be opened without a referrer.
  for (const host of [true, false])
    test(`a parent that the browser does not name ${host ? 'says who it is' : 'is refused, with the cause'}`, async () => {
      const { outer, inner } = await shownIn('other')
      if (host)
        await outer.run(() => {
          addEventListener('message', ({ data, source, origin }) => {
            if (data?.calldock !== 'open') return
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = ({ data: { type, id } }) => {
              if (type === 'ask') port1.postMessage({ type: 'done', id, sessionId: 's-1' })
            }
            const frame = /** @type {Window} */ (source)
            frame.postMessage({ calldock: 'port' }, origin, [port2])
          })
        })
      const found = await inner.run(
        async (number, parent) => {
          const { href, origin } = location
          /** @type {any} */
          const page = {
            ...{ parent: window.parent, location: { href, origin } },
            document: { nodeType: 9, appendChild() {}, referrer: '' },
            addEventListener: window.addEventListener.bind(window),
          }
          page.window = page
          const options = { allowParents: [parent], window: page }
          try {
            const result = await sdk.callOut(number, options)
            return JSON.parse(JSON.stringify(result))
          } catch (error) {
            const { code, message } = /** @type {any} */ (error)
            return { code, message }
          }
        },
        NUMBER,
        world.site.otherOrigin,
      )
      if (host) {
        const targetOrigin = world.site.otherOrigin
        const result = { acknowledged: true, targetOrigin, phoneNumber: NUMBER, sessionId: 's-1' }
        assert.deepEqual(found, result)
      } else {
        assert.equal(found.code, 'ORIGIN_REFUSED')
        assert.match(String(found.message), /without a referrer; give targetOrigin/)
      }
    })
})
