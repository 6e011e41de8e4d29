// Redacts everything that reaches the screen or an export: the core's entries are clean already, a page's
// own may hold anything. Names of members come from contract/src/tables/redaction.rs.

import { hidden } from '../core/redact.js'
import { PRIVATE_LENGTH, PRIVATE_NAME } from '../generated/tables.js'

/** Where a text is from: the core's own words, or the page. */
export type Trust = 'core' | 'page'

const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>‹›]+/gi
/** What a secret's name has in it: `access_token`, `userPassword`, `X-Api-Key`, `secretKey`. */
const PART =
  'token|secret|passw|pwd|signature|credential|authorization|(?:api|access|private)[-_ ]?key'
/** From a name to its value: `=`, `: `, `":"`, `\":\"`, `]=`. */
const IS = String.raw`["'\\\]]{0,4}\s*[:=：]\s*`
/**
 * A secret's name and value. Not our own codes and sentences (`userSig: expected a text`), nor a word that is no
 * secret. Names are bounded, so that a long text takes no time.
 */
const SECRET = new RegExp(
  String.raw`\b(?!TOKEN_EXPIRED|SECRET_IN_PAGE)` +
    String.raw`([\w.-]{0,64}(?:(?:${PART})[\w.-]{0,64}|sig|cookie(?=["'\\\]]*\s*=))${IS})` +
    String.raw`(?!(?:expected|true|false|null|undefined|include|omit|same-origin)\b|应为)` +
    String.raw`(?:(\\?["'])((?:(?!\2)(?:\\.|.))+)|((?:(?:bearer|basic)\s+)?[^\s"',;&‹\\]{4,}))`,
  'gi',
)
/** A header's or `document.cookie`'s: names and values to the end of the line. */
const COOKIE = new RegExp(
  String.raw`\b([\w-]{0,64}cookie${IS}(?:\\?["'])?)([^\s"'\\=;‹]+=[^"'\\\r\n]*)`,
  'gi',
)
const BEARER = /\b(bearer\s+)(?!tokens?\b)([^\s"',;&‹]{4,})/gi
const PARAMETER = /([?&#][\w.-]+=)[^\s&#"'‹]+/g
const MAIL = /[^\s@＠"'<>()‹›,;:]+(?:[@＠]|%40)[^\s@＠"'<>()‹›,;:]+/gi
/** As long as only tokens are. */
const WORD = new RegExp(`[\\w.+=-]{${PRIVATE_LENGTH},}`, 'g')
const BASE64 = new RegExp(`[\\w+/=-]{${PRIVATE_LENGTH},}`, 'g')
/** Seven digits and more, however they are grouped: 138 0000 0001, (0755) 8600-0001. */
const NUMBER = /\+?\p{Nd}(?:[\s().（）\p{Pd}\p{Cf}]{0,3}\p{Nd}){6,}/gu
/** With what stands before it: Safari before 16.4 has no lookbehind. */
const SHORT_NUMBER = /(^|[^\p{L}\p{Nd}‹])(\p{Nd}{5,})(?![\p{L}\p{Nd}])/gu

/** The most of a text that is kept, in characters. */
const LENGTH = 500

/** A text without numbers, mail addresses, tokens, and the query and user part of addresses. */
export function redact(text: string, trust: Trust): string {
  const addresses: string[] = []
  // An address keeps its origin: a port is a number, but not a person's.
  let shown = text.slice(0, 4 * LENGTH).replace(ADDRESS, (address) => {
    addresses.push(redactAddress(address))
    return `\u0000${addresses.length - 1}\u0000`
  })
  shown = shown
    .replace(PARAMETER, (_, name) => `${name}‹…›`)
    .replace(COOKIE, (_, name, pairs) => name + hidden(pairs))
    .replace(
      SECRET,
      (_, name, quote = '', quoted, bare) => `${name}${quote}${hidden(quoted ?? bare)}`,
    )
    .replace(BEARER, (_, name, token) => name + hidden(token))
    .replace(MAIL, hidden)
    .replace(WORD, hidden)
    .replace(BASE64, (word) => (/\d/.test(word) && /[A-Z]/.test(word) ? hidden(word) : word))
    .replace(NUMBER, hidden)
  if (trust === 'page')
    shown = shown.replace(SHORT_NUMBER, (_, before, number) => `${before}${hidden(number)}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no text of a page has it
  shown = shown.replace(/\u0000(\d+)\u0000/g, (_, at) => addresses[Number(at)] ?? '')
  return shown.length > LENGTH ? `${shown.slice(0, LENGTH)}…` : shown
}

/** A member of an entry's detail, by the names that lead to it, as it may be seen. */
export function redactMember(
  path: readonly string[],
  value: string | number | boolean | null,
  trust: Trust,
): string | number | boolean | null {
  if (value === null || typeof value === 'boolean' || value === '') return value
  // The vendor's number of a session: not a person's, and what entries are matched by.
  if (path.join('.') === 'sessionId' && trust === 'core' && !/@|[0-9a-f]{32}/i.test(String(value)))
    return value
  // A member of something private is private: `mobile.0`, `customer.phone.value`.
  if (trust === 'page' && path.some((name) => PRIVATE_NAME.test(name)))
    return typeof value === 'string' && isHidden(value) ? value : hidden(String(value))
  if (typeof value === 'number') return Math.abs(value) < 1e6 ? value : hidden(String(value))
  return redact(value, trust)
}

function redactAddress(address: string): string {
  const [, scheme = '', rest = ''] = /^(.*?:\/\/)([^?#]*)/.exec(address) ?? []
  const [host = '', ...path] = rest.split('/')
  const clean = path.map((part) =>
    part.replace(MAIL, hidden).replace(WORD, hidden).replace(NUMBER, hidden),
  )
  return [scheme + host.slice(host.lastIndexOf('@') + 1), ...clean].join('/')
}

const isHidden = (value: string) => /^‹\d+ characters?›$/.test(value)
