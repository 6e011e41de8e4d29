import type { Code } from '../generated/codes.en.js'
import { define } from './define.js'
import { language } from './language.js'

export type { Code }

/** Where the pages about the codes are. A placeholder until the documentation has a site. */
const DOCS = 'https://calldock.example/docs/errors#'

/** Marks an error of any copy of the package, in any realm. */
const BRAND = Symbol.for('calldock.error')

/** An attempt that failed before the error was final. */
export interface FailedAttempt {
  readonly code: Code
  readonly message: string
}

/** Optional parts of an error. */
export interface ErrorDetails {
  /** What was thrown underneath. */
  cause?: unknown
  /** A fix that fits better than the code's own, for example the server's. */
  remedy?: string | undefined
  attempts?: readonly FailedAttempt[] | undefined
}

/** The texts of the languages that have been loaded. Most pages never need one: no error, no text. */
const texts: {
  en?: typeof import('../generated/codes.en.js')
  zh?: typeof import('../generated/codes.zh.js')
} = { __proto__: null } as object

/** Whether the texts of the page's language are there. */
export function hasTexts(): boolean {
  return texts[language()] !== undefined
}

/** Loads the texts of the page's language, once there is an error to describe. Never rejects. */
export async function loadTexts(): Promise<void> {
  try {
    if (language() === 'zh') texts.zh ??= await import('../generated/codes.zh.js')
    else texts.en ??= await import('../generated/codes.en.js')
  } catch {
    // Offline, say: the error's `docs` has the fix.
  }
}

/**
 * A failure of Calldock.
 *
 * `message` says where, what was expected and what was found; tokens, telephone numbers and names in it
 * are replaced by their length. {@link remedy} says how to fix it, {@link docs} is the page about the code.
 *
 * @example
 * try { await openWorkbench({ login: '/calldock/v1/tccc/login' }) }
 * catch (error) { if (isCalldockError(error)) console.error(error.code, error.message, error.remedy) }
 */
export class CalldockError extends Error {
  declare readonly name: string
  /** Why. One of a closed list. */
  declare readonly code: Code
  /** The option, the member or the step that failed. */
  declare readonly where: string
  /** What was expected there. */
  declare readonly expected: string
  /** What was found there. */
  declare readonly found: string
  /** The attempts that failed before. */
  declare readonly attempts: readonly FailedAttempt[]
  /** A fix of its own; the code's if there is none. */
  readonly #remedy: string | undefined

  /** @internal */
  constructor(code: Code, where: string, expected: string, found: string, details?: ErrorDetails) {
    super(sentence(where, expected, found))
    // Own members only: what other code has put on Object.prototype is no detail.
    const { cause, remedy, attempts = [] } = { __proto__: null, ...details } as ErrorDetails
    // Chromium before 93 ignores the option of Error.
    if (cause !== undefined) define(this, 'cause', cause)
    this.code = code
    this.where = where
    this.expected = expected
    this.found = found
    this.attempts = attempts
    this.#remedy = remedy || undefined
  }

  /**
   * How to fix it: in Chinese on a page whose language is Chinese, else in English. The texts are loaded
   * with the first error; until they are there, this refers to {@link docs}.
   */
  get remedy(): string {
    const text = texts[language()] ?? texts.en ?? texts.zh
    return this.#remedy ?? text?.REMEDIES[this.code] ?? `See ${this.docs}`
  }

  /** The address of the page about this code. */
  get docs(): string {
    return DOCS + this.code.toLowerCase().replace(/_/g, '-')
  }
}

/** Thrown by the JavaScript form of a core where wasm would trap. */
export class Trap extends Error {}

define(CalldockError.prototype, 'name', 'CalldockError')
define(CalldockError.prototype, BRAND, true)

function sentence(where: string, expected: string, found: string): string {
  if (!expected) return found ? `${where}: ${found}` : where
  const { zh } = texts
  if (language() === 'zh' && zh) return zh.sentence(where, expected, found)
  return `${where}: expected ${expected}, found ${found}`
}

/**
 * Makes an error.
 *
 * @internal
 */
export function failure(
  code: Code,
  where: string,
  expected: string,
  found: string,
  details?: ErrorDetails,
): CalldockError {
  void loadTexts()
  return new CalldockError(code, where, expected, found, details)
}

/**
 * Makes the error of a value that is not of the documented form. The value itself is never repeated,
 * except a number, which is never personal data where a number is expected.
 *
 * @internal
 */
export function invalid(where: string, expected: string, found: unknown): CalldockError {
  return failure('INVALID_OPTION', where, expected, kind(found))
}

/**
 * Names the kind of a value without the value.
 *
 * @internal
 */
export function kind(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value ? 'a text' : 'an empty text'
  if (typeof value === 'boolean') return 'true or false'
  if (typeof value === 'function') return 'a function'
  try {
    return Array.isArray(value) ? 'a list' : 'an object'
  } catch {
    return 'a revoked proxy'
  }
}

/**
 * Tells whether a value is an error of Calldock, of any copy of the package and of any realm (frame,
 * micro-frontend), where `instanceof` fails.
 *
 * @example
 * callOut('13800000000').catch((error) => console.error(isCalldockError(error) ? error.code : error))
 */
export function isCalldockError(error: unknown): error is CalldockError {
  try {
    return (error as { [BRAND]?: true } | undefined)?.[BRAND] === true
  } catch {
    return false
  }
}

/**
 * Reports an error that no caller waits for, as the browser reports an uncaught one.
 *
 * @internal
 */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else
    setTimeout(() => {
      throw error
    })
}
