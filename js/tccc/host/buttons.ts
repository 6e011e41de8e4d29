// The buttons of the vendor's interface; loaded only where a page chooses them.

import { report } from '../../core/errors.js'
import type { WorkbenchButton } from '../../generated/types.js'
import { memberOf } from '../../page/script.js'

/**
 * Makes the vendor's override of a callback that is called for each button. The vendor hands over one
 * `config` whose `active` is the list of buttons and takes the list to keep (F14).
 */
export function buttonOverride(
  choose: (button: WorkbenchButton) => boolean | { readonly active: boolean },
): (config: unknown) => { active: unknown } {
  const keeps = (button: WorkbenchButton) => {
    try {
      const chosen = choose(button)
      return typeof chosen === 'boolean' ? chosen : memberOf(chosen, 'active') !== false
    } catch (error) {
      report(error)
      return true
    }
  }
  return (config) => {
    const active = memberOf(config, 'active')
    // Older scripts call it for each button.
    return {
      active: Array.isArray(active) ? active.filter(keeps) : keeps(config as WorkbenchButton),
    }
  }
}
