// Starts the vendor's workbench for one agent: the script, its global, its `ready`. Whatever fails after the
// script has run leaves nothing of it behind.

import { failure } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { hiddenUrl } from '../../core/redact.js'
import { host } from '../../core/roles/host.js'
import type { Deadline } from '../../core/wait.js'
import type { WorkbenchEvent, WorkbenchOptions } from '../../generated/types.js'
import { type RunningScript, runScript, waitForGlobal } from '../../page/script.js'
import { abortable, until } from '../../page/until.js'
import * as vendors from './vendor.js'
import { withdraw } from './withdraw.js'

/** The vendor's workbench with an agent who is logged in. */
export interface Live {
  readonly vendor: vendors.Vendor
  /** Ends our listeners. */
  readonly stop: () => void
  /** The element, if this workbench has injected it. */
  readonly script: RunningScript | undefined
}

/** The part of the machine that starting needs. */
export interface Starter {
  stage: string
  readonly page: { readonly window: Window; ran?: boolean; late?: boolean }
  readonly options: WorkbenchOptions
  readonly hear: (event: WorkbenchEvent) => void
}

/** Runs the vendor's script of a checked login. */
export async function startScript(
  machine: Starter,
  address: string,
  dataset: Record<string, string>,
  signal: AbortSignal,
  deadline: Deadline,
): Promise<Live> {
  const { page, options } = machine
  const { window } = page
  machine.stage = 'script'
  const url = hiddenUrl(address)
  const inject = () => {
    const element = host.call((core) =>
      core.injectScript(window, 'login.sdkUrl', address, options.nonce, dataset, true),
    )
    log('script', 'script.injected', { url })
    return element
  }
  const script = await runScript({ page: window, address, signal, inject, withdraw })
  page.ran = true
  log('script', 'script.loaded', { url })
  let vendor: vendors.Vendor | undefined
  try {
    vendor = await waitForVendor(machine, signal, deadline, script.thrown)
    const stop = await waitForReady(machine, vendor, signal)
    return { vendor, stop, script }
  } catch (error) {
    page.late = signal.aborted && !vendor
    script.remove()
    vendors.tearDown(window, vendor)
    throw error
  }
}

/** Waits for the vendor's global. */
export async function waitForVendor(
  machine: Starter,
  signal: AbortSignal,
  deadline: Deadline,
  thrown: () => string | undefined,
): Promise<vendors.Vendor> {
  machine.stage = 'global'
  const page = machine.page.window
  const vendor = await waitForGlobal({
    signal,
    find: () => vendors.findVendor(page),
    timeoutMs: deadline.remaining(),
  })
  if (!vendor) {
    const { globalMissing } = await abortable(signal, import('./rare.js'))
    throw globalMissing(page, vendors.GLOBALS, thrown())
  }
  log('script', 'global.found', { name: vendor.name })
  return vendor
}

/**
 * Listens, and waits until the vendor accepts or refuses the token; returns a stop function.
 *
 * @param isReady resolves if it is ready already
 */
export async function waitForReady(
  machine: Starter,
  vendor: vendors.Vendor,
  signal: AbortSignal,
  isReady?: Promise<unknown>,
): Promise<() => void> {
  // Before it is ready, or it would show for a moment (F9).
  hideParts(machine.options, vendor)
  machine.stage = 'ready'
  let stop = () => {}
  let expired: unknown
  try {
    await until<unknown>(signal, (resolve) => {
      stop = vendors.subscribe(vendor, (event) => {
        if (event.event === 'tokenExpired') {
          const found = "'tokenExpired' at the start"
          expired = failure('TOKEN_EXPIRED', 'the login', 'a token the vendor accepts', found)
        }
        if (expired || event.event === 'ready') resolve(expired)
        machine.hear(event)
      })
      isReady?.then(resolve, () => {})
      return () => {}
    })
    // In the place of 'ready', together with it, or right behind it.
    if (expired) throw expired
  } catch (error) {
    stop()
    throw error
  }
  // A script that was not ready may have refused.
  hideParts(machine.options, vendor)
  return stop
}

/** Hides the parts of the interface that the page does not want. */
export function hideParts(options: WorkbenchOptions, vendor: vendors.Vendor): void {
  for (const part of ['hideFloatButton', 'hideWorkbench'] as const)
    if (options[part]) vendors.hide(vendor, `ui.${part}`)
}
