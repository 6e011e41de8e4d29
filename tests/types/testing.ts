// What an application's tests may write with `calldock/testing`, and what must not compile.

import { type FakeCall, type FakeWorkbench, fakeParent, fakeWorkbench } from 'calldock/testing'

export async function driven(callerPhoneNumber: string | undefined): Promise<FakeWorkbench> {
  const fake = fakeWorkbench({ agentId: undefined })
  const call: FakeCall = { type: 'phone', callerPhoneNumber }
  const sessionId = fake.ring(call)
  fake.ring({ type: undefined, sessionId: undefined, timeout: undefined })
  fake.answer(sessionId)
  fake.hangUp(sessionId, { closeBy: undefined })
  const parent = fakeParent({ origin: undefined, window: undefined })
  await parent.expectCallOut(undefined)
  // @ts-expect-error: no type of a call.
  fake.ring({ type: 'letter' })
  // @ts-expect-error: a window, not its address.
  fakeParent({ window: 'https://crm.example.com' })
  return fake
}
