import { computed, markRaw, type Ref, shallowRef } from 'vue'
import { NO_CALLS, OPENING, type WorkbenchState } from '../frameworks/store.js'
import type { CalldockError } from '../index.js'
import type { Session, Workbench } from '../tccc.js'
import { live } from './live.js'
import { injectStore } from './plugin.js'

/** The workbench's state, and how to open it again. */
export interface WorkbenchComposable {
  readonly workbench: Readonly<Ref<Workbench | null>>
  readonly error: Readonly<Ref<CalldockError | null>>
  /** `opening` on a server and until the component is mounted. */
  readonly status: Readonly<Ref<WorkbenchState['status']>>
  /** Opens again what has `failed` or is `closed`. */
  readonly retry: () => void
}

/**
 * Returns the application's workbench, held until the scope is disposed of.
 *
 * @throws {CalldockError} `INVALID_OPTION` without the plugin
 * @example
 * const { status, workbench, error, retry } = useWorkbench()
 */
export function useWorkbench(): WorkbenchComposable {
  const store = injectStore()
  const state = shallowRef(OPENING)
  const follow = () => {
    const { workbench } = store.state
    // A reactive proxy around it would follow every member.
    if (workbench) markRaw(workbench)
    state.value = store.state
  }
  live(() => {
    const stop = store.subscribe(follow)
    const release = store.hold()
    follow()
    return () => {
      stop()
      release()
    }
  })
  return {
    workbench: computed(() => state.value.workbench),
    error: computed(() => state.value.error),
    status: computed(() => state.value.status),
    retry: store.retry,
  }
}

/**
 * Returns the agent's calls and chats, the newest last; empty while there is no workbench. Holds the workbench
 * as {@link useWorkbench} does.
 *
 * @throws {CalldockError} `INVALID_OPTION` without the plugin
 * @example
 * const calls = useCalls()
 * watch(calls, () => show(calls.value.length))
 */
export function useCalls(): Readonly<Ref<readonly Session[]>> {
  const store = injectStore()
  const calls = shallowRef(NO_CALLS)
  live(() => {
    let leave = () => {}
    const follow = () => {
      leave()
      const sessions = store.state.workbench?.sessions
      const read = () => {
        calls.value = sessions?.list ?? NO_CALLS
      }
      leave = sessions?.subscribe(read) ?? (() => {})
      read()
    }
    const stop = store.subscribe(follow)
    const release = store.hold()
    follow()
    return () => {
      stop()
      leave()
      release()
    }
  })
  return calls
}
