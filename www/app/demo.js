// @ts-check
// Where the stand-in vendor is, and how to make it act.

import { t } from './i18n.js'

/** The stand-in vendor's origin, as the demo server tells it. */
export async function vendorOrigin() {
  return (await demo()).vendor
}

/**
 * What the demo server tells of itself: the stand-in vendor's origin, and which visitors it also
 * knows, if any.
 */
export async function demo() {
  const answer = await fetch('/demo.json')
  if (!answer.ok) throw new Error(`/demo.json answered ${answer.status}`)
  const told = /** @type {{ vendor: string, visitors?: unknown }} */ (await answer.json())
  const visitors = Array.isArray(told.visitors) ? told.visitors.map(String) : []
  return { vendor: new URL(told.vendor).origin, visitors }
}

/** The vendor must be another site than this page, as it is in life. @param {string} vendor */
export function leaveVendorsSite(vendor) {
  const address = new URL(location.href)
  if (address.hostname !== '127.0.0.1' || new URL(vendor).hostname !== '127.0.0.1') return
  address.hostname = 'localhost'
  location.replace(address)
}

/**
 * Asks the stand-in vendor to do something: ring, answer, hang up, fail.
 * @param {string} vendor origin
 * @param {'reset' | 'faults' | 'ring' | 'answer' | 'hangup' | 'expire' | 'chat/mode' | 'cec/expire'} what
 * @param {Record<string, unknown>} [body]
 * @returns {Promise<Record<string, unknown>>}
 */
export async function control(vendor, what, body = {}) {
  const answer = await fetch(`${vendor}/control/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  const json = parse(text)
  if (!answer.ok) {
    const reason = json.error ?? json.detail ?? text
    throw new Error(`${what}: ${answer.status} ${String(reason).slice(0, 120)}`)
  }
  return json
}

/**
 * The same, telling a refusal in words; null when it was done.
 * @param {string} vendor
 * @param {Parameters<typeof control>[1]} what
 * @param {Record<string, unknown>} [body]
 */
export async function ask(vendor, what, body) {
  try {
    await control(vendor, what, body)
    return null
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    return /: 40[49]\b/.test(message) ? t('sim.noCall') : t('sim.refused', { reason: message })
  }
}

/** @param {string} text @returns {Record<string, unknown>} */
function parse(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
