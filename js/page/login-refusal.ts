// A login server's refusals and its queue. Loaded only when a server has refused.

import { failure, report } from '../core/errors.js'
import { log } from '../core/log.js'
import { hidden } from '../core/redact.js'
import { sleep } from '../core/wait.js'
import type { LoginTerms } from './login.js'
import { problemOf } from './problem.js'

/** The longest wait that a server can ask for, in seconds. */
const LONGEST_WAIT = 3600
/** The shortest time between two requests of one attempt, in ms. */
const SHORTEST_PAUSE = 500

/**
 * Waits until the login can be requested again, and returns the place in the server's queue, if it gave one.
 * `body` is missing where the response broke off, and `null` where the page has read it.
 *
 * @throws {CalldockError} the server's refusal, where it names no time to come back or that is too late
 */
export async function refused(
  response: Response,
  body: string | null | undefined,
  isRenewable: boolean,
  terms: LoginTerms,
  retryable: WeakSet<object>,
): Promise<string | undefined> {
  // Own members only: what other code has put on Object.prototype is no term.
  const own = { __proto__: null, ...terms } as LoginTerms
  const { attempt, attempts, signal, deadline, onQueued } = own
  const { status, headers } = response
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() || 'no type'
  const json = parse(body)
  const retryAfterMs = readRetryAfter(headers.get('retry-after'))
  const queue = status === 503 ? readTicket(json) : undefined
  const problem = type === 'application/problem+json' ? await problemOf(json) : undefined
  const where = 'the login endpoint'
  const error =
    body === undefined
      ? failure('NETWORK', where, 'a response', 'that it broke off')
      : body === null
        ? failure(
            'LOGIN_FAILED',
            'login',
            'its JSON, or a response that was not read',
            'one that was',
          )
        : problem
          ? failure(problem.code, where, '', problem.text, { remedy: problem.remedy })
          : failure(
              'LOGIN_FAILED',
              where,
              '200 with JSON',
              `HTTP ${status} ${body ? `with ${hidden(body)} of ${type}` : 'without a body'}`,
            )
  // The server's fault or the moment's; another status stays as it is however often it is requested. What
  // the vendor has refused it refuses again, unless the server names a time.
  const again =
    body === undefined ||
    ((status >= 500 || status === 429 || status === 408) &&
      (error.code !== 'VENDOR_REJECTED' || retryAfterMs !== undefined))
  if (again) retryable.add(error)
  // A page of another origin may not see the header.
  const pause = Math.max(retryAfterMs ?? 1000 * (queue?.waitSeconds ?? 0), SHORTEST_PAUSE)
  if (queue) {
    // The ticket lives for twice the wait.
    deadline.stretch(2000 * queue.waitSeconds + pause)
    log('login', 'login.queued', { waitSeconds: queue.waitSeconds })
    try {
      onQueued?.(queue.waitSeconds)
    } catch (thrown) {
      report(thrown)
    }
  } else if (retryAfterMs === undefined || !again || !isRenewable) throw error
  const counted = !queue && attempts !== undefined
  const tooLong = pause >= deadline.remaining()
  if (queue && tooLong)
    throw failure('QUEUE_FULL', where, 'its turn in the queue', `a wait of ${pause / 1000} s`)
  // The server wants no request before the deadline.
  if (tooLong) retryable.delete(error)
  if ((counted && attempt >= attempts) || tooLong) throw error
  await sleep(pause, signal)
  if (counted || signal.aborted) throw error
  return queue?.ticket
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/** Seconds or a date, as ms from now. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  // A server and a gateway may each have set it: `2, 2`. A date has a comma behind its day.
  const seconds = /^\s*\d+\s*(,|$)/.test(value)
    ? Number.parseInt(value, 10)
    : (Date.parse(value) - Date.now()) / 1000
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
