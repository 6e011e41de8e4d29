import type { Code } from '../core/errors.js'
import { vendorText } from '../core/redact.js'

/** What a server's problem (RFC 9457) says. */
export interface Problem {
  readonly code: Code
  readonly text: string
  readonly remedy: string | undefined
}

/**
 * Reads the problem that Calldock's server sends. The texts are redacted: a gateway may have written them, also one
 * that uses a code of ours.
 */
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
  const shown = known ? serverText : vendorText
  const remedy = own('remedy')
  return {
    code: known ? (code as Code) : 'LOGIN_FAILED',
    // The full stop is the sentence's.
    text: shown(text).replace(/[.。]$/, ''),
    remedy: remedy && shown(remedy),
  }
}

/** What a server of ours writes although it looks like a token or a number. */
const OURS = new RegExp(
  `(^|[\\s"'(])(${[
    // A long host, or code of the vendor: in parts, with fewer than five digits.
    String.raw`(?!(?:[\w.-]*\d){5})(?:[a-z\d-]{1,31}\.)+[a-z\d-]{1,31}(?![\w@*%+~/-]|\.\w)`,
    // For the vendor's support.
    String.raw`RequestId [\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w-])`,
    String.raw`at most \d{1,10} bytes`,
    String.raw`127\.0\.0\.1(?![\w@.])`,
  ].join('|')})`,
  'gi',
)

/** The most of a server's text that is kept, in characters. */
const LENGTH = 1000

/** A text as {@link vendorText} shows it, in full length and with what is {@link OURS}. */
function serverText(text: string): string {
  const kept: string[] = []
  return (
    text
      .slice(0, LENGTH)
      // A sign of no text marks the places.
      .replace(/\uE000/g, '')
      .replace(OURS, (_, before, ours) => `${before}\uE000${kept.push(ours) - 1}\uE000`)
      // Word by word, since it keeps 200 characters. A number that goes on behind a space has no letter before it.
      .replace(/.+?(?:\p{L}\s|$)/gsu, (part) => vendorText(part))
      .replace(/\uE000(\d+)\uE000/g, (_, at) => kept[at] ?? '')
  )
}

/** Every code; none where the part with their texts cannot be loaded. */
async function codes(): Promise<readonly string[]> {
  try {
    return Object.keys((await import('../generated/codes.en.js')).REMEDIES)
  } catch {
    return []
  }
}
