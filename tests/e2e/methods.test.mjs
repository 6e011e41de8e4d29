// Every method of the vendor's list (docs/vendor/tccc.md §1), by the name a page calls it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './harness/world.mjs'

/**
 * One method: in which session it makes sense, what it is called with, what the vendor gets.
 * @typedef {{
 *   vendor: string, in?: 'phone' | 'im' | 'video', state?: 'ringing' | 'connected' | 'ended',
 *   options?: Record<string, unknown>, sent?: Record<string, unknown>, gives?: unknown,
 * }} Row
 */

const card = {
  header: '订单',
  desc: '两件',
  pic: 'https://a.example/a.png',
  url: 'https://a.example/',
}

/** What the vendor's cloud is asked. @type {Record<string, Row>} */
const REMOTE = {
  'call.startOutbound': {
    vendor: 'Call.startOutboundCall',
    options: { phoneNumber: '13812345678' },
  },
  'call.startInternal': {
    vendor: 'Call.startInternalCall',
    options: { agentId: 'colleague@example.com', useMobile: false },
    sent: { calleeUserId: 'colleague@example.com', useMobile: false },
  },
  'call.accept': { vendor: 'Call.accept', in: 'phone', state: 'ringing' },
  'call.hangUp': { vendor: 'Call.hungUp', in: 'phone' },
  'call.delete': { vendor: 'Call.deleteCall', in: 'phone', state: 'ended' },
  'call.muteMic': { vendor: 'Call.muteMic', in: 'phone' },
  'call.unmuteMic': { vendor: 'Call.unmuteMic', in: 'phone' },
  'call.isMicMuted': { vendor: 'Call.isMicMuted', in: 'phone', gives: false },
  'call.hold': { vendor: 'Call.hold', in: 'phone' },
  'call.unhold': { vendor: 'Call.unHold', in: 'phone' },
  'call.transfer': { vendor: 'Call.transfer', in: 'phone', options: { skillGroupId: 1001 } },
  'call.sendDigits': { vendor: 'Call.sendDigits', in: 'phone', options: { dtmfText: '1*#' } },
  'call.end': { vendor: 'Call.end', in: 'phone', options: {} },
  'call.kick': { vendor: 'Call.kick', in: 'phone', options: {} },
  'chat.accept': { vendor: 'Chat.accept', in: 'im', state: 'ringing' },
  'chat.end': { vendor: 'Chat.end', in: 'im' },
  'chat.transfer': {
    vendor: 'Chat.transfer',
    in: 'im',
    options: { agentId: 'colleague@example.com' },
    sent: { userId: 'colleague@example.com' },
  },
  'chat.sendCard': { vendor: 'Chat.sendCardMessage', in: 'im', options: { payload: card } },
  'chat.sendOrder': {
    vendor: 'Chat.sendOrderMessage',
    in: 'im',
    options: { payload: { name: '订单', desc: '两件' } },
  },
  'video.accept': { vendor: 'Video.accept', in: 'video', state: 'ringing' },
  'video.end': { vendor: 'Video.end', in: 'video' },
  'video.transfer': { vendor: 'Video.transfer', in: 'video', options: { skillGroupId: '1001' } },
  'video.muteMic': { vendor: 'Video.muteMic', in: 'video' },
  'video.unmuteMic': { vendor: 'Video.unmuteMic', in: 'video' },
  'video.muteVideo': { vendor: 'Video.muteVideo', in: 'video' },
  'video.unmuteVideo': { vendor: 'Video.unmuteVideo', in: 'video' },
  'agent.online': { vendor: 'Agent.online' },
  'agent.offline': { vendor: 'Agent.offline' },
  'agent.setStatus': {
    vendor: 'Agent.setStatus',
    options: { status: 'rest', restReason: '午休' },
  },
  'admin.getSkillGroups': { vendor: 'Admin.getSkillGroups' },
}

/** What the vendor's script answers by itself. */
const LOCAL = [
  'agent.getStatus',
  'devices.isBrowserSupported',
  'devices.isEnvSupported',
  'devices.getMicrophones',
  'devices.getSpeakers',
  'ui.show',
  'ui.hide',
  'ui.showWorkbench',
  'ui.hideWorkbench',
  'ui.showFloatButton',
  'ui.hideFloatButton',
  'ui.mount',
  'ui.configureButtons',
]

