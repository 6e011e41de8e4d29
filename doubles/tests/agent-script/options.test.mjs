// Every option of the script's address does what it says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { login } from './login.mjs'
import { openPage } from './page.mjs'

const base = process.env.DOUBLES
const control = (path, body = {}) =>
  fetch(`${base}/control/${path}`, { method: 'POST', body: JSON.stringify(body) })

async function until(condition, what) {
  for (let tries = 0; tries < 400; tries += 1) {
    const value = condition()
    if (value) {
      return value
    }
    await wait(5)
  }
  return assert.fail(`in vain: ${what}`)
}

/** Runs the script with options in a page of its own, and listens to all it says. */
async function open(t, options, page = openPage()) {
  t.after(() => page.close())
  await page.run(await login(base, options))
  const before = page.window.tccc
  const global = await until(() => page.window.TCCC ?? page.window.tccc, 'a global')
  const events = []
  for (const name of Object.keys(global.events)) {
    global.on(name, (payload) => events.push({ name, payload }))
  }
  const heard = (name) => until(() => events.find((event) => event.name === name), name)
  return { page, global, events, heard, before }
}

test('the global is late, and under the name asked for', async (t) => {
  const { before, page, heard } = await open(t, { globalDelay: 80 })
  assert.equal(before, undefined)
  assert.equal(page.window.TCCC, undefined)
  await heard('ready')
  const other = await open(t, { global: 'TCCC' })
  assert.equal(other.page.window.tccc, undefined)
  await other.heard('ready')
})

test('no global, or somebody else’s, and nothing drawn', async () => {
  for (const [global, expected] of [
    ['none', undefined],
    ['foreign', {}],
  ]) {
    const page = openPage()
    await page.run(await login(base, { global }))
    await wait(100)
    assert.equal(JSON.stringify(page.window.tccc), JSON.stringify(expected))
    assert.equal(page.document.querySelector('t3c-sdk'), null)
  }
})

test('ready comes as late as asked, or never, and calls before it throw', async (t) => {
  const began = Date.now()
  const late = await open(t, { readyDelay: 200 })
  assert.throws(() => late.global.Agent.getStatus(), /not ready/)
  assert.throws(() => late.global.Call.startOutboundCall({ phoneNumber: '10086' }), /not ready/)
  await late.heard('ready')
  assert.ok(Date.now() - began >= 200)
  assert.equal(late.global.Agent.getStatus(), 'free')
  const never = await open(t, { readyDelay: 'never' })
  await wait(200)
  assert.deepEqual(never.events, [])
})

test('payloads are flat or nested', async (t) => {
  const pages = [await open(t, { envelope: 'flat' }), await open(t, { envelope: 'nested' })]
  for (const { heard } of pages) {
    await heard('ready')
  }
  const { sessionId } = await (await control('ring', { mobile: '13800000000' })).json()
  const flat = await pages[0].heard('callIn')
  const nested = await pages[1].heard('callIn')
  assert.equal(flat.payload.sessionId, sessionId)
  assert.equal(flat.payload.data, undefined)
  assert.equal(nested.payload.data.sessionId, sessionId)
  assert.equal(nested.payload.sessionId, undefined)
  await control('reset')
})

test('a ring between ready and the first stream is not lost', async (t) => {
  const { global, heard, events } = await open(t, {})
  global.on('ready', () => control('ring'))
  await heard('callIn')
  assert.deepEqual(
    events.map(({ name }) => name),
    ['ready', 'callIn'],
  )
  await control('reset')
})

test('failures reject, or resolve with a status that is not success', async (t) => {
  const rejecting = await open(t, { answers: 'rejected' })
  await rejecting.heard('ready')
  await assert.rejects(
    rejecting.global.Call.hungUp({ sessionId: 'none' }),
    ({ status, errorMsg }) => status === 'error' && typeof errorMsg === 'string',
  )
  const resolving = await open(t, { answers: 'resolved' })
  await resolving.heard('ready')
  const answer = await resolving.global.Call.hungUp({ sessionId: 'none' })
  assert.equal(answer.status, 'error')
  const status = await resolving.global.Agent.setStatus({ status: 'rest' })
  assert.equal(status.status, 'success')
  assert.equal((await rejecting.heard('statusChanged')).payload.status, 'rest')
  await control('reset')
})

test('an expired token says so instead of ready, and the page may initialise again', async (t) => {
  const { page, global, events, heard } = await open(t, { expired: '1' })
  const { payload } = await heard('tokenExpired')
  assert.match(payload.message, /expired/)
  assert.deepEqual(
    events.map(({ name }) => name),
    ['tokenExpired'],
  )
  t.after(() => page.close())
  await page.run(await login(base))
  await until(() => page.window.tccc !== global, 'a new global')
  const ready = new Promise((resolve) => page.window.tccc.on('ready', resolve))
  await ready
})

