// What the Vue page shows; rendered on a server too.

import { createCalldock, useCalls, useScreenPop, useWorkbench } from 'calldock/vue'
import { createSSRApp, defineComponent, h } from 'vue'

const Panel = defineComponent(() => {
  const { status, workbench, error, retry } = useWorkbench()
  const calls = useCalls()
  const pop = useScreenPop()
  return () =>
    h('div', { id: 'panel', 'data-status': status.value }, [
      h('b', workbench.value?.agentId ?? 'nobody'),
      h('i', calls.value.map(({ state }) => state).join()),
      h('em', pop.value?.mobile ?? 'no call'),
      error.value && h('button', { id: 'retry', onClick: retry }, error.value.code),
    ])
})

/** @param {import('calldock/vue').CalldockOptions} options */
export const app = (options) => createSSRApp(Panel).use(createCalldock(options))
