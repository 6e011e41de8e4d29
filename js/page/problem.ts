import type { Code } from '../core/errors.js'
import { vendorText } from '../core/redact.js'

/** What a server's problem (RFC 9457) says. */
export interface Problem {
  readonly code: Code
  readonly text: string
  readonly remedy: string | undefined
}

/** Reads the problem that Calldock's server sends; of another server's, the text is redacted. */
export async function problemOf(json: unknown): Promise<Problem | undefined> {
  if (typeof json !== 'object' || json === null) return undefined
  const own = (name: string) => {
    const value: unknown = Object.getOwnPropertyDescriptor(json, name)?.value
    return typeof value === 'string' && value ? value : undefined
  }
  const text = own('detail') ?? own('title')
  if (!text) return undefined
  const code = own('code')
  const known = code !== undefined && (await codes()).includes(code)
  return {
    code: known ? (code as Code) : 'LOGIN_FAILED',
    // Ours are without secrets already; the full stop is the sentence's.
    text: (known ? text : vendorText(text)).replace(/[.。]$/, ''),
    remedy: own('remedy'),
  }
}

/** Every code; none where the part with their texts cannot be loaded. */
async function codes(): Promise<readonly string[]> {
  try {
    return Object.keys((await import('../generated/codes.en.js')).REMEDIES)
  } catch {
    return []
  }
}
