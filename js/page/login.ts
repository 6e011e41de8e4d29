// The login with which every vendor's page begins: where it comes from, and how its server's refusals and
// queues are handled. What is in it is checked by the generated table (`js/check.ts`).

import { read, type Shape } from '../check.js'
import { failure, invalid, isCalldockError } from '../core/errors.js'
import { languageTag } from '../core/language.js'
import { log } from '../core/log.js'
import { type Deadline, wait } from '../core/wait.js'
import { resolveAddress } from './address.js'
import { watchPolicy } from './csp-watch.js'

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
  /**
   * How many attempts the caller makes. Each response is one of them then; without it, a login is requested
   * again for as long as the server names a time to come back.
   */
  readonly attempts?: number | undefined
  readonly signal: AbortSignal
  /** Called each time the server says how long its queue is, in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /** The operation's deadline: it is stretched while the server keeps a place in its queue. */
  readonly deadline: Deadline
}

/** Errors after which another attempt may succeed. */
const retryable = new WeakSet<object>()

/** The place in a server's queue, by the deadline that an operation's attempts share. */
const tickets = new WeakMap<Deadline, string>()

/** Tells whether another attempt may succeed after this error of {@link requestLogin}. */
export function isRetryable(error: unknown): boolean {
  return retryable.has(error as object)
}

/** Tells whether a login can be requested more than once. */
export function isRenewable(source: LoginSource<object>): boolean {
  return typeof source !== 'object'
}

/**
 * Checks a login's source before anything is started; returns a copy of a literal, so that what the page does to it
 * later changes nothing.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `LOGIN_FAILED`, `SECRET_IN_PAGE`
 */
export function copyLogin<T extends object>(shape: Shape<T>, source: unknown): LoginSource<T> {
  if (typeof source === 'object' && source)
    return read(shape, source, 'login', { code: 'LOGIN_FAILED' })
  if (typeof source === 'string' && source) {
    if (typeof document !== 'undefined') resolveAddress('login', source)
  } else if (typeof source !== 'function')
    throw invalid('login', 'the address of an endpoint, a function or a login', source)
  return source as LoginSource<T>
}

/**
 * Requests a login and returns a checked copy of it.
 *
 * A server's `Retry-After` is respected while the deadline allows it, and its queue
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
  const { attempt, signal, deadline } = terms
  log('login', 'login.requested', { attempt })
  for (;;) {
    let given = await call(source, { attempt, signal, ticket: tickets.get(deadline) })
    if (isResponse(given)) {
      /** Missing where the response breaks off, and `null` where the page has read it. */
      let text: string | null | undefined = given.bodyUsed ? null : undefined
      let json: unknown
      try {
        text = await given.text()
        if (given.ok) json = JSON.parse(text)
      } catch {
        // Refused below.
      }
      if (json === undefined) {
        const part = import('./login-refusal.js')
        const { refused } = await wait(part, { what: 'login', timeoutMs: 15_000 })
        const next = await refused(given, text, isRenewable(source), terms, retryable)
        // A refusal in between does not lose the place.
        if (next) tickets.set(deadline, next)
        continue
      }
      given = json
    }
    const login = read(shape, given, 'login', { code: 'LOGIN_FAILED' })
    deadline.stretch(0)
    tickets.delete(deadline)
    log('login', 'login.received', { attempt })
    return login
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
      __proto__: null,
      method: 'POST',
      headers: {
        accept: 'application/json',
        // The server's texts are for the reader of this page.
        'accept-language': languageTag().replace(/[^a-z\d-]+/gi, '-'),
        ...(ticket !== undefined && { 'x-calldock-ticket': ticket }),
      },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    } as RequestInit)
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