test('a token that expires while the script runs signs it out', async (t) => {
  const { global, heard } = await open(t, {})
  await heard('ready')
  await wait(50)
  await control('expire')
  await heard('tokenExpired')
  await assert.rejects(global.Agent.setStatus({ status: 'rest' }))
})

test('a script told to throw throws', async () => {
  await assert.rejects(openPage().run(await login(base, { script: 'throw' })), /failed to start/)
})

test('a second injection throws and breaks the first; after a clean-up a new one works', async (t) => {
  const { page, global, events, heard } = await open(t, {})
  await heard('ready')
  await assert.rejects(page.run(await login(base)), /initialised twice/)
  await control('ring')
  await wait(100)
  assert.deepEqual(
    events.map(({ name }) => name),
    ['ready'],
  )
  await assert.rejects(global.Agent.online())
  await control('reset')
  page.document.querySelector('t3c-sdk').remove()
  await assert.rejects(page.run(await login(base)), /initialised twice/)
  page.cleanUp()
  const again = await open(t, {}, page)
  await again.heard('ready')
})

test('an address alone logs in', async (t) => {
  const { url } = await login(base)
  const page = openPage()
  t.after(() => page.close())
  await page.run({ url })
  const global = await until(() => page.window.tccc, 'a global')
  await new Promise((resolve) => global.on('ready', resolve))
  assert.equal(global.Agent.getStatus(), 'free')
})

test('successes are nested, flat or plain', async (t) => {
  for (const [successes, data, sessionId] of [
    ['nested', 'object', 'undefined'],
    ['flat', 'undefined', 'string'],
    ['plain', 'undefined', 'undefined'],
  ]) {
    const { global, heard } = await open(t, { successes })
    await heard('ready')
    const answer = await global.Call.startOutboundCall({ phoneNumber: '13800000000' })
    assert.equal(answer.status, 'success')
    assert.deepEqual([typeof answer.data, typeof answer.sessionId], [data, sessionId], successes)
    await control('reset')
  }
})

test('a method may be as late as asked', async (t) => {
  const { global, heard } = await open(t, { methodDelay: 150 })
  await heard('ready')
  const began = Date.now()
  await global.Agent.setStatus({ status: 'rest' })
  assert.ok(Date.now() - began >= 150)
  await control('reset')
})

test('a script that keeps its state takes over the global and its listeners', async (t) => {
  const { page, global, events, heard } = await open(t, { state: 'kept' })
  await heard('ready')
  await page.run(await login(base, { state: 'kept' }))
  await until(() => events.filter(({ name }) => name === 'ready').length === 2, 'a second ready')
  assert.equal(page.window.tccc, global)
  await control('ring')
  await heard('callIn')
  assert.equal(events.filter(({ name }) => name === 'callIn').length, 1, 'the first one has left')
  await control('reset')
})

test('the interface and the check of the browser are there before ready', async (t) => {
  const { global, heard } = await open(t, { readyDelay: 100 })
  global.UI.hidefloatButton()
  global.UI.hideWorkbench()
  assert.equal(typeof global.isEnvSupported(), 'boolean')
  await heard('ready')
})

test('the override of the buttons gets the list and gives the list to keep', async (t) => {
  const { global, heard } = await open(t, {})
  await heard('ready')
  const seen = []
  global.overrideButtonConfig((config) => {
    seen.push(...config.active)
    return { active: config.active.filter(({ type }) => type !== 'holdToggle') }
  })
  assert.deepEqual(Object.keys(seen[0]), ['type', 'name'])
  assert.ok(seen.some(({ type }) => type === 'holdToggle'))
  assert.throws(() => global.overrideButtonConfig(() => ({ active: true })), /not iterable/)
})

test('with number mapping ids ring and are dialled, and a number must be forced', async (t) => {
  const { global, heard } = await open(t, {})
  await heard('ready')
  await control('mapping', { on: true })
  await control('ring', { mobile: '13900000123' })
  const { payload } = await heard('callIn')
  assert.equal(payload.callerPhoneNumber, '139aaaaabcd')
  await control('hangup')
  const dial = (options) => global.Call.startOutboundCall(options)
  await assert.rejects(dial({ phoneNumber: '13900000123' }))
  assert.equal((await dial({ phoneNumber: '139aaaaabcd' })).status, 'success')
  await control('hangup')
  const forced = { phoneNumber: '13900000123', phoneEncodeType: 'number' }
  assert.equal((await dial(forced)).status, 'success')
  await control('reset')
})
