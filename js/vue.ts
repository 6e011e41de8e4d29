/**
 * Vue: a plugin that knows the login, and composables.
 *
 * @packageDocumentation
 */

export { type CallOutComposable, useCallOut } from './vue/call-out.js'
export { type CalldockOptions, createCalldock } from './vue/plugin.js'
export { useScreenPop } from './vue/screen-pop.js'
export { useCalls, useWorkbench, type WorkbenchComposable } from './vue/workbench.js'
