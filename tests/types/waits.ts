// Deadlines and signals of the functions that wait, and what must not compile.

import * as cec from 'calldock/cec'
import * as pop from 'calldock/pop'
import * as tccc from 'calldock/tccc'

const { signal } = new AbortController()
const waits: tccc.WaitOptions = { timeoutMs: 5000, signal }
// A page may hand on what it may not have.
const none: tccc.WaitOptions = { timeoutMs: undefined, signal: undefined }

await tccc.chatLink({ webAppId: 'x' }, { title: 'help', ...waits })
await tccc.currentCall({ ...none, window })
await tccc.screenPopCompatibility(waits)
await cec.currentCall({ call: 'callid=1', ...waits })
for (const call of [new FormData(), new URLSearchParams(), new Map([['callid', '1']])])
  await cec.currentCall({ call })
await cec.screenPopCompatibility(none)
const receivers = { allowOrigins: ['https://cec.example.com'] }
const options: cec.AgentCallOutOptions = { ...receivers, ...waits }
await cec.callOut('13800000000', options)
const either: pop.AnyCallOutOptions = { ...receivers, ...none }
await pop.callOut('13800000000', either)

export async function followed(workbench: tccc.Workbench, chat: cec.Chat): Promise<void> {
  await workbench.compatibility({ timeoutMs: 5000, signal })
  await chat.compatibility(none)
  for await (const { sessionId } of workbench.events('incoming', { signal })) console.log(sessionId)
  for await (const { event } of workbench.events(undefined, { signal })) console.log(event)
  const result = await tccc.callOut('13800000000')
  if (result.acknowledged)
    for await (const { state } of result.states({ signal })) console.log(state)
  // @ts-expect-error: a loop has no deadline.
  workbench.events('incoming', { timeoutMs: 5000 })
  // @ts-expect-error: ms are a number.
  await tccc.chatLink({ webAppId: 'x' }, { timeoutMs: '5000' })
  // @ts-expect-error: a controller is no signal.
  await cec.currentCall({ signal: new AbortController() })
  // @ts-expect-error: a report sends nothing to the vendor.
  await workbench.compatibility({ unlisted: true })
  // @ts-expect-error: it returns at once.
  tccc.onScreenPop(console.log, { timeoutMs: 5000 })
}