/** Options that must not reach the vendor, and what the message names. */
const WRONG = [
  ['call.startOutbound', { phoneNumber: '138xxxxxxxx' }, 'phoneNumber'],
  // `number` says that it is a real number, and this is an id of the number mapping (docs/vendor/field.md F3, F4).
  [
    'call.startOutbound',
    { phoneNumber: '139abcdefg', phoneEncodeType: 'number' },
    'phoneNumber: expected 3 to 20 digits',
  ],
  ['call.startOutbound', { phoneNumber: '10086', phoneDescription: 'x' }, 'phoneDescription'],
  [
    'call.startOutbound',
    { phoneNumber: '10086', servingNumberGroupIds: [7] },
    'servingNumberGroupIds',
  ],
  ['call.startInternal', {}, 'agentId'],
  ['call.startInternal', { agentId: 'a', useMobile: 'yes' }, 'useMobile'],
  ['call.hangUp', '', 'sessionId'],
  ['call.hangUp', undefined, 'call.hangUp'],
  ['call.hangUp', { sessionId: 7 }, 'sessionId'],
  ['call.transfer', { sessionId: 's' }, 'skillGroupId, agentId'],
  ['call.sendDigits', { sessionId: 's', dtmfText: 'abc' }, 'dtmfText'],
  ['chat.sendCard', { sessionId: 's', payload: { header: 'h' } }, 'payload.desc'],
  ['chat.sendCard', { sessionId: 's', payload: 'text' }, 'payload'],
  ['agent.setStatus', { status: 'away' }, 'status'],
  ['agent.setStatus', {}, 'status'],
  ['ui.configureButtons', { active: false }, 'ui.configureButtons'],
]

