// The login every vendor's page begins with: what it is differs, where it comes from does not.

import type { Core } from './core.js'
import { CalldockError } from './errors.js'
import { languageTag } from './language.js'
import { invalid } from './settle.js'

/**
 * Where a login comes from: an endpoint (asked by POST), an async function, or a literal for a first
 * trial. The first two are asked anew for every attempt; a literal has one.
 */
export type LoginSource<T extends object> =
  | string
  | T
  | ((attempt: {
      readonly attempt: number
      readonly signal: AbortSignal
    }) => T | Response | Promise<T | Response>)

/** How long, in ms, a policy's refusal may be reported after the request has failed. */
const VIOLATION_GRACE = 50

/** Whether a login can be asked more than once. */
export function isRenewable(login: LoginSource<object>): boolean {
  return typeof login !== 'object'
}

/** Refuses what is no login at all. */
export function checkLogin(login: unknown, members: string): void {
  const kind = typeof login
  if (kind === 'function' || (kind === 'object' && login)) return
  if (typeof login !== 'string' || !login)
    throw invalid('login', `an endpoint, a function or ${members}`, login)
  if (typeof document === 'undefined') return
  if (!isEndpoint(login)) throw invalid('login', 'the address of an endpoint', login)
}

/** Whether a request may be sent to an address: the browser refuses a user's name in it. */
function isEndpoint(address: string): boolean {
  try {
    const { protocol, username } = new URL(address, document.baseURI)
    return /^https?:$/.test(protocol) && !username
  } catch {
    return false
  }
}

/** Asks for a login; what comes back is read by the core. */
export function askLogin(
  login: LoginSource<object>,
  attempt: number,
  signal: AbortSignal,
): Promise<unknown> {
  if (typeof login === 'string') return request(login, signal)
  return new Promise((resolve) =>
    resolve(typeof login === 'function' ? login({ attempt, signal }) : login),
  )
}

/**
 * A login that is read here and not by the core: asked for once.
 *
 * @throws {CalldockError} `LOGIN_FAILED`, `SECRET_IN_PAGE`, `CSP_BLOCKED`, `NETWORK`
 * @internal
 */
export async function takeLogin(
  core: Promise<Core>,
  login: LoginSource<object>,
  members: string,
  signal: AbortSignal,
): Promise<unknown> {
  const asked = askLogin(login, 1, signal).catch((cause) => {
    if (cause instanceof CalldockError) throw cause
    const found = 'login: expected a login, found that asking failed'
    throw new CalldockError('LOGIN_FAILED', found, { cause })
  })
  const [{ readLogin }, given] = await Promise.all([core, asked])
  return readLogin(given, members)
}

async function request(endpoint: string, signal: AbortSignal): Promise<Response> {
  let refused = false
  const { origin } = new URL(endpoint, document.baseURI)
  const violation = (event: SecurityPolicyViolationEvent) => {
    refused ||=
      event.effectiveDirective === 'connect-src' &&
      event.disposition === 'enforce' &&
      event.blockedURI.startsWith(origin)
  }
  document.addEventListener('securitypolicyviolation', violation)
  try {
    return await fetch(endpoint, {
      method: 'POST',
      // The server's remedy is for whoever reads this page.
      headers: {
        accept: 'application/json',
        'accept-language': languageTag(),
      },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    })
  } catch (cause) {
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, VIOLATION_GRACE))
    if (refused)
      throw new CalldockError(
        'CSP_BLOCKED',
        "the page's Content-Security-Policy: expected connect-src to allow the login endpoint, found it refused",
        { cause },
      )
    throw new CalldockError(
      'NETWORK',
      'the login endpoint: expected an answer, found no connection',
      { cause },
    )
  } finally {
    document.removeEventListener('securitypolicyviolation', violation)
  }
}
