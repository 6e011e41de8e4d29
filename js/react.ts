'use client'

/**
 * React: a workbench for the components beneath a provider, and a screen pop for any component.
 *
 * @packageDocumentation
 */

export type { WorkbenchSource, WorkbenchState } from './frameworks/store.js'
export { type CallOutHook, useCallOut } from './react/call-out.js'
export {
  useCalls,
  useWorkbench,
  type WorkbenchHook,
  WorkbenchProvider,
  type WorkbenchProviderProps,
} from './react/provider.js'
export { useScreenPop } from './react/screen-pop.js'
