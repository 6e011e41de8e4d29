// What an application may write, and what must not compile: the line after `@ts-expect-error`.

import { CalldockError, type Code, engine, ready, setLogger } from 'calldock'
import {
  type CallContext,
  callOut,
  currentCall,
  defineCallElement,
  dialTelLinks,
  drawAttention,
  onScreenPop,
  openWorkbench,
  type Session,
  sendCard,
  sendCustomMessage,
  sendTextMessage,
  serveCallOuts,
  shareWorkbench,
  type Workbench,
  type WorkbenchMethods,
} from 'calldock/tccc'
import type { MethodName } from './method-names.js'

export async function host(signal: AbortSignal): Promise<string> {
  const workbench = await openWorkbench({ login: '/calldock/v1/tccc/login', signal, attempts: 2 })
  const stop: () => void = workbench.on('callIn', (call) => {
    if (call.type === 'phone') console.log(call.calleePhoneNumber)
    // @ts-expect-error: only an IM has a nickname for sure.
    if (call.type === 'phone') console.log(call.nickname)
  })
  stop()
  const { sessionId } = await workbench.call.startOutbound({ phoneNumber: '13800000000' })
  await workbench.call.hangUp(sessionId)
  // @ts-expect-error: there is no such event.
  workbench.on('ringing', () => {})
  // @ts-expect-error: a number is what is dialled.
  await workbench.call.startOutbound({})
  // @ts-expect-error: what the vendor made has no type of ours.
  workbench.raw.Call
  // @ts-expect-error: the agent is whom the login says.
  workbench.userId = 'someone'
  return workbench.userId
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
  await workbench.ui.configureButtons(({ type }) => ({ active: type !== 'forwardOut' }))
  const [group] = await workbench.admin.getSkillGroups()
  console.log(group?.skillGroupName, (await workbench.devices.getMicrophones())[0]?.label)
  // @ts-expect-error: that is the vendor's spelling.
  workbench.call.hungUp(sessionId)
  // @ts-expect-error: to nobody.
  await workbench.call.transfer({ sessionId })
  // @ts-expect-error: not a status one can set.
  await workbench.agent.setStatus({ status: 'busy' })
  // @ts-expect-error: a card has a link.
  await workbench.chat.sendCard({ sessionId, payload: { header: '', desc: '', pic: '' } })
  // @ts-expect-error: derived, not written.
  session.state = 'ended'
  return workbench.call.isMicMuted(sessionId)
}

export async function life(workbench: Workbench): Promise<string | undefined> {
  for await (const event of workbench.events()) {
    if (event.event === 'callIn' && event.payload.type === 'im')
      console.log(event.payload.clientData?.uid, event.payload.clientDataText)
    // @ts-expect-error: not every event has a status.
    console.log(event.payload.status)
    if (event.event === 'statusChanged') console.log(event.payload.status)
  }
  for await (const { sessionId } of workbench.events('sessionEnded')) console.log(sessionId)
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
  // @ts-expect-error: a login has a token.
  await openWorkbench({ login: { ...login, token: undefined } })
  // @ts-expect-error: a page has no secret.
  await openWorkbench({ login, secretKey: 'x' })
}

export async function popped(): Promise<CallContext | null> {
  const stop: () => void = onScreenPop(
    (call) => {
      const status: 'ringing' | 'connected' | 'ended' | `other:${string}` | null = call.status
      const extra: string | undefined = call.extra.get('extra_level')
      console.log(status, extra, call.changed.includes('status'))
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
  // @ts-expect-error: a phone number is text.
  await callOut(13800000000)
  return (await callOut('13800000000')).acknowledged
}

export function failed(error: unknown): Code | undefined {
  if (!(error instanceof CalldockError)) return undefined
  // @ts-expect-error: the codes are a closed set.
  if (error.code === 'OOPS') return undefined
  return error.attempts[0]?.code ?? error.code
}

export async function start(): Promise<void> {
  const running: 'streaming' | 'buffer' | 'js' = await ready({ engine: 'js' })
  setLogger((entry) => console.log(entry.at, entry.kind, entry.name, running === engine()))
  setLogger(null)
  // @ts-expect-error: there are two wishes.
  await ready({ engine: 'wasm' })
}

export async function bridged(workbench: Workbench, root: HTMLElement): Promise<void> {
  const stop: () => void = serveCallOuts(workbench, {
    allow: ['https://crm.example.com'],
    onRefused: ({ reason, origin }) => console.log(reason, origin),
  })
  stop()
  // @ts-expect-error: somebody must be allowed.
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
  await sendTextMessage('hello', { targetOrigin: '*' })
}
