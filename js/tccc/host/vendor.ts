// The vendor's agent script as it is (docs/vendor/tccc.md §1, docs/vendor/field.md §1): with the generated tables the
// only place that knows its spellings, beside the stand-in of calldock/testing.

import { readLoosely } from '../../check.js'
import { failure, isCalldockError, kind } from '../../core/errors.js'
import { vendorText } from '../../core/redact.js'
import type {
  MethodName,
  SdkLogin,
  WorkbenchEvent,
  WorkbenchOptions,
} from '../../generated/types.js'
import { EVENTS, METHODS } from '../../generated/workbench.js'
import { resolveAddress } from '../../page/address.js'
import { memberOf } from '../../page/script.js'

/** The names of the global: every signature has the first, the agent SDK reference the second. */
export const GLOBALS = ['tccc', 'TCCC'] as const

/** The element that the vendor draws its interface into. */
const INTERFACE = 't3c-sdk#tcccSdkDomRoot'

/** The vendor's global. */
export interface Vendor {
  readonly name: string
  readonly object: object
}

/** Who is logged in; empty texts where nothing says it. */
export interface Agent {
  readonly sdkAppId: string
  readonly agentId: string
}

/** Finds the global in its shape: other vendors' pages have a `window.tccc = {}` too. */
export function findVendor(page: Window): Vendor | undefined {
  for (const name of GLOBALS) {
    const object = memberOf(page, name)
    const constants = memberOf(object, 'events')
    const fits = typeof memberOf(object, 'on') === 'function'
    if (fits && typeof constants === 'object' && constants)
      return { name, object: object as object }
  }
  return undefined
}

/** Tells whether the vendor has drawn its interface, which it does before its global is there. */
export function hasInterface(page: Window): boolean {
  return page.document.querySelector(INTERFACE) !== null
}

/**
 * Takes down what the vendor's script left, so that another one can start. The vendor publishes no
 * destroy; this is what public integrations do (F10).
 */
export function tearDown(page: Window, vendor?: Vendor): void {
  const global = page as unknown as Record<string, unknown>
  for (const name of GLOBALS)
    if (vendor && memberOf(page, name) === vendor.object)
      if (!Reflect.deleteProperty(page, name))
        // A script's `var` cannot be deleted.
        Reflect.set(global, name, undefined)
  page.document.querySelector(INTERFACE)?.remove()
}

/**
 * Returns the agent of a login; an address alone has it in its query, or does not name it: then it is `known`.
 *
 * @throws {CalldockError} `LOGIN_FAILED` for an address that no browser can read
 */
export function agentOf({ sdkUrl, sdkAppId, userId }: SdkLogin, known?: Agent): Agent {
  // A plus of a mail address is no space.
  const address = sdkUrl.replace(/\+/g, '%2B')
  const query = resolveAddress('login.sdkUrl', address, 'LOGIN_FAILED').searchParams
  return {
    sdkAppId: String(sdkAppId || query.get('sdkAppId') || known?.sdkAppId || ''),
    agentId: userId || query.get('userid') || known?.agentId || '',
  }
}

/**
 * Makes the dataset of the vendor's script (agent SDK reference, "SDK 初始化参数"). An address alone carries the token in
 * its query and has none (F1).
 *
 * @throws {CalldockError} `LOGIN_FAILED`, naming the member
 */
export function datasetOf(
  login: SdkLogin,
  { showWorkbenchAtFirstLogin: show, renderDomId, dataset: unlisted }: WorkbenchOptions,
): Record<string, string> {
  const dataset: Record<string, string> = { ...(unlisted as object) }
  const { token, sdkAppId, userId } = login
  // The table has made sure that all three are there, or none.
  if (token !== undefined) {
    for (const name of ['token', 'sdkAppId', 'userId'] as const) {
      const isId = name === 'sdkAppId'
      if (!(isId ? /^[1-9]\d{0,15}$/ : /\S/).test(`${login[name]}`))
        throw failure(
          'LOGIN_FAILED',
          `login.${name}`,
          isId ? 'a positive number' : 'a text',
          'another value',
        )
    }
    Object.assign(dataset, { token, sdkAppId: `${sdkAppId}`, userid: userId })
  }
  if (show !== undefined) dataset.showWorkBenchAtFirstLogin = `${show}`
  if (renderDomId !== undefined) dataset.renderDomId = renderDomId
  return dataset
}

/** The vendor's spelling of a method: the table's, or the same name in the vendor's group. */
export function spellingOf(name: MethodName): string {
  return METHODS[name][2] ?? name.replace(/^(ui|.)/, (letters) => letters.toUpperCase())
}

/** Calls a method in the vendor's spelling: `Call.hungUp`, or a function of the global itself. */
export function invoke(vendor: Vendor, spelling: string, args: readonly unknown[]): unknown {
  const path = spelling.split('.')
  const method = path.pop() as string
  const holder = path[0] ? memberOf(vendor.object, path[0]) : vendor.object
  const call = memberOf(holder, method)
  if (typeof call !== 'function')
    throw failure('VENDOR_REJECTED', `window.${vendor.name}`, `a method ${method}`, 'none')
  return Reflect.apply(call, holder, args)
}

