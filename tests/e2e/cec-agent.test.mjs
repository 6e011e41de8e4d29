// A business page inside CEC's agent workbench (field.md F12), on the doubles' stand-in for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { View } from './harness/page.mjs'
import { PATIENCE_MS } from './harness/programs.mjs'
import { inEachBrowser } from './harness/world.mjs'

const SUPPORT = '/service-cloud/resource.root/page/resource.root/js/AICCSupport.js'

inEachBrowser('the CEC agent workbench', (world) => {
  /**
   * Opens the workbench with a call that rings, on a page of the site.
   * @param {{ query?: string, method?: string, support?: boolean }} [options]
   */
  async function workbench({ query = '', method = 'get', support = false } = {}) {
    const script = support ? `<script src="${world.doubles.origin}${SUPPORT}"></script>` : ''
    world.site.pages.set('/business', { entry: 'none', body: `${script}<p>Business</p>` })
    const address = new URL(`${world.doubles.origin}/service-cloud/agent`)
    address.searchParams.set('page', `${world.site.origin}/business${query}`)
    address.searchParams.set('method', method)
    address.searchParams.set('ring', '1')
    await world.driver.get(address.href)
    const outer = new View(world.driver)
    const inner = new View(world.driver, ['#business'])
    // The frame has an empty document before.
    await inner.until(
      'the business page',
      () => location.pathname === '/business' && document.readyState === 'complete',
    )
    await inner.run(async () => {
      const load = (/** @type {string} */ name) => import(`/node_modules/calldock/${name}.js`)
      const [cec, pop, shared] = await Promise.all(['cec', 'pop', 'index'].map(load))
      Object.assign(window, { cec, pop, shared })
    })
    return { outer, inner }
  }

  /** What the workbench has received. */
  const received = async () =>
    (await world.doubles.log('cec')).filter(({ step }) => step === 'agent' || step === 'message')

  test('the call in the query is delivered, and what the page adds is extra', async () => {
    const { inner } = await workbench({ query: '?tab=1' })
    const call = await inner.run(
      () =>
        new Promise((resolve) => {
          window.cec.onScreenPop((/** @type {any} */ call) =>
            resolve({ ...call, extra: Object.fromEntries(call.extra) }),
          )
        }),
    )
    const { callid, changed, ...rest } = /** @type {any} */ (call)
    assert.match(callid, /^\d+-\d+$/)
    assert.ok(changed.includes('callerNum'))
    assert.deepEqual(rest, {
      ...{ callerNum: '13800000000', calledNum: '4000000000', mediaType: 'audio', callType: '0' },
      ...{ workNo: '1001', callskill: '售后', callskillid: '20011', agentName: '张三' },
      ...{ origin: world.doubles.origin, extra: { tab: '1' }, unreadable: [], status: null },
    })
  })

  // field.md B3, F12
  test("a query or a router's hash of the page's own is not in the call's way", async () => {
    const { inner } = await workbench({ method: 'post' })
    const found = await inner.run(async () => {
      const found = []
      for (const before of ['?', '?tab=1?', '#/pop?', '?tab=1#/pop?page=2?']) {
        history.replaceState(null, '', `/business${before}callerNum=+8613800000000&callid=1-2`)
        const { callerNum, callid } = await window.cec.currentCall()
        const popped = await new Promise((resolve) => window.pop.onScreenPop(resolve))
        found.push([callerNum, callid, popped.vendor, popped.number])
      }
      history.replaceState(null, '', '/business#/calls?callid=7')
      return [...found, await window.cec.currentCall()]
    })
    const call = ['+8613800000000', '1-2', 'cec', '+8613800000000']
    assert.deepEqual(found, [...Array(4).fill(call), null])
  })

  test('a call that was posted as a form is the one that the server hands over', async () => {
    const { inner } = await workbench({ method: 'post' })
    const found = await inner.run(async () => {
      const none = await window.cec.currentCall()
      const text = await window.cec.currentCall({ call: 'callerNum=+8613800000000&callid=1-2' })
      const members = await window.cec.currentCall({ call: { callid: '1-2', agentName: 'a&b=c' } })
      // A space that a server has left in front of a number is not its plus.
      const padded = await window.cec.currentCall({ call: { callerNum: ' 13800000000' } })
      return [none, text.callerNum, members.callid, members.agentName, padded.callerNum]
    })
    assert.deepEqual(found, [null, '+8613800000000', '1-2', 'a&b=c', ' 13800000000'])
  })

  test('the members of a form are read from whatever holds them', async () => {
    const { inner } = await workbench({ method: 'post' })
    inner.evaluates = world.name === 'firefox'
    const found = await inner.run(async () => {
      const pairs = [
        ['callid', '1-2'],
        ['callerNum', '+8613800000000'],
      ]
      const form = new FormData()
      for (const [name = '', value = ''] of pairs) form.append(name, value)
      form.append('upload', new Blob(['x']))
      const odd = [...pairs, 'callid', ['agentName'], null, ['workNo', {}], [Symbol('x'), 'y']]
      const found = []
      const forms = [
        form,
        new URLSearchParams(pairs),
        new Map(/** @type {any} */ (pairs)),
        pairs,
        odd,
      ]
      for (const call of forms) {
        const { callid, callerNum, agentName } = await window.cec.currentCall({ call })
        found.push([callid, callerNum, agentName])
      }
      const popped = await new Promise((resolve) =>
        window.pop.onScreenPop(resolve, { call: /** @type {any} */ (form) }),
      )
      found.push([popped.callId, popped.number, popped.agent])
      return found
    })
    assert.deepEqual(found, Array(6).fill(['1-2', '+8613800000000', null]))
  })

  test('a form that cannot be read is refused', async () => {
    const { inner } = await workbench()
    const failure = await inner.failure(() =>
      window.cec.currentCall({
        call: {
          [Symbol.iterator]() {
            throw new Error('no')
          },
        },
      }),
    )
    assert.equal(failure.code, 'INVALID_OPTION')
    assert.match(failure.message, /^call: expected the body of a form, or its members/)
  })

  test('with AICCSupport.js the listener follows the call', async () => {
    const { outer, inner } = await workbench({ support: true })
    await inner.until('the event of the call', () =>
      bench.messages.some(({ data }) => /** @type {any} */ (data)?.aiccEvent === 'Ringing'),
    )
    await inner.run(() => {
      Object.assign(window, { popped: [] })
      Object.assign(window, {
        stop: window.cec.onScreenPop((/** @type {any} */ call) => window.popped.push(call)),
      })
    })
    await inner.until('the query', () => window.popped.length === 1)
    await outer.run(() =>
      document.querySelector('[name=answer]')?.dispatchEvent(new Event('click')),
    )
    await inner.until('the answer', () => window.popped.length === 2)
    await outer.run(() =>
      document.querySelector('[name=release]')?.dispatchEvent(new Event('click')),
    )
    await inner.until('the end', () => window.popped.length === 3)
    const popped = await inner.run(() => {
      window.stop()
      return window.popped.map(({ status, callid, agentName, changed }) => ({
        ...{ status, agentName, same: callid === window.popped[0].callid },
        changed: status === null ? [] : changed,
      }))
    })
    assert.deepEqual(
      popped.map(({ status, same }) => [status, same]),
      [
        [null, true],
        ['connected', true],
        ['ended', true],
      ],
    )
    assert.ok(popped[1]?.changed.includes('status'))
    await outer.run(() =>
      document.querySelector('[name=answer]')?.dispatchEvent(new Event('click')),
    )
    await inner.until('the event', () => {
      const names = bench.messages.map(({ data }) => /** @type {any} */ (data)?.aiccEvent)
      return names.filter((name) => name === 'Talking').length === 2
    })
    assert.equal(await inner.run(() => window.popped.length), 3, 'stopped')
  })

  test('events before the core has started are delivered, whatever another handler meets', async () => {
    const { inner } = await workbench()
    const popped = await inner.run(async () => {
      /** @type {Map<string, (data: unknown) => void>} */
      const handlers = new Map()
      const own = /** @type {any} */ (window)
      own.AICCSupport = {
        addHandler(/** @type {string} */ event, /** @type {() => void} */ handler) {
          if (event === 'Talking') throw new Error('no such event')
          handlers.set(event, handler)
        },
        removeHandler() {
          throw new Error('not this one')
        },
        clickToOutbound() {},
      }
      /** @type {unknown[]} */
      const popped = []
      const stop = own.cec.onScreenPop((/** @type {any} */ { status, callerNum }) =>
        popped.push([status, callerNum]),
      )
      const data = { callid: '9-9', callerNum: '10086' }
      handlers.get('Ringing')?.(data)
      // What the workbench does to its object later changes nothing.
      data.callerNum = '10010'
      while (popped.length < 2) await new Promise((resolve) => setTimeout(resolve))
      handlers.get('Release')?.({ callid: '9-9' })
      stop()
      handlers.get('Release')?.({ callid: '9-9' })
      return popped
    })
    assert.deepEqual(popped, [
      [null, '13800000000'],
      ['ringing', '10086'],
      ['ended', '10086'],
    ])
  })

  /**
   * What a listener hears of a call, and of the events of AICCSupport.js behind it.
   * @param {import('./harness/page.mjs').View} inner @param {[event: string, data: object][]} events
   */
  const poppedBy = (inner, events) =>
    inner.run(async (events) => {
      /** @type {Map<string, (data: unknown) => void>} */
      const handlers = new Map()
      const own = /** @type {any} */ (window)
      own.AICCSupport = {
        addHandler: handlers.set.bind(handlers),
        removeHandler() {},
      }
      /** @type {unknown[]} */
      const popped = []
      const options = { call: { callerNum: '111', callid: '1-1', agentName: 'Li' } }
      const take = (/** @type {any} */ { status, callerNum, callid, agentName }) =>
        popped.push([status, callerNum, callid, agentName])
      const stop = own.cec.onScreenPop(take, options)
      while (popped.length < 1) await new Promise((resolve) => setTimeout(resolve))
      for (const [event, data] of events) handlers.get(event)?.(data)
      stop()
      return popped
    }, events)

  test('of two calls at a time each keeps what is known of it', async () => {
    const { inner } = await workbench()
    const popped = await poppedBy(inner, [
      ['Ringing', { callid: '2-2', callerNum: '222' }],
      ['Talking', { callid: '1-1' }],
      ['Talking', { callid: '2-2' }],
      ['Release', { callid: '1-1' }],
    ])
    assert.deepEqual(popped, [
      [null, '111', '1-1', 'Li'],
      ['ringing', '222', '2-2', null],
      ['connected', '111', '1-1', 'Li'],
      ['connected', '222', '2-2', null],
      ['ended', '111', '1-1', 'Li'],
    ])
  })

  test('a page that has lost its query, or got the call by a form, dials by CEC all the same', async () => {
    const { inner } = await workbench()
    const options = { allowOrigins: [world.doubles.origin] }
    await inner.run(() => history.replaceState(null, '', '/customer/7'))
    // Firefox tells no page its top window's origin.
    const more = world.name === 'firefox' ? { origin: world.doubles.origin } : {}
    await inner.run((options) => window.pop.callOut('10086', options), { ...options, ...more })
    await assertDialled('10086', 'audio')
  })

  test('a call that begins after one has ended has nothing of it, though it names no id', async () => {
    const { inner } = await workbench()
    const popped = await poppedBy(inner, [
      ['Talking', {}],
      ['Release', {}],
      ['Release', {}],
      ['Ringing', { callerNum: '222' }],
      ['Talking', { agentName: 'Tom' }],
      ['Ringing', { callerNum: '333' }],
    ])
    assert.deepEqual(popped, [
      [null, '111', '1-1', 'Li'],
      ['connected', '111', '1-1', 'Li'],
      ['ended', '111', '1-1', 'Li'],
      ['ended', '111', '1-1', 'Li'],
      ['ringing', '222', null, null],
      ['connected', '222', null, 'Tom'],
      ['ringing', '333', null, null],
    ])
  })

  test('what could not be read is named once, and not where it has a value', async () => {
    const { inner } = await workbench()
    const popped = await inner.run(async () => {
      /** @type {Map<string, (data: unknown) => void>} */
      const handlers = new Map()
      const own = /** @type {any} */ (window)
      own.AICCSupport = { addHandler: handlers.set.bind(handlers), removeHandler() {} }
      /** @type {string[][]} */
      const popped = []
      const call = 'callid=1-1&agentName=%D5%C5&workNo=%D5&tab=%D5'
      const take = (/** @type {any} */ { unreadable }) => popped.push(unreadable.sort())
      const stop = own.cec.onScreenPop(take, { call })
      while (popped.length < 1) await new Promise((resolve) => setTimeout(resolve))
      const damaged = (/** @type {string[]} */ ...names) => {
        const data = { callid: '1-1' }
        const get = () => {
          throw new Error('not to be read')
        }
        for (const name of names) Object.defineProperty(data, name, { get, enumerable: true })
        return data
      }
      handlers.get('Ringing')?.({ callid: '1-1', agentName: 'Li' })
      handlers.get('Talking')?.(damaged('order', 'agentName', 'constructor'))
      handlers.get('Talking')?.(damaged('order', 'workNo'))
      handlers.get('Talking')?.({ callid: '1-1', order: 'A-7', tab: '1', unreadable: 7 })
      stop()
      return popped
    })
    assert.deepEqual(popped, [
      ['agentName', 'tab', 'workNo'],
      ['tab', 'workNo'],
      ['constructor', 'order', 'tab', 'workNo'],
      ['constructor', 'order', 'tab', 'workNo'],
      ['constructor', 'workNo'],
    ])
  })

  test('a report names the parameters and the events, and no value', async () => {
    const { outer, inner } = await workbench({ support: true, query: '?tab=1' })
    const first = await inner.run(() => window.cec.screenPopCompatibility())
    assert.deepEqual([first.vendor, first.calls, first.missing], ['cec', 1, []])
    assert.deepEqual(first.unknown, ['tab'])
    assert.deepEqual(
      [first.seen.callerNum, first.seen.agentName, first.seen.origin],
      [['digits'], ['text'], ['address']],
    )
    await outer.run(() =>
      document.querySelector('[name=answer]')?.dispatchEvent(new Event('click')),
    )
    const events = await inner.until('the event', async () => {
      const { events, calls } = await window.cec.screenPopCompatibility()
      return events.Talking && { events, calls }
    })
    assert.equal(events.calls, 1, 'the same address is one call')
    const routed = await inner.run(() => {
      location.hash = '#/customer/7'
      return window.cec.screenPopCompatibility()
    })
    assert.equal(routed.calls, 1, 'a route of the page is no other call')
    assert.deepEqual(events.events.Talking.members.callid, ['string'])
    const text = JSON.stringify([first, events])
    assert.ok(!/13800000000|张三|售后|127\.0\.0\.1/.test(text), text)
  })

  test('a number is dialled as a JSON text, by a workbench that is allowed', async () => {
    const { inner } = await workbench()
    const result = await inner.run(
      (origin) => window.cec.callOut('\u202d138 1234 5678\u202c', { allowOrigins: [origin] }),
      world.doubles.origin,
    )
    const expected = { acknowledged: false, targetOrigin: world.doubles.origin }
    assert.deepEqual(result, { ...expected, phoneNumber: '13812345678' })
    await inner.until('the message', () => true)
    await assertDialled('13812345678', 'audio')
  })

  for (const entry of /** @type {const} */ (['cec', 'pop']))
    for (const own of ['wx', 'https://shop.example.com', 'https://desk.example.com'])
      for (const form of [false, true])
        test(`calldock/${entry} dials from a page ${form ? 'of a form ' : ''}whose address has the origin ${own} of its own`, async () => {
          const { inner } = await workbench({ method: form ? 'post' : 'get' })
          const allowOrigins = [world.doubles.origin, 'https://desk.example.com']
          // Not every Firefox tells a page its top window's origin.
          const told = await inner.run(() => [...(location.ancestorOrigins ?? [])].pop())
          const more = told === world.doubles.origin ? {} : { origin: world.doubles.origin }
          await inner.run(
            (entry, own, options) => {
              const query = new URLSearchParams(location.search)
              query.set('id', '7')
              history.replaceState(null, '', `?origin=${encodeURIComponent(own)}&${query}`)
              return window[entry].callOut('10086', options)
            },
            entry,
            own,
            { allowOrigins, ...more },
          )
          await assertDialled('10086', 'audio')
        })

  for (const before of ['?tab=1?', '#/pop?', '#/pop?page=2?'])
    test(`the workbench is known by the origin behind ${before} where the browser does not tell it`, async () => {
      const { inner } = await workbench({ method: 'post' })
      const sent = await inner.run(
        (before, own) => {
          history.replaceState(null, '', `/business${before}origin=${encodeURIComponent(own)}`)
          const { origin, href, search, hash } = location
          const page = { document, top: window.top, location: { origin, href, search, hash } }
          const allowOrigins = ['https://desk.example.com', own]
          const options = { allowOrigins, window: Object.assign(page, { window: page }) }
          return Promise.all([
            window.cec.callOut('10086', options),
            window.pop.callOut('10086', options),
          ])
        },
        before,
        world.doubles.origin,
      )
      for (const { targetOrigin } of sent) assert.equal(targetOrigin, world.doubles.origin)
      await assertDialled('10086', 'audio')
    })

  // field.md B17
  test('what is dialled by either workbench is what was passed in, though the page changes it', async () => {
    const dial = async (/** @type {any} */ options) => {
      const pop = await import('/node_modules/calldock/pop.js')
      const call = { phoneNumber: '13800000000' }
      const calling = pop.callOut(call, options)
      call.phoneNumber = '13900000000'
      return (await calling).phoneNumber
    }
    const allowParents = [world.site.otherOrigin]
    const framed = await world.openFramed(world.site.otherOrigin)
    const other = { allowOrigins: ['https://desk.example.com'], allowParents }
    assert.equal(await framed.inner.run(dial, other), '13800000000')

    const { inner } = await workbench()
    const options = { allowOrigins: [world.doubles.origin] }
    assert.equal(await inner.run(dial, options), '13800000000')
    await assertDialled('13800000000', 'audio')
    for (const call of [13800000000, null, ['13800000000'], { phoneNumber: 13800000000 }]) {
      const failure = await inner.failure(
        (call, options) => window.pop.callOut(call, options),
        call,
        options,
      )
      assert.equal(failure.code, 'INVALID_OPTION', JSON.stringify(call))
      const found = Array.isArray(call) ? 'a list' : call === null ? 'null' : 'a number'
      assert.match(failure.message, new RegExp(`found ${found}`))
    }
  })

  /** @param {string} number @param {string} mode */
  async function assertDialled(number, mode) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
      const [seen] = await received()
      if (seen) {
        const { number: dialled, mode: by, asText, fromPage } = seen
        assert.deepEqual(
          { dialled, by, asText, fromPage },
          { dialled: number, by: mode, asText: true, fromPage: true },
        )
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    assert.fail('the workbench received nothing')
  }

  for (const {
    name,
    options,
    call,
    code,
  } of /** @type {{ name: string, options?: any, call?: any, code: string }[]} */ ([
    {
      name: 'a workbench that is not allowed',
      options: { allowOrigins: ['https://other.example.com'] },
      code: 'ORIGIN_REFUSED',
    },
    {
      name: 'an origin that an attacker wrote into the address',
      options: { allowOrigins: ['https://other.example.com'], origin: 'https://other.example.com' },
      code: 'ORIGIN_REFUSED',
    },
    { name: 'no list', options: { allowOrigins: [] }, code: 'INVALID_OPTION' },
    { name: 'no options', options: undefined, code: 'INVALID_OPTION' },
    { name: 'a wildcard', options: { allowOrigins: ['*'] }, code: 'INVALID_OPTION' },
    { name: 'a mask', call: '138****5678', code: 'INVALID_OPTION' },
    {
      name: 'an undocumented media type',
      call: { phoneNumber: '10086', mediaType: 'email' },
      code: 'INVALID_OPTION',
    },
  ]))
    test(`${name}: ${code}, and nothing is posted`, async () => {
      const { inner } = await workbench()
      const failure = await inner.failure(
        (call, options) => window.cec.callOut(call, options),
        call ?? '13812345678',
        call ? { allowOrigins: [world.doubles.origin] } : options,
      )
      assert.equal(failure.code, code)
      assert.doesNotMatch(failure.message, /targetOrigin|allowParents/)
      assert.deepEqual(await received(), [])
    })

  test('another media type is dialled where it is asked for', async () => {
    const { inner } = await workbench()
    const call = { phoneNumber: '10086', mediaType: 'whatsapp' }
    await inner.run(
      (call, origin) => window.cec.callOut(call, { allowOrigins: [origin], unlisted: true }),
      call,
      world.doubles.origin,
    )
    await assertDialled('10086', 'whatsapp')
  })

  test('a page that is in no workbench says so', async () => {
    const page = await world.open({ entry: 'cec' })
    const failure = await page.failure(() =>
      /** @type {any} */ (sdk).callOut('10086', { allowOrigins: ['https://cec.example.com'] }),
    )
    assert.equal(failure.code, 'ORIGIN_REFUSED')
    const missing = await page.failure(() => /** @type {any} */ (sdk).agentSupport())
    assert.equal(missing.code, 'GLOBAL_MISSING')
  })

  test('one page serves the workbenches of both vendors', async () => {
    const listen = () =>
      new Promise((resolve) => {
        window.pop.onScreenPop((/** @type {any} */ call) => {
          const { vendor, number, status, agent } = call
          resolve({ vendor, number, status, agent })
        })
      })
    const { inner } = await workbench()
    assert.deepEqual(await inner.run(listen), {
      ...{ vendor: 'cec', number: '13800000000', status: null, agent: '张三' },
    })
    const options = { allowOrigins: [world.doubles.origin] }
    await inner.run((options) => window.pop.callOut('10086', options), options)
    await assertDialled('10086', 'audio')

    const framed = await world.openFramed(world.site.otherOrigin, {
      hash: '#?mobile=13800000000&status=100&agentNickName=n',
    })
    await framed.inner.run(async () => {
      Object.assign(window, { pop: await import('/node_modules/calldock/pop.js') })
    })
    assert.deepEqual(await framed.inner.run(listen), {
      ...{ vendor: 'tccc', number: '13800000000', status: 'ringing', agent: 'n' },
    })
    const allowParents = [world.site.otherOrigin]
    const { phoneNumber } = await framed.inner.run(
      (options) => window.pop.callOut('10086', options),
      { ...options, allowParents },
    )
    assert.equal(phoneNumber, '10086')
  })
})
