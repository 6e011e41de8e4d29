// The workbench on the global of the page's own script tag; loaded only with the option `attach`.

import type { Deadline } from '../../core/wait.js'
import { type Live, type Starter, waitForReady, waitForVendor } from './start.js'
import { type Agent, agentOf, request } from './vendor.js'

/** Returns the agent of the page's own script tag. */
export function agentInPage(page: Window): Agent {
  const script = page.document.querySelector<HTMLScriptElement>(
    'script[data-userid], script[src*="tcccSdk"]',
  )
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
  agent: Agent,
  signal: AbortSignal,
  deadline: Deadline,
): Promise<Live> {
  const vendor = await waitForVendor(machine, signal, deadline, () => undefined)
  const requested = request('attach', vendor, 'Agent.getStatus', []).then((status) => {
    // Before it is ready, some have none.
    if (!status) throw new TypeError('no status')
  })
  const stop = await waitForReady(machine, vendor, signal, requested)
  return { vendor, agent, stop, script: undefined }
}
