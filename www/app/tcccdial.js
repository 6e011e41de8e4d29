// @ts-check
// A number that calls by TCCC's workbench.

import { callOut } from '/node_modules/calldock/tccc.js'
import { vendorOrigin } from './demo.js'
import { dialButton } from './dial.js'
import { t } from './i18n.js'

/**
 * @param {{ number: string, desc: string, testid: string, outcome: Element }} options
 */
export function tcccDialButton({ number, desc, ...shown }) {
  const call = async () =>
    callOut(
      { phoneNumber: number, desc },
      // The stand-in for the vendor's workbench never responds, so there is no use in waiting for it.
      { allowParents: [await vendorOrigin()], timeoutMs: 500 },
    )
  return dialButton({ ...shown, number, call, note: t('dial.sentNote') })
}
