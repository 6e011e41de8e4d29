// The login with which every vendor's page begins: where it comes from, and how its server's refusals and
// queues are handled. What is in it is checked by the generated table (`js/check.ts`).

import { read, type Shape } from '../check.js'
import { type CalldockError, failure, invalid, isCalldockError } from '../core/errors.js'
import { languageTag } from '../core/language.js'
import { log } from '../core/log.js'
import { hidden } from '../core/redact.js'
import { type Deadline, sleep } from '../core/wait.js'
import { resolveAddress } from './address.js'
import { watchPolicy } from './csp-watch.js'
import { problemOf } from './problem.js'

/** What a login function is called with. */
export interface LoginRequest {
  /** Counts from 1. A login works once, so each attempt needs another. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** The place in the server's queue: send it back as header `X-Calldock-Ticket`. */
  readonly ticket?: string | undefined
}

/**
 * Where a login comes from: the address of an endpoint (requested by POST), a function, or a literal for a
 * first trial. Endpoint and function are called again for every attempt; a literal allows one attempt.
 */
export type LoginSource<T> =
  | string
  | T
  | ((request: LoginRequest) => T | Response | Promise<T | Response>)

/** How to request a login. */
export interface LoginTerms {
  readonly attempt: number
  readonly signal: AbortSignal
  /** Called each time the server says how long its queue is, in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /** The operation's deadline: it is stretched while the server keeps a place in its queue. */
  readonly deadline?: Deadline | undefined
}

/** The longest wait that a server can ask for, in seconds. */
const LONGEST_WAIT = 3600
/** The shortest time between two requests of one attempt, in ms. */
const SHORTEST_PAUSE = 500

/** Errors after which another attempt may succeed. */
const retryable = new WeakSet<object>()

/** Tells whether another attempt may succeed after this error of {@link requestLogin}. */
export function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && retryable.has(error)
}

/** Tells whether a login can be requested more than once. */
export function isRenewable(source: LoginSource<object>): boolean {
  return typeof source !== 'object'
}

/**
 * Refuses what cannot be a login's source, before anything is started.
 *
 * @throws {CalldockError} `INVALID_OPTION`
 */
export function checkLoginSource(source: unknown, where = 'login'): void {
  if (typeof source === 'function' || (typeof source === 'object' && source !== null)) return
  if (typeof source !== 'string' || source === '')
    throw invalid(where, 'the address of an endpoint, a function or a login', source)
  if (typeof document !== 'undefined') resolveAddress(where, source)
}

/**
 * Requests a login and returns a checked copy of it.
 *
 * A server's `Retry-After` is honoured while the deadline allows it, and its queue
 * (`503 {ticket, waitSeconds}`) is waited for.
 *
 * @throws {CalldockError} `LOGIN_FAILED`, `NETWORK`, `CSP_BLOCKED`, `SECRET_IN_PAGE`, `QUEUE_FULL`, or the
 * code that the server names; see {@link isRetryable}
 */
export async function requestLogin<T>(
  shape: Shape<T>,
  source: LoginSource<object>,
  terms: LoginTerms,
): Promise<T> {
  const { attempt, signal, onQueued, deadline } = terms
  let ticket: string | undefined
  log('login', 'login.requested', { attempt })
  for (;;) {
    const given = await call(source, { attempt, signal, ticket })
    const result = isResponse(given) ? await readResponse(given) : { login: given }
    if (!('error' in result)) {
      const login = read(shape, result.login, 'login', { code: 'LOGIN_FAILED' })
      log('login', 'login.received', { attempt })
      return login
    }
    const { error, again, queue, retryAfterMs } = result
    if (again) retryable.add(error)
    const pause = Math.max(retryAfterMs ?? 0, SHORTEST_PAUSE)
    if (queue) {
      ticket = queue.ticket
      // The ticket lives for twice the wait.
      deadline?.stretch(2000 * queue.waitSeconds + pause)
      log('login', 'login.queued', { waitSeconds: queue.waitSeconds })
      onQueued?.(queue.waitSeconds)
    } else if (retryAfterMs === undefined || !(again && isRenewable(source))) throw error
    if (pause >= (deadline?.remaining() ?? 0)) throw error
    await sleep(pause, signal)
    if (signal.aborted) throw error
  }
}

