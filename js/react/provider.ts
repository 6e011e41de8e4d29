// One workbench for the components beneath.

import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { CalldockError } from '../core/errors.js'
import type { Session } from '../tccc/sessions.js'
import {
  NO_CALLS,
  nothing,
  OPENING,
  type WorkbenchSource,
  type WorkbenchState,
  WorkbenchStore,
} from '../tccc/store.js'

const Context = createContext<WorkbenchStore | null>(null)

/** What `WorkbenchProvider` takes. */
export type WorkbenchProviderProps = WorkbenchSource & { readonly children?: ReactNode }

/**
 * Opens the workbench while it is mounted, for every component beneath; a moment after the last provider
 * of the page is unmounted, the workbench is closed. StrictMode, hot replacement and a new `login`
 * function at each render ask for no second login: another agent is `workbench.switchAgent`'s.
 */
export function WorkbenchProvider(props: WorkbenchProviderProps): ReactElement {
  const { children, workbench } = props
  const latest = useRef<WorkbenchSource>(props)
  const [store] = useState(() => new WorkbenchStore(() => latest.current))
  useEffect(() => {
    latest.current = props
  })
  // Another workbench is another one; another function is only a render.
  const given = typeof workbench === 'object' ? workbench : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: `given` is read through `latest`
  useEffect(() => store.hold(), [store, given])
  return createElement(Context.Provider, { value: store }, children)
}

/** The workbench's state, and how to open it anew. */
export type WorkbenchHook = WorkbenchState & {
  /** Opens anew what has `failed` or is `closed`. */
  readonly retry: () => void
}

/**
 * The workbench of the provider above: `{status, workbench, error, retry}`. `opening` on a server.
 *
 * @throws {CalldockError} `INVALID_OPTION` without a provider
 */
export function useWorkbench(): WorkbenchHook {
  const store = useContext(Context)
  if (!store)
    throw new CalldockError(
      'INVALID_OPTION',
      'useWorkbench and useCalls: expected a <WorkbenchProvider> above, found none',
    )
  const state = useSyncExternalStore(
    store.subscribe,
    () => store.state,
    () => OPENING,
  )
  return { ...state, retry: store.retry }
}

/**
 * The agent's calls and chats, the newest last; empty while there is no workbench.
 *
 * @throws {CalldockError} `INVALID_OPTION` without a provider
 */
export function useCalls(): readonly Session[] {
  const sessions = useWorkbench().workbench?.sessions
  return useSyncExternalStore(
    sessions?.subscribe ?? nothing,
    () => sessions?.list ?? NO_CALLS,
    () => NO_CALLS,
  )
}
