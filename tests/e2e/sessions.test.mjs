// The live list of sessions, and events as something to loop over.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

inEachBrowser('sessions', (world) => {
  async function opened() {
    const page = await world.open()
    await page.run(async () => {
      const workbench = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
      window.kept = { workbench, changes: 0 }
      window.kept.stop = workbench.sessions.subscribe(() => {
        window.kept.changes += 1
      })
    })
    /** Waits for a session in a state, and gives the list. @param {string} state */
    const until = (state, count = 1) =>
      page.until(
        state,
        (state, count) => {
          const { list } = window.kept.workbench.sessions
          const found = list.filter((/** @type {any} */ session) => session.state === state)
          return found.length === count && list
        },
        state,
        count,
      )
    return { page, until }
  }

  test('a call that comes in rings, is connected, ends and goes', async () => {
    const { page, until } = await opened()
    await world.doubles.control('ring', { mobile: '13812345678', nickName: '刘先生' })
    const [ringing] = await until('ringing')
    assert.equal(ringing.direction, 'inbound')
    assert.equal(ringing.type, 'phone')
    assert.equal(ringing.callerPhoneNumber, '13812345678')
    assert.ok(Math.abs(Date.now() - ringing.startedAt) < 60_000)
    await world.doubles.control('answer')
    const [connected] = await until('connected')
    assert.ok(connected.connectedAt >= ringing.startedAt)
    await page.run(() => {
      const { workbench } = window.kept
      window.kept.ended = []
      workbench.sessions.subscribe(() => window.kept.ended.push(...workbench.sessions.list))
    })
    await world.doubles.control('hangup', { closeBy: 'client' })
    await page.until('the end', () => window.kept.workbench.sessions.list.length === 0)
    const ended = await page.run(() => window.kept.ended[0])
    assert.equal(ended.state, 'ended')
    assert.equal(ended.closeBy, 'client')
    assert.equal(typeof ended.duration, 'number')
    assert.ok(ended.endedAt >= connected.connectedAt)
  })

  test('a call that goes out rings and is connected when the far end answers', async () => {
    const { page, until } = await opened()
    const { sessionId } = await page.run(() =>
      window.kept.workbench.call.startOutbound({ phoneNumber: '13812345678' }),
    )
    const [connected] = await until('connected')
    assert.equal(connected.sessionId, sessionId)
    assert.equal(connected.direction, 'outbound')
    assert.equal(connected.calleePhoneNumber, '13812345678')
  })

  test('what a vendor sends in the place of a text or a number is left out', async () => {
    const page = await world.open()
    const found = await page.run(async () => {
      const given = await bench.login()()
      const login = { ...given, sdkUrl: `${location.origin}/pages/vendor.js` }
      const { sessions } = await sdk.openWorkbench({ login })
      const odd = [Symbol('client'), Object.create(null), { toString: 1 }, () => {}, null]
      /** @type {unknown[]} */
      const ended = []
      const thrown = []
      for (const [at, value] of odd.entries())
        try {
          const sessionId = `s-${at}`
          window.tccc?.emit('callIn', { sessionId, type: 'phone', nickname: value })
          window.tccc?.emit('sessionEnded', { sessionId, closeBy: value, duration: value })
          // One that was not transferred does not come back, neither at once nor after it was answered.
          window.tccc?.emit('userAccessed', { sessionId })
          const session = sessions.list.find((one) => one.sessionId === sessionId)
          ended.push([session?.state, session?.closeBy ?? 0, session?.nickname ?? 0])
          ended.push(session?.duration)
        } catch (error) {
          thrown.push(String(error))
        }
      return { ended, thrown }
    })
    assert.deepEqual(found.thrown, [])
    assert.deepEqual(
      found.ended,
      Array(5)
        .fill([['ended', 0, 0], 0])
        .flat(),
    )
  })

  test('the list is another one after each change, frozen, and its listeners are called', async () => {
    const { page, until } = await opened()
    await page.run(() => {
      window.kept.empty = window.kept.workbench.sessions.list
    })
    await world.doubles.control('ring', { type: 'im', nickName: '刘先生' })
    await until('ringing')
    const found = await page.run(() => {
      const { workbench, empty, changes, stop } = window.kept
      const { list } = workbench.sessions
      const frozen = Object.isFrozen(list) && Object.isFrozen(list[0])
      stop()
      stop()
      return { other: list !== empty, same: list === workbench.sessions.list, frozen, changes }
    })
    assert.deepEqual(found, { other: true, same: true, frozen: true, changes: 1 })
    await world.doubles.control('answer')
    await until('connected')
    assert.equal(await page.run(() => window.kept.changes), 1, 'the listener had stopped')
  })

  test('a listener that throws is reported and stops nobody', async () => {
    const { page, until } = await opened()
    await page.run(() => {
      const { workbench } = window.kept
      workbench.sessions.subscribe(() => {
        throw new Error('a mistake of the page')
      })
      workbench.sessions.subscribe(() => {
        window.kept.second = true
      })
    })
    await world.doubles.control('ring')
    await until('ringing')
    const found = await page.run(() => ({ second: window.kept.second, errors: bench.errors }))
    assert.equal(found.second, true)
    assert.equal(found.errors.length, 1)
  })

  test('a loop over an event hears everything from its beginning, and leaves nothing behind', async () => {
    const { page } = await opened()
    await page.run(() => {
      const calls = window.kept.workbench.events('incoming')
      window.kept.calls = calls
      window.kept.all = window.kept.workbench.events()
      window.kept.received = []
    })
    for (const type of ['phone', 'im']) await world.doubles.control('ring', { type })
    await page.until('two sessions', () => window.kept.workbench.sessions.list.length === 2)
    const types = await page.run(async () => {
      const types = []
      for await (const call of window.kept.calls) {
        types.push(call.type)
        if (types.length === 2) break
      }
      return types
    })
    assert.deepEqual(types, ['phone', 'im'])
    const rest = await page.run(async () => {
      const { workbench, all } = window.kept
      const first = await all.next()
      const pending = [all.next(), all.next(), all.next()]
      workbench.close()
      const last = (await Promise.all(pending)).at(-1)
      return { first: first.value.event, done: last?.done, after: (await all.next()).done }
    })
    assert.deepEqual(rest, { first: 'incoming', done: true, after: true })
  })

  test('what a loop has not read yet is still there once the workbench is closed', async () => {
    const { page } = await opened()
    await page.run(() => {
      window.kept.all = window.kept.workbench.events('incoming')
    })
    for (const type of ['phone', 'im']) await world.doubles.control('ring', { type })
    await page.until('two sessions', () => window.kept.workbench.sessions.list.length === 2)
    const types = await page.run(async () => {
      window.kept.workbench.close()
      const types = []
      for await (const { type } of window.kept.all) types.push(type)
      return types
    })
    assert.deepEqual(types, ['phone', 'im'])
  })

  test('the chat that rings carries what its link was signed with', async () => {
    const { page } = await opened()
    await page.run(() => {
      window.kept.texts = []
      window.kept.workbench.on('incoming', (/** @type {any} */ { clientData, clientDataText }) =>
        window.kept.texts.push([clientData, clientDataText]),
      )
    })
    const text = JSON.stringify({ peerSource: 'XX商城', uid: '1', extra_level: 'vip' })
    await world.doubles.control('ring', { type: 'im', clientData: text })
    const [[data, raw]] = await page.until(
      'the chat',
      () => window.kept.texts.length && window.kept.texts,
    )
    assert.deepEqual(data, JSON.parse(text))
    assert.equal(raw, text)
  })
})