/** Calls the function, requests the endpoint, or returns the literal. */
async function call(source: LoginSource<object>, request: LoginRequest): Promise<unknown> {
  if (typeof source === 'string') return requestEndpoint(source, request)
  if (typeof source !== 'function') return source
  try {
    return await source(request)
  } catch (cause) {
    if (isCalldockError(cause)) throw cause
    const error = failure('LOGIN_FAILED', 'login', 'a login', 'that the function threw', { cause })
    retryable.add(error)
    throw error
  }
}

async function requestEndpoint(endpoint: string, request: LoginRequest): Promise<Response> {
  const { signal, ticket } = request
  const url = resolveAddress('login', endpoint)
  const watch = watchPolicy({ kind: 'connect', origin: url.origin, name: 'the login endpoint' })
  try {
    return await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        // The server's texts are for the reader of this page.
        'accept-language': languageTag(),
        ...(ticket !== undefined && { 'x-calldock-ticket': ticket }),
      },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    })
  } catch (cause) {
    const refusal = signal.aborted ? undefined : await watch.refusal()
    if (refusal) throw refusal
    const error = failure('NETWORK', 'the login endpoint', 'a response', 'no connection', { cause })
    retryable.add(error)
    throw error
  } finally {
    watch.stop()
  }
}

/** A response, of any realm. */
function isResponse(value: unknown): value is Response {
  const tag = Object.prototype.toString.call(value)
  return tag === '[object Response]' && typeof (value as Response).text === 'function'
}

type Result =
  | { readonly login: unknown }
  | {
      readonly error: CalldockError
      /** Whether another request may succeed. */
      readonly again: boolean
      readonly queue?: { readonly ticket: string; readonly waitSeconds: number } | undefined
      readonly retryAfterMs?: number | undefined
    }

async function readResponse(response: Response): Promise<Result> {
  const { status, headers } = response
  // The server's fault or the moment's; another status stays as it is however often it is requested.
  const again = status >= 500 || status === 429 || status === 408
  let body: string
  try {
    body = await response.text()
  } catch (cause) {
    const found = 'that it broke off'
    return {
      error: failure('NETWORK', 'the login endpoint', 'a response', found, { cause }),
      again: true,
    }
  }
  const json = parse(body)
  if (response.ok && json !== undefined) return { login: json }
  const type = headers.get('content-type')?.split(';')[0]?.trim() || 'no type'
  const retryAfterMs = readRetryAfter(headers.get('retry-after'))
  const problem = type === 'application/problem+json' ? problemOf(json) : undefined
  const queue = status === 503 ? readTicket(json) : undefined
  const error = problem
    ? failure(problem.code, 'the login endpoint', '', problem.text, { remedy: problem.remedy })
    : failure(
        'LOGIN_FAILED',
        'the login endpoint',
        '200 with JSON',
        `HTTP ${status} with ${hidden(body)} of ${type}`,
      )
  // What the vendor has refused it refuses again, unless the server names a time.
  const final = error.code === 'VENDOR_REJECTED' && retryAfterMs === undefined
  return { error, again: again && !final, queue, retryAfterMs }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds or a date, as ms from now. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? 1000 * Math.min(Math.max(seconds, 0), LONGEST_WAIT) : undefined
}

/** The place in the queue that a full server gives. */
function readTicket(json: unknown): { ticket: string; waitSeconds: number } | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const own = (name: string) => Object.getOwnPropertyDescriptor(json, name)?.value as unknown
  const [ticket, waitSeconds] = [own('ticket'), own('waitSeconds')]
  // A header's value: what is not, cannot be sent back.
  if (typeof ticket !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(ticket)) return undefined
  if (typeof waitSeconds !== 'number' || !(waitSeconds >= 0)) return undefined
  return { ticket, waitSeconds: Math.min(waitSeconds, LONGEST_WAIT) }
}