inEachBrowser('methods', (world) => {
  /** Opens the workbench. @param {Record<string, string>} options of the double's script */
  async function opened(options = {}) {
    const page = await world.open()
    await world.doubles.control('faults', { sdk: options })
    await page.run(async () => {
      window.kept = await sdk.openWorkbench({ login: '/calldock/v1/tccc/login' })
    })
    return page
  }

  /** Calls a method by its name. @param {import('./harness/page.mjs').View} page */
  const call = (page, /** @type {string} */ name, /** @type {unknown} */ options) =>
    page.run(
      async (name, options) => {
        const [group = '', method = ''] = name.split('.')
        return (await window.kept[group][method](options)) ?? null
      },
      name,
      options ?? null,
    )

  test('the workbench has every method of the list and no other', async () => {
    const page = await opened()
    const names = await page.run(() =>
      ['call', 'chat', 'video', 'agent', 'admin', 'devices', 'ui'].flatMap((group) =>
        Object.keys(window.kept[group]).map((method) => `${group}.${method}`),
      ),
    )
    assert.deepEqual(names.sort(), [...Object.keys(REMOTE), ...LOCAL].sort())
  })

  for (const envelope of ['flat', 'nested'])
    for (const answers of ['rejected', 'resolved'])
      test(`each reaches a vendor of ${envelope} events and ${answers} failures`, async () => {
        const page = await opened({ envelope, answers })
        for (const [name, row] of Object.entries(REMOTE)) {
          await world.doubles.control('hangup').catch(() => {})
          let sessionId
          if (row.in) {
            ;({ sessionId } = await world.doubles.control('ring', { type: row.in }))
            if (row.state !== 'ringing') await world.doubles.control('answer')
            if (row.state === 'ended') await world.doubles.control('hangup')
          }
          const before = (await world.doubles.log('command')).length
          const options = row.options
            ? { ...(sessionId && { sessionId }), ...row.options }
            : (sessionId ?? null)
          const value = await call(page, name, options)
          const seen = (await world.doubles.log('command')).slice(before)
          assert.deepEqual(
            seen.map(({ method, status }) => ({ method, status })),
            [{ method: row.vendor, status: 'success' }],
            name,
          )
          /** @type {Record<string, unknown> | null} */
          const expected = row.sent ?? row.options ?? (sessionId ? { sessionId } : null)
          assert.deepEqual(
            { ...seen[0]?.options },
            { ...(sessionId && { sessionId }), ...expected },
          )
          if (name.includes('.start')) assert.equal(typeof value.sessionId, 'string')
          else if (name === 'admin.getSkillGroups')
            assert.deepEqual(value[0], { skillGroupName: '售前咨询', skillGroupId: 1001 })
          else if (name !== 'call.end' && name !== 'call.kick')
            assert.equal(value, row.gives ?? null, name)

          // A session the vendor does not know, in either shape of its refusal.
          if (!row.in) continue
          const failure = await page.failure(
            async (name, options) => {
              const [group = '', method = ''] = name.split('.')
              await window.kept[group][method]({ sessionId: 'no-such-session', ...options })
            },
            name,
            row.options ?? {},
          )
          assert.equal(failure.code, 'VENDOR_REJECTED', name)
          assert.match(failure.message, /found "sessionId: no such session"/, name)
        }
      })

  test('what the vendor’s script answers by itself has its documented type', async () => {
    const page = await opened()
    const found = await page.run(async () => {
      const { agent, devices, ui } = window.kept
      const host = () => document.querySelector('t3c-sdk')
      const seen = {
        status: await agent.getStatus(),
        supported: await devices.isBrowserSupported(),
        fit: await devices.isEnvSupported(),
      }
      const lists = [await devices.getMicrophones(), await devices.getSpeakers()]
      await ui.hide()
      const hidden = host()?.hasAttribute('hidden')
      await ui.show()
      const shown = !host()?.hasAttribute('hidden')
      for (const method of ['hideWorkbench', 'showWorkbench', 'hideFloatButton', 'showFloatButton'])
        await ui[method]()
      /** @type {string[]} */
      const requested = []
      await ui.configureButtons((/** @type {{ type: string }} */ { type }) => {
        requested.push(type)
        return { active: type !== 'forwardOut' }
      })
      const node = document.body.appendChild(document.createElement('div'))
      await ui.mount(node)
      return {
        ...seen,
        calls: typeof RTCPeerConnection === 'function',
        lists: lists.map(Array.isArray),
        hidden,
        shown,
        requested,
        inside: host()?.parentNode === node,
      }
    })
    // WebKitGTK has no calls, and the vendor's script says so.
    const { calls, ...answers } = found
    assert.deepEqual(answers, {
      status: 'free',
      supported: calls,
      fit: calls,
      lists: [true, true],
      hidden: true,
      shown: true,
      requested: [
        'transferSeat',
        'transferSkillGroup',
        'holdToggle',
        'forwardOut',
        'showKeyboard',
        'selfService',
      ],
      inside: true,
    })
  })

  test('isMicMuted is a promise of true or false whichever form the vendor has', async () => {
    const page = await opened()
    const found = await page.run(async () => {
      const { raw, call } = window.kept
      const reported = []
      for (const form of [() => true, async () => false, () => undefined]) {
        raw.Call.isMicMuted = form
        reported.push(await call.isMicMuted('s').catch((/** @type {any} */ { code }) => code))
      }
      return reported
    })
    assert.deepEqual(found, [true, false, 'VENDOR_REJECTED'])
  })

  for (const [name, options, named] of WRONG)
    test(`${name} refuses ${JSON.stringify(options)} before the vendor sees it`, async () => {
      const page = await opened()
      const failure = await page.failure(
        async (name, options) => {
          const [group = '', method = ''] = name.split('.')
          await window.kept[group][method](options ?? undefined)
        },
        /** @type {string} */ (name),
        options ?? null,
      )
      assert.equal(failure.code, 'INVALID_OPTION')
      assert.ok(failure.message.includes(String(named)), failure.message)
      assert.deepEqual(await world.doubles.log('command'), [])
    })

  test('a method the vendor lacks says so, and a closed workbench too', async () => {
    const page = await opened()
    const missing = await page.failure(async () => {
      window.kept.raw.Admin.getSkillGroups = undefined
      await window.kept.admin.getSkillGroups()
    })
    assert.equal(missing.code, 'VENDOR_REJECTED')
    assert.match(missing.message, /expected a method getSkillGroups, found none/)
    const closed = await page.failure(async () => {
      window.kept.close()
      await window.kept.agent.online()
    })
    assert.equal(closed.code, 'CLOSED')
  })
})
