// What the vendor tells and answers, in either of its shapes, and who hears it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

/**
 * Every event of the vendor's list (docs/vendor/tccc.md §1): the name that a page listens to, and what it adds.
 * @type {Record<string, [name: string, adds?: Record<string, boolean>]>}
 */
const EVENTS = {
  ready: ['ready'],
  tokenExpired: ['tokenExpired'],
  callIn: ['incoming'],
  userAccessed: ['answered', { outbound: false }],
  autoTransfer: ['transferred', { automatic: true }],
  sessionEnded: ['ended'],
  sessionCompleted: ['completed'],
  callOuted: ['outgoing'],
  calloutAccepted: ['answered', { outbound: true }],
  transfer: ['transferred', { automatic: false }],
  statusChanged: ['agentStatus'],
}

/** The types of a call that rings, and what each must say. */
const CALLS = {
  phone: ['sessionId', 'type', 'timeout', 'calleePhoneNumber', 'serverType'],
  im: ['sessionId', 'type', 'timeout', 'nickname'],
  voip: ['sessionId', 'type', 'timeout', 'callee', 'customerId'],
  video: ['sessionId', 'type', 'timeout', 'customerId'],
  internal: ['sessionId', 'type', 'timeout', 'agentId'],
}

inEachBrowser('events', (world) => {
  /**
   * Opens the workbench with a listener of ours and one of the vendor's own at every event.
   * @param {Record<string, string>} options of the double's script
   */
  async function opened(options = {}) {
    const page = await world.open()
    await world.doubles.control('faults', { sdk: options })
    await page.run(async (events) => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { workbench, ours: [], theirs: [] }
      const { kept } = window
      for (const [theirs, [ours]] of Object.entries(events)) {
        if (!kept.ours[ours])
          workbench.on(/** @type {'ready'} */ (ours), (payload) => kept.ours.push([ours, payload]))
        kept.ours[ours] = true
        window.tccc?.on(theirs, (envelope) => kept.theirs.push([theirs, envelope ?? {}]))
      }
    }, EVENTS)
    /** Waits until a listener of ours has heard this. @param {string} name */
    const received = (name, count = 1) =>
      page.until(
        name,
        (name, count) =>
          window.kept.ours.filter((/** @type {string[]} */ [n]) => n === name).length >= count,
        name,
        count,
      )
    return { page, received, control: world.doubles.control.bind(world.doubles) }
  }

  for (const envelope of ['flat', 'nested'])
    test(`every event of a ${envelope} vendor reaches its listener with the vendor’s payload`, async () => {
      const { page, received, control } = await opened({ envelope })
      let rings = 0
      for (const type of Object.keys(CALLS)) {
        await control('ring', { type, nickName: '刘先生', mobile: '13812345678' })
        await received('incoming', ++rings)
        await control('hangup')
        await received('completed', rings)
      }
      await control('ring')
      await control('answer')
      await received('answered')
      await page.run(async () => {
        const { ours, workbench } = window.kept
        const [, { sessionId }] = ours.find((/** @type {any[]} */ [name]) => name === 'answered')
        await workbench.raw.Call.transfer({ sessionId, skillGroupId: '1001' })
      })
      await received('transferred')
      await page.run(() => window.kept.workbench.call.startOutbound({ phoneNumber: '13812345678' }))
      await received('outgoing')
      await received('answered', 2)
      await control('hangup')
      await control('status', { status: 'rest' })
      await received('agentStatus')
      await control('ring', { timeout: 1 })
      await received('transferred', 2)
      await received('completed', rings + 3)

      const { ours, theirs } = await page.run(() => window.kept)
      const flat = theirs.map((/** @type {any[]} */ [name, envelop]) => {
        const inner = envelope === 'nested' && envelop.data ? envelop.data : envelop
        const { userId, peerUserId, ...payload } = inner
        const [event, adds] = EVENTS[name] ?? []
        if (userId !== undefined) payload[event === 'incoming' ? 'customerId' : 'agentId'] = userId
        if (peerUserId !== undefined) payload.agentId = peerUserId
        if (typeof payload.clientData === 'string')
          Object.assign(payload, {
            clientData: JSON.parse(payload.clientData),
            clientDataText: payload.clientData,
          })
        return [event, { ...payload, ...adds }]
      })
      assert.deepEqual(ours, flat)
      if (envelope === 'nested') assert.notDeepEqual(ours, theirs)
      const names = new Set(ours.map((/** @type {string[]} */ [name]) => name))
      const silent = Object.values(EVENTS).filter(([name]) => !names.has(name))
      assert.deepEqual(silent.flat(), ['ready', 'tokenExpired'], 'emitted in other tests')
      for (const [type, members] of Object.entries(CALLS)) {
        const [, call] = ours.find((/** @type {any[]} */ [, payload]) => payload.type === type)
        for (const member of members) assert.ok(member in call, `${type}: ${member}`)
      }

      await control('expire')
      await received('tokenExpired')
      await received('ready')
      const expired = await page.run(
        () => window.kept.ours.find((/** @type {string[]} */ [name]) => name === 'tokenExpired')[1],
      )
      assert.deepEqual(expired, { message: 'the login token has expired' })
    })

  for (const answers of ['rejected', 'resolved'])
    test(`a vendor whose failures are ${answers}: a call, and a refusal with the vendor’s text`, async () => {
      const { page, received, control } = await opened({ answers })
      const call = await page.run(() =>
        window.kept.workbench.call.startOutbound({
          phoneNumber: '13812345678',
          phoneDesc: '刘先生',
          uui: 'u-1',
          skillGroupId: '1001',
          callerPhoneNumber: '0755-86013388',
          servingNumberGroupIds: ['g1', 'g2'],
          phoneEncodeType: 'number',
        }),
      )
      assert.equal(call.calleePhoneNumber, '13812345678')
      assert.equal(call.callerPhoneNumber, '0755-86013388')
      assert.equal(call.serverType, 'staffSeat')
      await received('answered')
      const [command] = await world.doubles.log('command')
      assert.deepEqual(command?.options, {
        phoneNumber: '13812345678',
        phoneDesc: '刘先生',
        uui: 'u-1',
        skillGroupId: '1001',
        callerPhoneNumber: '0755-86013388',
        servingNumberGroupIds: ['g1', 'g2'],
        phoneEncodeType: 'number',
      })

      const busy = await page.failure(() =>
        window.kept.workbench.call.startOutbound({ phoneNumber: '13800000001' }),
      )
      assert.equal(busy.code, 'VENDOR_REJECTED')
      assert.match(busy.message, /^call\.startOutbound: .*"another call is in progress"/)

      await page.run((id) => window.kept.workbench.call.hangUp(id), call.sessionId)
      await received('ended')
      const gone = await page.failure(() => window.kept.workbench.call.hangUp('no-such-session'))
      assert.equal(gone.code, 'VENDOR_REJECTED')
      assert.match(gone.message, /^call\.hangUp: /)
      await control('reset')
    })

  test('a vendor’s text that repeats a number loses it on the way', async () => {
    const { page } = await opened()
    const failure = await page.failure(async () => {
      const { workbench } = window.kept
      workbench.raw.Call.startOutboundCall = () =>
        Promise.reject({
          status: 'error',
          errorMsg: 'no route to 13812345678 for agent@example.com',
        })
      await workbench.call.startOutbound({ phoneNumber: '13812345678' })
    })
    assert.match(failure.message, /"no route to ‹11 characters› for ‹17 characters›"/)
  })

  test('a vendor that throws or has no such method is said to', async () => {
    const { page } = await opened()
    const thrown = await page.failure(async () => {
      const { workbench } = window.kept
      workbench.raw.Call.hungUp = () => {
        throw new TypeError('not today')
      }
      await workbench.call.hangUp('s')
    })
    assert.equal(thrown.code, 'VENDOR_REJECTED')
    assert.match(thrown.message, /"not today"/)
    const missing = await page.failure(async () => {
      delete window.kept.workbench.raw.Call.hungUp
      await window.kept.workbench.call.hangUp('s')
    })
    assert.equal(missing.code, 'VENDOR_REJECTED')
    assert.match(missing.message, /expected a method hungUp, found none/)
  })

  test('a listener that throws does not stop the others, and is reported', async () => {
    const { page, received, control } = await opened()
    await page.run(() => {
      const { workbench } = window.kept
      window.kept.after = 0
      workbench.on('incoming', () => {
        throw new Error('a bug of the page')
      })
      workbench.on('incoming', () => {
        window.kept.after += 1
      })
    })
    await control('ring')
    await received('incoming')
    const found = await page.run(() => ({
      after: window.kept.after,
      reported: bench.errors.length,
      logged: bench.entries.filter(({ name }) => name === 'listener.threw').map((e) => e.detail),
    }))
    assert.deepEqual(found, { after: 1, reported: 1, logged: [{ event: 'incoming' }] })
  })

  test('once, off and the returned function each end a listening', async () => {
    const { page, received, control } = await opened()
    await page.run(() => {
      const { workbench } = window.kept
      const count = { once: 0, off: 0, stopped: 0, offOnce: 0, twice: 0, changed: 0 }
      window.kept.count = count
      const counter = (/** @type {keyof typeof count} */ name) => () => {
        count[name] += 1
      }
      workbench.once('incoming', counter('once'))
      const off = counter('off')
      workbench.on('incoming', off)
      workbench.off('incoming', off)
      const stop = workbench.on('incoming', counter('stopped'))
      stop()
      stop()
      const offOnce = counter('offOnce')
      workbench.once('incoming', offOnce)
      workbench.off('incoming', offOnce)
      const twice = counter('twice')
      workbench.on('incoming', twice)
      workbench.on('incoming', twice)
      // What one listener does to its payload is not the next one's to see.
      workbench.on('incoming', () => workbench.on('incoming', counter('changed')))
    })
    await control('ring')
    await received('incoming', 1)
    await control('hangup')
    await control('ring')
    await received('incoming', 2)
    const count = await page.run(() => window.kept.count)
    assert.deepEqual(count, { once: 1, off: 0, stopped: 0, offOnce: 0, twice: 4, changed: 1 })
  })

  test('raw is the vendor’s own global, for what is not typed', async () => {
    const { page } = await opened()
    const found = await page.run(async () => {
      const { raw } = window.kept.workbench
      const groups = await raw.Admin.getSkillGroups()
      return { same: raw === window.tccc, status: raw.Agent.getStatus(), groups: groups.length }
    })
    assert.deepEqual(found, { same: true, status: 'free', groups: 3 })
  })
})
