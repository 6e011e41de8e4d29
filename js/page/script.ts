// Waits for a script that the core has injected, and for the global that it registers.

import { failure } from '../core/errors.js'
import { hiddenUrl, vendorText } from '../core/redact.js'
import { sleep } from '../core/wait.js'
import { watchPolicy } from './csp-watch.js'
import { originOf } from './origin.js'
import { abortable, until } from './until.js'

/** How often to look for a global, in ms: a frame of the screen, so that the wait is not visible. */
const INTERVAL = 16

/** A script in the page. */
export interface RunningScript {
  /** What it threw while it ran, if it did. */
  readonly thrown: () => string | undefined
  /** Removes its element. */
  readonly remove: () => void
}

/** A script to run. */
export interface ScriptTerms {
  readonly page: Window
  /** Puts its element into the page. */
  readonly inject: () => HTMLScriptElement
  /** Removes its element, so that it does not run. */
  readonly withdraw: (element: HTMLScriptElement) => void
  /** The address, which `inject` checks. */
  readonly address: string
  readonly signal: AbortSignal
}

/**
 * Injects a script and waits until it has run.
 *
 * @throws {CalldockError} `CSP_BLOCKED`; `NETWORK` for all that a browser does not tell apart: the
 * connection, the HTTP status, the type of the response; what `inject` throws; `ABORTED`
 */
export async function runScript(terms: ScriptTerms): Promise<RunningScript> {
  const { page, inject, withdraw, address, signal } = terms
  let thrown: string | undefined
  let element: HTMLScriptElement | undefined
  // What a script throws reaches only the window.
  const hear = ({ filename, message }: ErrorEvent) => {
    if (filename === element?.src) thrown = vendorText(message)
  }
  const remove = () => {
    page.removeEventListener('error', hear)
    if (element) withdraw(element)
  }
  page.addEventListener('error', hear)
  const watch = watchPolicy({ kind: 'script', origin: originOf(address) }, page.document)
  try {
    const injected = inject()
    element = injected
    const loaded = await until<boolean>(signal, (resolve) => {
      injected.onload = () => resolve(true)
      injected.onerror = () => resolve(false)
      return () => {
        injected.onload = null
        injected.onerror = null
      }
    })
    if (loaded) return { thrown: () => thrown, remove }
    throw (
      (await watch.refusal()) ??
      failure(
        'NETWORK',
        hiddenUrl(injected.src),
        'a script',
        'no connection, an HTTP error or another type than JavaScript',
      )
    )
  } catch (error) {
    remove()
    throw error
  } finally {
    watch.stop()
  }
}

/** Reads a member of anything, an inherited one too; `undefined` if its getter throws. */
export function memberOf(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[key]
  } catch {
    return undefined
  }
}

/** A global to wait for. */
export interface GlobalTerms<T> {
  /** Finds it in the right shape. */
  readonly find: () => T | undefined
  /** What is left of the operation's time, in ms. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** How long, in ms, vendors may take to register their global. */
const PATIENCE = 5000

/**
 * Waits until a script has registered its global, for half of the time at most: the rest belongs to the steps
 * after it. Returns `undefined` where it does not.
 *
 * @throws {CalldockError} `ABORTED`
 */
export async function waitForGlobal<T>(terms: GlobalTerms<T>): Promise<T | undefined> {
  const { find, timeoutMs, signal } = terms
  // By the clock: the timers of a hidden tab are late.
  const end = performance.now() + Math.min(PATIENCE, timeoutMs / 2)
  for (;;) {
    const found = find()
    if (found !== undefined || performance.now() >= end) return found
    await abortable(signal, sleep(INTERVAL))
  }
}
