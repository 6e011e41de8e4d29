// What the Vue page shows; rendered on a server too.

import { createCalldock, useCalls, useScreenPop, useWorkbench } from 'calldock/vue'
import {
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  onBeforeMount,
  onMounted,
  shallowRef,
} from 'vue'

const used = () => ({ ...useWorkbench(), calls: useCalls(), pop: useScreenPop() })

/** @param {ReturnType<typeof used>} used */
const shown = ({ status, workbench, error, retry, calls, pop }) =>
  h('div', { id: 'panel', 'data-status': status.value }, [
    h('b', workbench.value?.agentId ?? 'nobody'),
    h('i', calls.value.map(({ state }) => state).join()),
    h('em', pop.value?.mobile ?? 'no call'),
    error.value && h('button', { id: 'retry', onClick: retry }, error.value.code),
  ])

const Panel = defineComponent(() => {
  const mine = used()
  return () => shown(mine)
})

/** @param {import('calldock/vue').CalldockOptions} options */
export const app = (options) => createSSRApp(Panel).use(createCalldock(options))

/** Where the composables are used first, in the place of setup. */
const PLACES = {
  onBeforeMount: (/** @type {() => void} */ use) => onBeforeMount(use),
  onMounted: (/** @type {() => void} */ use) => onMounted(use),
  // A Pinia store has a scope of its own.
  store: (/** @type {() => void} */ use) => onMounted(() => effectScope(true).run(use)),
}

/**
 * The same panel, whose composables are used no earlier than there.
 * @param {import('calldock/vue').CalldockOptions} options
 * @param {keyof typeof PLACES} place
 */
export const late = (options, place) =>
  createSSRApp(
    defineComponent(() => {
      const mine = shallowRef(/** @type {ReturnType<typeof used> | null} */ (null))
      PLACES[place](() => {
        mine.value = used()
      })
      return () => mine.value && shown(mine.value)
    }),
  ).use(createCalldock(options))
