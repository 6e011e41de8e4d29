// What an application may write, and what must not compile: the line after `@ts-expect-error`.

import { CalldockError, type Code, engine, isCalldockError, ready, setLogger } from 'calldock'
import { serveCallOuts } from 'calldock/bridge'
import { defineCallElement, dialTelLinks, drawAttention } from 'calldock/dom'
import {
  type CallContext,
  callOut,
  currentCall,
  onScreenPop,
  openWorkbench,
  type Session,
  sendCard,
  sendCustomMessage,
  sendTextMessage,
  shareWorkbench,
  type Workbench,
  type WorkbenchMethods,
} from 'calldock/tccc'
import type { MethodName } from './method-names.js'

export async function host(signal: AbortSignal): Promise<string> {
  const workbench = await openWorkbench({ login: '/calldock/v1/tccc/login', signal, attempts: 2 })
  const stop: () => void = workbench.on('incoming', (call) => {
    if (call.type === 'phone') console.log(call.calleePhoneNumber)
    // @ts-expect-error: only an IM has a nickname for sure.
    if (call.type === 'phone') console.log(call.nickname)
  })
  stop()
  const { sessionId } = await workbench.call.startOutbound({ phoneNumber: '13800000000' })
  // @ts-expect-error: the vendor may respond with a plain success.
  await workbench.call.hangUp(sessionId)
  if (sessionId) await workbench.call.hangUp(sessionId, { timeoutMs: 5000, signal })
  // @ts-expect-error: there is no such event.
  workbench.on('ringing', () => {})
  // @ts-expect-error: that is the vendor's spelling.
  workbench.on('callIn', () => {})
  // @ts-expect-error: a number is needed.
  await workbench.call.startOutbound({})
  // @ts-expect-error: what the vendor made has no type of ours.
  workbench.raw.Call
  // @ts-expect-error: the agent is the one of the login.
  workbench.agentId = 'someone'
  return workbench.agentId
}

/** The types have every method of the core's table and no other. */
type Typed = {
  [G in keyof WorkbenchMethods]: `${G}.${keyof WorkbenchMethods[G] & string}`
}[keyof WorkbenchMethods]
export const known: (name: Typed) => MethodName = (name) => name
export const typed: (name: MethodName) => Typed = (name) => name

export async function methods(workbench: Workbench, session: Session): Promise<boolean> {
  const { sessionId } = session
  await workbench.call.accept(sessionId)
  await workbench.call.transfer({ sessionId, skillGroupId: 1001 })
  await workbench.chat.sendCard({ sessionId, payload: { header: '', desc: '', pic: '', url: '' } })
  await workbench.chat.sendOrder({
    sessionId,
    payload: { customField: [{ key: 'size', value: 'L' }] },
  })
  await workbench.ui.configureButtons(({ type }) => ({ active: type !== 'forwardOut' }))
  await workbench.ui.configureButtons(({ type }) => type !== 'forwardOut')
  await workbench.call.startInternal({ agentId: 'b@example.com' })
  await session.transfer({ agentId: 'b@example.com' })
  await session.sendDigits('1#')
  const [group] = await workbench.admin.getSkillGroups()
  console.log(group?.skillGroupName, (await workbench.devices.getMicrophones())[0]?.label)
  // @ts-expect-error: that is the vendor's spelling.
  workbench.call.hungUp(sessionId)
  // @ts-expect-error: neither a group nor an agent.
  await workbench.call.transfer({ sessionId })
  // @ts-expect-error: not a status that can be set.
  await workbench.agent.setStatus({ status: 'busy' })
  // @ts-expect-error: a card has a link.
  await workbench.chat.sendCard({ sessionId, payload: { header: '', desc: '', pic: '' } })
  // @ts-expect-error: a snapshot is not written.
  session.state = 'ended'
  return workbench.call.isMicMuted(sessionId)
}

