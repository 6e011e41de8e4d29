import { REMEDIES } from './codes.js'
import { language } from './language.js'

/** Why something failed. The list is closed: a new code is a new major version. */
export type Code = keyof typeof REMEDIES

/** An attempt that failed before the error was final. */
export interface FailedAttempt {
  readonly code: Code
  readonly message: string
}

/** What an error is made of, beside its code and its sentence. */
export interface ErrorDetails {
  cause?: unknown
  remedy?: string | undefined
  attempts?: readonly FailedAttempt[]
}

/**
 * Every failure of Calldock. `message` says what was expected, what was found and what to do; tokens,
 * numbers and names in it are replaced by their length.
 */
export class CalldockError extends Error {
  override readonly name = 'CalldockError'
  /** Why. */
  readonly code: Code
  /** What to do about it: Chinese on a page whose language is Chinese, else English. */
  readonly remedy: string
  /** The attempts that failed before. */
  readonly attempts: readonly FailedAttempt[]

  constructor(code: Code, found: string, details: ErrorDetails = {}) {
    const remedy = details.remedy || REMEDIES[code][language()]
    // A server's own sentence has its full stop already.
    super(
      `${found.replace(/[.。]$/, '')}. ${remedy}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.code = code
    this.remedy = remedy
    this.attempts = details.attempts ?? []
  }
}

/** Reports an error nobody waits for, as the browser reports an uncaught one. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else
    setTimeout(() => {
      throw error
    })
}
