// The workbench on the global of the page's own script tag; loaded only with the option `attach`.

import { host } from '../../core/roles/host.js'
import type { Deadline } from '../../core/wait.js'
import { abortable } from '../../page/until.js'
import { type Live, type Starter, waitForReady, waitForVendor } from './start.js'
import { type Agent, agentOf, request } from './vendor.js'

/** The vendor's script tag, by its address; else by its dataset, where the address is a copy's. */
const TAGS = ['script[src*="tcccSdk"]', 'script[data-token][data-userid]']

/** Returns the agent of the page's own script tag: of several, the last one has run. */
export function agentInPage(page: Window): Agent {
  const last = (tag: string) => [...page.document.querySelectorAll<HTMLScriptElement>(tag)].pop()
  const script = TAGS.map(last).find(Boolean)
  const { userid: userId, sdkAppId } = script?.dataset ?? {}
  try {
    return agentOf({ sdkUrl: script?.src || 'about:blank', userId, sdkAppId })
  } catch {
    // Its address cannot be read.
    return { sdkAppId: sdkAppId ?? '', agentId: userId ?? '' }
  }
}

/** Takes the global, which may have been ready long before. */
export async function startAttached(
  machine: Starter,
  signal: AbortSignal,
  deadline: Deadline,
): Promise<Live> {
  machine.stage = 'core'
  await abortable(signal, host.start())
  const vendor = await waitForVendor(machine, signal, deadline, () => undefined)
  const requested = request('attach', vendor, 'Agent.getStatus', [], (status) => {
    // Before it is ready, some have none.
    if (!status) throw new TypeError('no status')
  })
  const stop = await waitForReady(machine, vendor, signal, requested)
  return { vendor, stop, script: undefined }
}
