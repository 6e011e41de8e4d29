// Commands to an open chat, by the documented REST interface.

import { own } from '../check.js'
import { failure } from '../core/errors.js'
import { log } from '../core/log.js'
import { hidden, vendorText } from '../core/redact.js'
import { cec } from '../core/roles/cec.js'
import { type Terms, wait } from '../core/wait.js'
import type { ChannelResponse } from '../generated/types.js'
import type { CecChat } from '../glue/cec.js'
import { translated } from './vendor-scripts.js'

/**
 * Sends a command and returns CEC's response.
 *
 * @throws {CalldockError} `NETWORK`, `VENDOR_REJECTED`, `TIMEOUT`, `ABORTED`
 * @internal
 */
export async function sendCommand(
  chat: CecChat,
  method: string,
  value: string,
  terms: Terms,
): Promise<ChannelResponse> {
  const stop = new AbortController()
  const work = async () => {
    let text: string
    try {
      text = await cec.call(() => chat.command(method, value, stop.signal))
    } catch (thrown) {
      throw translated(thrown)
    }
    log('call', `chat.${method}`, { bytes: text.length })
    return readResponse(method, text)
  }
  return await wait(work, { ...terms, role: cec, onAbandoned: () => stop.abort() })
}

/** The shapes of responses by command, each as JSON with types for values, and how often: for a report. */
export const responses = new Map<string, Map<string, number>>()

/** Of how many shapes of a command's responses is kept account. */
const SHAPES = 20

function note(method: string, json: unknown): void {
  const seen = responses.get(method) ?? new Map<string, number>()
  responses.set(method, seen)
  const shape = JSON.stringify(json, (_, value) =>
    Array.isArray(value)
      ? 'list'
      : value === null
        ? 'null'
        : typeof value === 'object'
          ? value
          : typeof value,
  )
  if (seen.has(shape) || seen.size < SHAPES) seen.set(shape, (seen.get(shape) ?? 0) + 1)
}

/**
 * Refuses JSON where a script was expected: CEC's own refusal, or a gateway's. It would run, and do nothing.
 *
 * @throws {CalldockError} `VENDOR_REJECTED`
 * @internal
 */
export function refuseJson(name: string, text: string): void {
  try {
    JSON.parse(text)
  } catch {
    // A script that begins with a block.
    return
  }
  const expected = '200 with a script'
  readResponse(name, text, expected)
  throw failure('VENDOR_REJECTED', name, expected, hidden(text))
}

function readResponse(
  method: string,
  text: string,
  expected = '200 with resultCode 0',
): ChannelResponse {
  const refuse = (found: string): never => {
    throw failure('VENDOR_REJECTED', method, expected, found)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse(hidden(text))
  }
  note(method, json)
  const code = `${own(json, 'resultCode') ?? '0'}`
  const reason = own(json, 'resultDesc')
  const shown = /^\w{1,8}$/.test(code) ? code : vendorText(code)
  if (code !== '0')
    return refuse(`resultCode ${shown} "${vendorText(typeof reason === 'string' ? reason : '')}"`)
  return json as ChannelResponse
}
