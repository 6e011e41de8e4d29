// Starts the vendor's workbench for one agent: the script, its global, its `ready`. Whatever fails after the
// script has run leaves nothing of it behind.

import { failure } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { hiddenUrl } from '../../core/redact.js'
import { host } from '../../core/roles/host.js'
import type { WorkbenchOptions, SdkLogin, WorkbenchEvent } from '../../generated/types.js'
import { type RunningScript, runScript, until, waitForGlobal } from '../../page/script.js'
import * as vendors from './vendor.js'
import { withdraw } from './withdraw.js'

/** An agent who is logged in. */
export interface Live {
  readonly vendor: vendors.Vendor
  readonly agent: vendors.Agent
  /** Ends our listeners. */
  readonly stop: () => void
  /** The element, if this workbench has injected it. */
  readonly script?: RunningScript
}

/** How to start. */
export interface StartTerms
  extends Pick<
    WorkbenchOptions,
    | 'showWorkbenchAtFirstLogin'
    | 'renderDomId'
    | 'nonce'
    | 'hideFloatButton'
    | 'hideWorkbench'
  > {
  readonly page: Window
  readonly agent: vendors.Agent
  /** How long the global may take to appear, in ms. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  /** Called at each step. */
  readonly onStage: (stage: 'script' | 'global' | 'ready') => void
  /** Called once the script has run. */
  readonly onRun: () => void
  readonly onEvent: (event: WorkbenchEvent) => void
}

/** Runs the vendor's script for a checked login. */
export async function startScript(login: SdkLogin, terms: StartTerms): Promise<Live> {
  const { page, signal, agent, onStage, onRun } = terms
  const { sdkUrl, token, userId } = login
  const sdkAppId = login.sdkAppId === undefined ? undefined : String(login.sdkAppId)
  onStage('script')
  const url = hiddenUrl(sdkUrl)
  const inject = () => {
    const { showWorkbenchAtFirstLogin: show, renderDomId, nonce } = terms
    const element = host.call((core) =>
      core.injectWorkbench(page, sdkUrl, token, sdkAppId, userId, show, renderDomId, nonce),
    )
    log('script', 'script.injected', { url })
    return element
  }
  const script = await runScript({ page, address: sdkUrl, signal, inject, withdraw })
  onRun()
  log('script', 'script.loaded', { url })
  let vendor: vendors.Vendor | undefined
  try {
    vendor = await waitForVendor(terms, script.thrown)
    const stop = await waitForReady(vendor, terms)
    return { vendor, agent, stop, script }
  } catch (error) {
    script.remove()
    vendors.tearDown(page, vendor)
    throw error
  }
}

/** Waits for the vendor's global. */
export async function waitForVendor(
  { page, patienceMs, signal, onStage }: StartTerms,
  thrown: () => string | undefined,
): Promise<vendors.Vendor> {
  onStage('global')
  const find = () => vendors.findVendor(page)
  const names = vendors.GLOBALS
  const vendor = await waitForGlobal({ page, names, find, patienceMs, signal, thrown })
  log('script', 'global.found', { name: vendor.name })
  return vendor
}

/**
 * Listens, and waits for the vendor's yes or no to the token; returns how to stop listening.
 *
 * @param isReady resolves if it is ready already
 */
export async function waitForReady(
  vendor: vendors.Vendor,
  terms: StartTerms,
  isReady?: Promise<unknown>,
): Promise<() => void> {
  const { signal, hideFloatButton, hideWorkbench, onStage, onEvent } = terms
  const hide = () => {
    if (hideFloatButton) vendors.hide(vendor, 'ui.hideFloatButton')
    if (hideWorkbench) vendors.hide(vendor, 'ui.hideWorkbench')
  }
  // Before it is ready, or it would show for a moment (F9).
  hide()
  onStage('ready')
  let stop = () => {}
  try {
    await until<void>(signal, (resolve, reject) => {
      stop = vendors.subscribe(vendor, (event) => {
        if (event.event === 'ready') resolve()
        else if (event.event === 'tokenExpired') {
          const found = "'tokenExpired' at the start"
          reject(failure('TOKEN_EXPIRED', 'the login', 'a token the vendor accepts', found))
        }
        onEvent(event)
      })
      isReady?.then(
        () => resolve(),
        () => {},
      )
      return () => {}
    })
  } catch (error) {
    stop()
    throw error
  }
  // A script that was not ready may have refused.
  hide()
  return stop
}
