// The vendor's scripts in the page: injected by address and waited for, or run once from their text.

import { failure } from '../core/errors.js'
import { hiddenUrl, vendorText } from '../core/redact.js'
import { cec } from '../core/roles/cec.js'
import { watchPolicy } from '../page/csp-watch.js'

/** A script that was injected. */
export interface InjectedScript {
  readonly element: HTMLScriptElement
  /** Settles when the script has run. */
  readonly loaded: Promise<void>
}

/**
 * Injects a script; `inject` appends its element.
 *
 * @throws {CalldockError} `TRUSTED_TYPES_BLOCKED`; `loaded` rejects with `CSP_BLOCKED` or `NETWORK`
 */
export function injectScript(
  inject: () => HTMLScriptElement,
  address: string,
  page: Window,
): InjectedScript {
  const watch = watchPolicy({ kind: 'script', origin: new URL(address).origin }, page.document)
  try {
    const element = cec.call(inject)
    const result = new Promise<boolean>((resolve) => {
      element.addEventListener('load', () => resolve(true))
      element.addEventListener('error', () => resolve(false))
    })
    const settle = async () => {
      try {
        if (await result) return
        const refusal = await watch.refusal()
        const found = 'no connection, an HTTP error or another type than JavaScript'
        throw refusal ?? failure('NETWORK', hiddenUrl(element.src), 'a script', found)
      } finally {
        watch.stop()
      }
    }
    const loaded = settle()
    loaded.catch(() => {})
    return { element, loaded }
  } catch (error) {
    watch.stop()
    throw error
  }
}

/**
 * Runs a text as a script of the page and returns what it threw. It runs when its element is appended,
 * once; its exceptions reach only the window.
 *
 * @throws {CalldockError} `TRUSTED_TYPES_BLOCKED`, `CSP_BLOCKED`: it has not run then
 */
export async function runScript(run: () => boolean, page: Window): Promise<string | undefined> {
  let thrown: string | undefined
  const listener = (event: ErrorEvent) => {
    thrown = vendorText(typeof event.message === 'string' ? event.message : '')
  }
  const watch = watchPolicy({ kind: 'inline' }, page.document)
  try {
    page.addEventListener('error', listener, true)
    const ran = cec.call(run)
    page.removeEventListener('error', listener, true)
    if (ran || thrown !== undefined) return thrown
    const refusal = await watch.refusal()
    throw (
      refusal ??
      failure('CSP_BLOCKED', "the vendor's script", 'the page to run its text', 'it refused')
    )
  } finally {
    page.removeEventListener('error', listener, true)
    watch.stop()
  }
}
