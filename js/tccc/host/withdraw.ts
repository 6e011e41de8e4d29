import { host } from '../../core/roles/host.js'

/** Takes a script out, so that it does not run any more; of a core that has trapped, the element at least. */
export function withdraw(element: HTMLScriptElement): void {
  try {
    host.call((core) => core.withdraw(element))
  } catch {
    element.remove()
  }
}
