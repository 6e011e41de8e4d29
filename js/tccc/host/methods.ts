// The workbench's methods, group by group, by the generated table: options checked and copied, the vendor
// called, its response made one thing.

import { read } from '../../check.js'
import { type CalldockError, failure, invalid, isCalldockError, kind } from '../../core/errors.js'
import { log } from '../../core/log.js'
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
  const groups: Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>> = {}
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const [group, method] = name.split('.') as [string, string]
    groups[group] ??= {}
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
    return readResponse(name, response, await request(name, vendor, spellingOf(name), args))
  }
  try {
    const onAbandoned = () => {
      over = true
    }
    return await wait(work, { ...terms, role: host, onAbandoned })
  } catch (error) {
    if (response !== 'session' || !called || !isCalldockError(error)) throw error
    throw await import('./rare.js').then(
      ({ outcomeOf }) => outcomeOf(error, terms.timeoutMs),
      () => error,
    )
  }
}

/** The error of what a closed workbench cannot do. */
export function closed(): CalldockError {
  return failure('CLOSED', 'the workbench', 'an open one', 'a closed one')
}

function readArguments(name: MethodName, options: unknown, terms: CommandOptions): unknown[] {
  const [takes] = METHODS[name]
  if (takes === 0) return []
  if (takes === 1) return options === undefined ? [] : [options]
  if (takes === 2) {
    if (typeof options !== 'function') throw invalid(name, 'a function', options)
    return [options]
  }
  const session = takes === SESSION_OPTIONS && typeof options === 'string'
  const { unlisted = false } = terms
  const copy = read(takes, session ? { sessionId: options } : options, name, {
    vendor: true,
    unlisted,
  }) as { sessionId?: string; phoneNumber?: string }
  const { sessionId, phoneNumber } = copy
  if (phoneNumber !== undefined)
    copy.phoneNumber = host.call((core) => core.readText('phoneNumber', phoneNumber))
  log('call', name, {
    ...(sessionId !== undefined && { sessionId }),
    ...(phoneNumber !== undefined && { phoneNumber: hidden(phoneNumber) }),
  })
  // Of this page's realm, with a prototype: the vendor's code may ask for its methods.
  return [{ ...copy }]
}

function readResponse(name: MethodName, response: MethodResponse, value: unknown): unknown {
  const refuse = (expected: string): never => {
    throw failure('VENDOR_REJECTED', name, `${expected} as the vendor's response`, kind(value))
  }
  switch (response) {
    case 'nothing':
      return undefined
    case 'session':
      // A plain success names no session (F2).
      return readSession(value)
    case 'flag':
      return typeof value === 'boolean' ? value : refuse('true or false')
    case 'text':
      return typeof value === 'string' ? value : refuse('a text')
    case 'list':
      return Array.isArray(value) ? value : refuse('a list')
    default:
      return value
  }
}
