// What a Vue application may write, and what must not compile.

import type { CallContext, Session, Workbench } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { createCalldock, useCallOut, useCalls, useScreenPop, useWorkbench } from 'calldock/vue'
import { createApp, defineComponent, h, type Ref } from 'vue'

const Panel = defineComponent(() => {
  const { workbench, status, error, retry } = useWorkbench()
  const open: Readonly<Ref<Workbench | null>> = workbench
  console.log(open.value?.agentId, error.value?.code)
  // @ts-expect-error: it may not be open.
  workbench.value.close()
  // @ts-expect-error: the state is the workbench's.
  status.value = 'open'
  // @ts-expect-error: there is no such status.
  if (status.value === 'ready') retry()
  const calls: Readonly<Ref<readonly Session[]>> = useCalls()
  // @ts-expect-error: the list is the workbench's.
  calls.value.push()
  const pop: Readonly<Ref<CallContext | null>> = useScreenPop()
  // @ts-expect-error: there may be no call.
  console.log(pop.value.mobile)
  const { callOut, pending } = useCallOut({ allowParents: ['https://crm.example.com'] })
  const dial = async () => {
    const result = await callOut('13800000000')
    // @ts-expect-error: it may have failed.
    console.log(result.targetOrigin)
  }
  return () => h('button', { disabled: pending.value, onClick: dial })
})

createApp(Panel).use(createCalldock({ login: '/calldock/v1/tccc/login', renderDomId: 'dock' }))
createApp(Panel).use(createCalldock({ workbench: fakeWorkbench().open }))
// @ts-expect-error: a login is needed.
createApp(Panel).use(createCalldock({}))
// @ts-expect-error: there is no such option.
createApp(Panel).use(createCalldock({ login: '/login', dom: 'dock' }))