export async function life(workbench: Workbench): Promise<string | undefined> {
  for await (const event of workbench.events()) {
    if (event.event === 'incoming' && event.payload.type === 'im')
      console.log(event.payload.clientData?.uid, event.payload.clientDataText)
    // @ts-expect-error: not every event has a status.
    console.log(event.payload.status)
    if (event.event === 'agentStatus') console.log(event.payload.status)
  }
  for await (const { sessionId } of workbench.events('ended')) console.log(sessionId)
  const stop: () => void = drawAttention(workbench, {
    notification: (call) => ({ title: call.type }),
  })
  stop()
  await workbench.switchAgent('/calldock/v1/tccc/login')
  const shared = shareWorkbench({ login: '/calldock/v1/tccc/login', takeOver: true })
  console.log((await shared.workbench).sessions.list.length)
  shared.release()
  return (await workbench.closed)?.code
}

export async function logins(): Promise<void> {
  const login = { token: 't', sdkUrl: 'https://example.com/', sdkAppId: 1, userId: 'a@example.com' }
  await openWorkbench({ login })
  await openWorkbench({ login: async () => login })
  await openWorkbench({
    login: ({ attempt, signal }) => fetch(`/login?try=${attempt}`, { signal }),
  })
  // @ts-expect-error: a login is needed.
  await openWorkbench({})
  await openWorkbench({ login: { sdkUrl: 'https://example.com/' } })
  await openWorkbench({ attach: true })
  // @ts-expect-error: a login has an address.
  await openWorkbench({ login: { ...login, sdkUrl: undefined } })
  // @ts-expect-error: a page has no secret.
  await openWorkbench({ login, secretKey: 'x' })
}

export async function popped(): Promise<CallContext | null> {
  const stop: () => void = onScreenPop(
    (call) => {
      const status: 'ringing' | 'connected' | 'ended' | `other:${string}` | null = call.status
      const extra: string | undefined = call.extra.get('extra_level')
      console.log(status, extra, call.changed.includes('status'), call.unreadable.length)
      // @ts-expect-error: a number may be absent.
      console.log(call.mobile.length)
      // @ts-expect-error: a call is read, not written.
      call.mobile = null
    },
    { onError: (error) => console.log(error.code) },
  )
  stop()
  return currentCall()
}

export async function dial(): Promise<boolean> {
  await callOut({ phoneNumber: '0755-86000000', desc: 'order 7' }, { allowParents: [] })
  // @ts-expect-error: a phone number is a text.
  await callOut(13800000000)
  const { acknowledged, phoneNumber } = await callOut('138 0000 0000')
  return acknowledged && phoneNumber === '13800000000'
}

export function failed(error: unknown): Code | undefined {
  if (!isCalldockError(error)) return undefined
  console.log(error instanceof CalldockError, error.where, error.expected, error.found, error.docs)
  // @ts-expect-error: the codes are a closed set.
  if (error.code === 'OOPS') return undefined
  return error.attempts[0]?.code ?? error.code
}

export async function start(): Promise<void> {
  const running: 'streaming' | 'buffer' | 'js' = await ready({ engine: 'js' })
  setLogger((entry) => console.log(entry.at, entry.kind, entry.name, running === engine()))
  setLogger(null)
  // @ts-expect-error: there are two engines to choose from.
  await ready({ engine: 'wasm' })
}

export async function bridged(workbench: Workbench, root: HTMLElement): Promise<void> {
  const stop = serveCallOuts(workbench, {
    allow: ['https://crm.example.com'],
    onRefused: ({ reason, origin }) => console.log(reason, origin),
  })
  stop()
  // @ts-expect-error: the origins must be named.
  serveCallOuts(workbench, {})
  const result = await callOut('13800000000')
  // @ts-expect-error: only an acknowledged call has a session.
  console.log(result.sessionId)
  if (result.acknowledged)
    for await (const { state } of result.states()) if (state === 'lost') return
  dialTelLinks(root, { desc: (link) => link.textContent ?? undefined })()
  defineCallElement({ tag: 'shop-call' })
  await sendCard({ header: '', desc: '', pic: '', url: '' })
  // @ts-expect-error: a message has an icon.
  await sendCustomMessage({ title: '', description: '' })
  await sendCustomMessage({ title: '', description: '', iconUrl: '', extension: { order: 7 } })
  await sendTextMessage('hello', { targetOrigin: '*' })
}
