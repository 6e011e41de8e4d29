// What a React application may write, and what must not compile.

import { useCallOut, useCalls, useScreenPop, useWorkbench, WorkbenchProvider } from 'calldock/react'
import type { CallContext, Session, Workbench } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { createElement, type ReactElement } from 'react'

export function App(): ReactElement {
  const options = { renderDomId: 'dock', takeOver: true }
  const props = { login: '/calldock/v1/tccc/login', options }
  return createElement(WorkbenchProvider, props, createElement(Panel))
}

export const requested = createElement(WorkbenchProvider, { login: async () => fetch('/login') })
export const tested = createElement(WorkbenchProvider, { workbench: fakeWorkbench().open })
export const failing = createElement(WorkbenchProvider, { workbench: fakeWorkbench().open })

// @ts-expect-error: a login is needed.
export const empty = createElement(WorkbenchProvider, {})
export const both = createElement(WorkbenchProvider, {
  login: '/login',
  // @ts-expect-error: either a login or a workbench.
  workbench: fakeWorkbench().open,
})
export const twice = createElement(WorkbenchProvider, {
  login: '/login',
  // @ts-expect-error: the login has its own place.
  options: { login: '/login' },
})

function Panel(): ReactElement {
  const hook = useWorkbench()
  if (hook.status === 'open') {
    const workbench: Workbench = hook.workbench
    console.log(workbench.agentId)
  }
  if (hook.status === 'failed') console.log(hook.error.code)
  // @ts-expect-error: it may not be open.
  hook.workbench.close()
  // @ts-expect-error: there is no such status.
  if (hook.status === 'ready') hook.retry()
  const calls: readonly Session[] = useCalls()
  // @ts-expect-error: the list is the workbench's.
  calls.push()
  const pop: CallContext | null = useScreenPop({ onError: ({ code }) => console.log(code) })
  // @ts-expect-error: there may be no call.
  console.log(pop.mobile)
  const { callOut, pending, error } = useCallOut({ allowParents: ['https://crm.example.com'] })
  const dial = async () => {
    const result = await callOut({ phoneNumber: '13800000000', desc: 'A' })
    // @ts-expect-error: it may have failed.
    console.log(result.targetOrigin)
  }
  return createElement(
    'button',
    { type: 'button', disabled: pending, onClick: dial },
    error?.remedy,
  )
}
