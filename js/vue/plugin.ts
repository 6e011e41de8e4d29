import { type InjectionKey, inject, type Plugin } from 'vue'
import { CalldockError } from '../core/errors.js'
import { type WorkbenchSource, WorkbenchStore } from '../tccc/store.js'
import type { OpenWorkbenchOptions } from '../tccc/workbench.js'

const KEY: InjectionKey<WorkbenchStore> = Symbol('calldock')

/** What the plugin takes: the options of `openWorkbench`, or a test's workbench in their place. */
export type CalldockOptions =
  | (OpenWorkbenchOptions & { readonly workbench?: undefined })
  | Extract<WorkbenchSource, { login?: undefined }>

/**
 * The plugin: `app.use(createCalldock({ login: '/calldock/v1/tccc/login' }))`. It opens nothing by
 * itself: the first component with `useWorkbench` or `useCalls` does, and a moment after the last one is
 * gone, the workbench is closed.
 */
export function createCalldock(options: CalldockOptions): Plugin {
  const source: WorkbenchSource = options.workbench
    ? { workbench: options.workbench }
    : { login: options.login, options }
  return {
    // One store an application: a server renders many.
    install: (app) => void app.provide(KEY, new WorkbenchStore(() => source)),
  }
}

/**
 * The application's store.
 *
 * @internal
 */
export function injectStore(): WorkbenchStore {
  const store = inject(KEY, null)
  if (store) return store
  throw new CalldockError(
    'INVALID_OPTION',
    'useWorkbench and useCalls: expected app.use(createCalldock({login})), found none',
  )
}
