// Commands to an open chat, by the documented REST interface.

import { own } from '../check.js'
import { type CalldockError, failure, kind } from '../core/errors.js'
import { log } from '../core/log.js'
import { hidden, vendorText } from '../core/redact.js'
import { cec } from '../core/roles/cec.js'
import type { ChannelResponse } from '../generated/types.js'
import type { CecChat } from '../glue/cec.js'
import { translated } from './vendor-scripts.js'

/** The one command whose response, in the guide's example, has no `resultCode`. */
const CONFIG = 'queryChannelConfigByChannelAndId'

/**
 * Sends a command and returns CEC's response.
 *
 * @throws {CalldockError} `NETWORK`, `VENDOR_REJECTED`; the signal ends its request
 * @internal
 */
export async function sendCommand(
  chat: CecChat,
  method: string,
  value: string,
  signal: AbortSignal,
): Promise<ChannelResponse> {
  let text: string
  try {
    text = await cec.call(() => chat.command(method, value, signal))
  } catch (thrown) {
    throw translated(thrown)
  }
  log('call', `chat.${method}`, { bytes: text.length })
  return readResponse(method, text)
}

/** The shapes of responses by command, each as JSON with types for values, and how often: for a report. */
export const responses = new Map<string, Map<string, number>>()

/** Of how many shapes of a command's responses is kept account. */
const SHAPES = 20

function note(method: string, json: unknown): void {
  const seen = responses.get(method) ?? new Map<string, number>()
  responses.set(method, seen)
  const shape = shapeOf(json)
  if (seen.has(shape) || seen.size < SHAPES) seen.set(shape, (seen.get(shape) ?? 0) + 1)
}

/** Writes JSON with types for values, whatever `toJSON` other code has put on its prototypes. */
function shapeOf(json: unknown): string {
  try {
    return JSON.stringify(json, function (this: Record<string, unknown>, key) {
      const value = this[key]
      if (Array.isArray(value)) return 'list'
      if (value === null) return 'null'
      return typeof value === 'object' ? value : typeof value
    })
  } catch {
    // An object in more objects than can be followed.
    return '"object"'
  }
}

/**
 * Makes the error of JSON where a script was expected.
 *
 * @internal
 */
export function refusedJson(name: string, text: string): CalldockError {
  const json: unknown = JSON.parse(text)
  note(name, json)
  return failure('VENDOR_REJECTED', name, '200 with a script', refusalIn(json) ?? hidden(text))
}

function readResponse(method: string, text: string): ChannelResponse {
  const refuse = (found: string): never => {
    throw failure('VENDOR_REJECTED', method, '200 with resultCode 0', found)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse(hidden(text))
  }
  note(method, json)
  // A number may be a customer's.
  if (typeof json === 'number') return refuse('a number')
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse(kind(json))
  if (isCodeMissing(json) && method !== CONFIG) return refuse('no resultCode')
  const refusal = refusalIn(json)
  return refusal === undefined ? json : refuse(refusal)
}

const isCodeMissing = (json: unknown): boolean => (own(json, 'resultCode') ?? null) === null

/** The code and the vendor's text of a response that refuses. */
function refusalIn(json: unknown): string | undefined {
  if (isCodeMissing(json)) return undefined
  const given = own(json, 'resultCode')
  if (typeof given !== 'string' && typeof given !== 'number')
    return `a resultCode that is ${kind(given)}`
  const code = `${given}`
  if (code === '0') return undefined
  const reason = own(json, 'resultDesc')
  const shown = /^\w{1,8}$/.test(code) ? code : vendorText(code)
  return `resultCode ${shown} "${vendorText(typeof reason === 'string' ? reason : '')}"`
}
