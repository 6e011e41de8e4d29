import type { Code } from '../core/errors.js'
import { vendorText } from '../core/redact.js'
import { REMEDIES } from '../generated/codes.en.js'

/** What a server's problem (RFC 9457) says. */
export interface Problem {
  readonly code: Code
  readonly text: string
  readonly remedy: string | undefined
}

/** Reads the problem that Calldock's server sends; of another server's, the text is redacted. */
export function problemOf(json: unknown): Problem | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const own = (name: string) => {
    const value: unknown = Object.getOwnPropertyDescriptor(json, name)?.value
    return typeof value === 'string' && value ? value : undefined
  }
  const text = own('detail') ?? own('title')
  if (!text) return undefined
  const code = own('code')
  const known = code !== undefined && Object.keys(REMEDIES).includes(code)
  return {
    code: known ? (code as Code) : 'LOGIN_FAILED',
    // Ours are without secrets already; the full stop is the sentence's.
    text: (known ? text : vendorText(text)).replace(/[.。]$/, ''),
    remedy: own('remedy'),
  }
}
