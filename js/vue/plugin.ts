import { type InjectionKey, inject, type Plugin } from 'vue'
import { type WorkbenchSource, WorkbenchStore } from '../frameworks/store.js'
import { CalldockError } from '../index.js'
import type { LoginSource, SdkLogin, WorkbenchOptions } from '../tccc.js'

const KEY: InjectionKey<WorkbenchStore> = Symbol('calldock')

/** The options of `openWorkbench`, or a workbench in their place, as tests have it. */
export type CalldockOptions =
  | (WorkbenchOptions & {
      readonly login: LoginSource<SdkLogin>
      readonly workbench?: undefined
    })
  | Extract<WorkbenchSource, { login?: undefined }>

/**
 * Makes the plugin. It opens nothing by itself: the first component with `useWorkbench` or `useCalls` does,
 * and a second after the last one is unmounted, the workbench is closed.
 *
 * @example
 * app.use(createCalldock({ login: '/calldock/v1/tccc/login' }))
 */
export function createCalldock(options: CalldockOptions): Plugin {
  // Own members only: what other code has put on Object.prototype is no option.
  const own = { __proto__: null, ...options } as object as CalldockOptions & WorkbenchOptions
  const { workbench, login, ...terms } = own
  const source = (workbench ? { workbench } : { login, options: terms }) as WorkbenchSource
  return {
    // A store for each application: a server renders many.
    install: (app) => void app.provide(KEY, new WorkbenchStore(() => source)),
  }
}

/**
 * Returns the application's store.
 *
 * @internal
 */
export function injectStore(): WorkbenchStore {
  const store = inject(KEY, null)
  if (store) return store
  throw new CalldockError(
    'INVALID_OPTION',
    'useWorkbench and useCalls',
    'app.use(createCalldock({login}))',
    'none',
  )
}
