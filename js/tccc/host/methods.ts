// The workbench's methods, group by group, by the generated table: options checked and copied, the vendor
// called, its response made one thing.

import { JSON_DATA, read } from '../../check.js'
import { type CalldockError, failure, invalid, kind } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { maybeCalled } from '../../core/maybe-called.js'
import { hidden } from '../../core/redact.js'
import { host } from '../../core/roles/host.js'
import { termsOf, wait } from '../../core/wait.js'
import { COMMAND_OPTIONS } from '../../generated/tables.js'
import type {
  CommandOptions,
  MethodName,
  MethodResponse,
  WorkbenchButton,
  WorkbenchMethods,
} from '../../generated/types.js'
import { METHODS, SESSION_OPTIONS } from '../../generated/workbench.js'
import type { Machine } from './machine.js'
import type { RunMethod } from './sessions.js'
import { readSession, request, spellingOf } from './vendor.js'

/** How long the vendor may take to respond, in ms. */
const TIMEOUT = 30_000

/** Makes the groups of methods; each calls `run`. */
export function groupMethods(run: RunMethod): WorkbenchMethods {
  // Without prototypes: what other code has put on Object.prototype is no group and no method.
  const groups = { __proto__: null } as object as Record<string, Record<string, RunMethod>>
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const [group, method] = name.split('.') as [string, string]
    groups[group] ??= { __proto__: null } as object as Record<string, RunMethod>
    groups[group][method] = (...args) => run(name, ...args)
  }
  return groups as unknown as WorkbenchMethods
}

/**
 * Runs a method of the workbench.
 *
 * @throws {CalldockError} `INVALID_OPTION` before the vendor is called, `VENDOR_REJECTED`, `CLOSED`,
 * `TIMEOUT`, `ABORTED`; `OUTCOME_UNKNOWN` if the vendor does not respond to a call that was started
 */
export async function runMethod(
  machine: Machine,
  name: MethodName,
  ...given: unknown[]
): Promise<unknown> {
  const [takes, response = 'nothing'] = METHODS[name]
  const [options, last] = takes === 0 ? [undefined, given[0]] : given
  const settings = read(COMMAND_OPTIONS, last ?? {}, name)
  const terms = termsOf(name, settings, TIMEOUT)
  if (machine.signal.aborted) throw closed()
  // Copied before anything is waited for: what the page does to its object later changes nothing.
  let args = readArguments(name, options, settings)
  let called = false
  // Of a caller who has an error already, nothing reaches the vendor.
  let over = false
  const work = async () => {
    // Commands wait while an agent is logged in again.
    if (machine.loggingIn) await machine.loggingIn
    if (takes === 2) {
      const { buttonOverride } = await import('./rare.js')
      args = [buttonOverride(options as (button: WorkbenchButton) => boolean)]
    }
    const { vendor } = machine
    if (!vendor) throw closed()
    if (over) return
    called = true
    return request(name, vendor, spellingOf(name), args, (value) =>
      readResponse(name, response, value),
    )
  }
  try {
    const onAbandoned = () => {
      over = true
    }
    return await wait(work, { ...terms, role: host, onAbandoned })
  } catch (error) {
    const { code } = error as CalldockError
    if (response !== 'session' || !called || (code !== 'TIMEOUT' && code !== 'ABORTED')) throw error
    throw await maybeCalled(error as CalldockError)
  }
}

/** The error of what a closed workbench cannot do. */
export function closed(): CalldockError {
  return failure('CLOSED', 'the workbench', 'an open one', 'a closed one')
}

function readArguments(name: MethodName, options: unknown, terms: CommandOptions): unknown[] {
  const [takes] = METHODS[name]
  if (takes === 2 && typeof options !== 'function') throw invalid(name, 'a function', options)
  // The page's own function or node is no data.
  if (takes === 2 || name === 'ui.mount') return options === undefined ? [] : [options]
  if (typeof takes === 'number') {
    const { data } = read({ 'data?': JSON_DATA }, { data: options }, name) as { data?: unknown }
    // With prototypes: the vendor's code may ask for their methods.
    return data === undefined ? [] : [JSON.parse(JSON.stringify(data))]
  }
  const session = takes === SESSION_OPTIONS && typeof options === 'string'
  const { unlisted = false } = terms
  const copy = read(takes, session ? { sessionId: options } : options, name, {
    vendor: true,
    unlisted,
  }) as { sessionId?: string; phoneNumber?: string; phoneEncodeType?: string }
  const { sessionId, phoneNumber, phoneEncodeType } = copy
  if (phoneNumber !== undefined) {
    // For the core, what has a gap in front of its letters is no id of the number mapping.
    const text = phoneEncodeType ? phoneNumber.replace(/[a-z]/i, ' $&') : phoneNumber
    copy.phoneNumber = host.call((core) => core.readText('phoneNumber', text))
  }
  log('call', name, {
    ...(sessionId !== undefined && { sessionId }),
    ...(phoneNumber !== undefined && { phoneNumber: hidden(phoneNumber) }),
  })
  // Of this page's realm, with a prototype too.
  return [{ ...copy }]
}

/** What a response must be. */
const KINDS: Partial<Record<MethodResponse, string>> = {
  ...{ flag: 'true or false', text: 'a text', list: 'a list', anything: '' },
}

function readResponse(name: MethodName, response: MethodResponse, value: unknown): unknown {
  if (response === 'nothing') return undefined
  // A plain success names no session (F2).
  if (response === 'session') return readSession(value)
  const expected = KINDS[response]
  // An empty text is a text.
  const found = value === '' ? 'a text' : kind(value)
  if (!expected || expected === found) return value
  throw failure('VENDOR_REJECTED', name, `${expected} as the vendor's response`, found)
}
