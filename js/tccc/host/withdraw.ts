import { host } from '../../core/roles/host.js'

/** Removes a script, so that it does not run; if the core has trapped, at least the element. */
export function withdraw(element: HTMLScriptElement): void {
  try {
    host.call((core) => core.withdraw(element))
  } catch {
    element.remove()
  }
}
