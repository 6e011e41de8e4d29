// What the React page shows; rendered on a server too.

import { useCalls, useScreenPop, useWorkbench, WorkbenchProvider } from 'calldock/react'
import { createElement as h } from 'react'

function Panel() {
  const { status, workbench, error, retry } = useWorkbench()
  const calls = useCalls()
  const pop = useScreenPop()
  return h(
    'div',
    { id: 'panel', 'data-status': status },
    h('b', null, workbench?.agentId ?? 'nobody'),
    h('i', null, calls.map(({ state }) => state).join()),
    h('em', null, pop?.mobile ?? 'no call'),
    error && h('button', { id: 'retry', type: 'button', onClick: retry }, error.code),
  )
}

/** @param {import('calldock/react').WorkbenchSource} source */
export const app = (source) => h(WorkbenchProvider, source, h(Panel))