/** Called with what the vendor has responded with: for a compatibility report. */
export const observers = new Set<(spelling: string, value: unknown) => void>()

/**
 * Calls a method and makes one response of the vendor's shapes: a value, a promise, `{status, data}` or a
 * flat `{status, …}`. A failure rejects with `{status: 'error', errorMsg}`, or resolves with it.
 *
 * @param read makes the result; what it throws is the vendor's failure too
 * @throws {CalldockError} `VENDOR_REJECTED` with the vendor's text, personal data taken out of it
 */
export async function request<T>(
  what: string,
  vendor: Vendor,
  spelling: string,
  args: readonly unknown[],
  read: (response: unknown) => T,
): Promise<Awaited<T>> {
  try {
    const value = await invoke(vendor, spelling, args)
    for (const observer of observers) observer(spelling, value)
    const status = memberOf(value, 'status')
    if (typeof status !== 'string') return await read(value)
    if (status !== 'success') throw value
    const { status: _, ...flat } = readLoosely(value)
    // Not returned as it is: what could be awaited would be.
    return await read(memberOf(value, 'data') ?? (Object.keys(flat).length > 0 ? flat : undefined))
  } catch (thrown) {
    throw isCalldockError(thrown) ? thrown : rejected(what, thrown)
  }
}

function rejected(what: string, cause: unknown) {
  const text = [memberOf(cause, 'errorMsg'), memberOf(cause, 'message'), cause].find(
    (text) => typeof text === 'string',
  ) as string | undefined
  const found = text === undefined ? 'a refusal without a text' : `"${vendorText(text)}"`
  // Without a cause: what the vendor has written may name a customer.
  return failure('VENDOR_REJECTED', what, 'the vendor to accept', found)
}

/**
 * Listens to one event of the vendor's, in its spelling; returns a stop function.
 *
 * @throws what the vendor throws
 */
export function listen(
  vendor: Vendor,
  spelling: string,
  listener: (envelope: unknown) => void,
): () => void {
  const constant = memberOf(memberOf(vendor.object, 'events'), spelling)
  let over = false
  const handler = (envelope: unknown) => {
    if (!over) listener(envelope)
  }
  const pair = [typeof constant === 'string' ? constant : spelling, handler]
  invoke(vendor, 'on', pair)
  return () => {
    over = true
    try {
      invoke(vendor, 'off', pair)
    } catch {
      // It keeps a listener that does nothing any more.
    }
  }
}

/**
 * Listens to every event of the vendor; returns a stop function.
 *
 * @throws {CalldockError} `VENDOR_REJECTED` if the vendor takes no listener
 */
export function subscribe(vendor: Vendor, listener: (event: WorkbenchEvent) => void): () => void {
  const added: (() => void)[] = []
  const stop = () => {
    for (const remove of added) remove()
  }
  for (const [spelling, [event]] of Object.entries(EVENTS)) {
    try {
      added.push(listen(vendor, spelling, (envelope) => listener(readEvent(spelling, envelope))))
    } catch (cause) {
      // Another event may be missing; without this one nobody knows that the agent is logged in.
      if (event !== 'ready') continue
      stop()
      throw rejected('on()', cause)
    }
  }
  return stop
}

/** Reads an event of either envelope: the 2024 guide nests the payload in `data`, older documents are flat. */
function readEvent(spelling: string, envelope: unknown): WorkbenchEvent {
  const [event, renames, adds] = EVENTS[spelling] as (typeof EVENTS)[string]
  const data = memberOf(envelope, 'data')
  const inner = typeof data === 'object' && data ? data : envelope
  const payload: Record<string, unknown> = { ...readSession(inner, renames), ...adds }
  const { clientData } = payload
  if (typeof clientData === 'string') {
    // A JSON text; what is not an object stays a text only.
    payload.clientDataText = clientData
    payload.clientData = parseObject(clientData)
  }
  return { event, payload } as unknown as WorkbenchEvent
}

/** Tells whether a value is a text or a number: what else a vendor sends in a text's place is left out. */
export const isPlain = (value: unknown): value is string | number =>
  /string|number/.test(typeof value)

/** Copies what the vendor says of a session, whose id is a text. */
export function readSession(value: unknown, renames?: Record<string, string>): object {
  // A copy with a member `then` could never be handed over by a promise.
  const { sessionId, then: _, ...payload } = readLoosely(value, renames)
  return isPlain(sessionId) ? { ...payload, sessionId: `${sessionId}` } : payload
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return kind(value) === 'an object' ? (value as object) : undefined
  } catch {
    return undefined
  }
}

/** Hides a part of the interface; a script that is not ready yet may refuse. */
export function hide(vendor: Vendor, name: MethodName): void {
  request(name, vendor, spellingOf(name), [], () => {}).catch(() => {})
}
