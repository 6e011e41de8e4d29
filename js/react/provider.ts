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
import {
  NO_CALLS,
  nothing,
  OPENING,
  type WorkbenchSource,
  type WorkbenchState,
  WorkbenchStore,
} from '../frameworks/store.js'
import { CalldockError } from '../index.js'
import type { Session } from '../tccc.js'

const Context = createContext<WorkbenchStore | null>(null)

/** What `WorkbenchProvider` takes. */
export type WorkbenchProviderProps = WorkbenchSource & { readonly children?: ReactNode }

/**
 * Opens the workbench while it is mounted, for every component beneath; a second after the last provider
 * of the page is unmounted, the workbench is closed. StrictMode, hot replacement and a new `login`
 * function at each render request no second login: for another agent there is `workbench.switchAgent`.
 *
 * @example
 * <WorkbenchProvider login="/calldock/v1/tccc/login"><Calls /></WorkbenchProvider>
 */
export function WorkbenchProvider(props: WorkbenchProviderProps): ReactElement {
  // Own members only: what other code has put on Object.prototype is no prop.
  const { children, workbench } = { __proto__: null, ...props } as object as WorkbenchProviderProps
  const latest = useRef<WorkbenchSource>(props)
  const [store] = useState(() => new WorkbenchStore(() => latest.current))
  useEffect(() => {
    latest.current = props
  })
  // Another workbench is held instead; another function is only another render.
  const given = typeof workbench === 'object' ? workbench : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: `given` is read through `latest`
  useEffect(() => store.hold(), [store, given])
  return createElement(Context.Provider, { value: store }, children)
}

/** The workbench's state, and how to open it again. */
export type WorkbenchHook = WorkbenchState & {
  /** Opens again what has `failed` or is `closed`. */
  readonly retry: () => void
}

/**
 * Returns the workbench of the provider above: `{status, workbench, error, retry}`. `opening` on a server.
 *
 * @throws {CalldockError} `INVALID_OPTION` without a provider
 * @example
 * const { status, workbench, error, retry } = useWorkbench()
 */
export function useWorkbench(): WorkbenchHook {
  const store = useContext(Context)
  if (!store)
    throw new CalldockError(
      'INVALID_OPTION',
      'useWorkbench and useCalls',
      'a <WorkbenchProvider> above',
      'none',
    )
  const state = useSyncExternalStore(
    store.subscribe,
    () => store.state,
    () => OPENING,
  )
  return { ...state, retry: store.retry }
}

/**
 * Returns the agent's calls and chats, the newest last; empty while there is no workbench.
 *
 * @throws {CalldockError} `INVALID_OPTION` without a provider
 * @example
 * const ringing = useCalls().filter(({ state }) => state === 'ringing')
 */
export function useCalls(): readonly Session[] {
  const sessions = useWorkbench().workbench?.sessions
  return useSyncExternalStore(
    sessions?.subscribe ?? nothing,
    () => sessions?.list ?? NO_CALLS,
    () => NO_CALLS,
  )
}
