import { type Code, failure } from '../core/errors.js'

/**
 * Resolves an address that the page passed in.
 *
 * A relative one never leaves the page's origin: it is resolved against the document's base, as the browser
 * does, but against the page's own address where a `<base href>` leads to another origin (a CDN, say). So
 * credentials go to another origin only by an address that names it.
 *
 * @throws {CalldockError} `INVALID_OPTION` or `code` for what is not an http address, or has a user's name in it
 */
export function resolveAddress(where: string, address: string, code: Code = 'INVALID_OPTION'): URL {
  try {
    let url = new URL(address, document.baseURI)
    if (url.origin !== self.origin && isRelative(address)) url = new URL(address, location.href)
    if (/^https?:$/.test(url.protocol) && !url.username && !url.password) return url
  } catch {
    // Reported below.
  }
  throw failure(code, where, 'an http address', 'a text that is none')
}

/** Tells whether an address names no origin: neither `https://…` nor `//…`. */
function isRelative(address: string): boolean {
  const base = 'https://base.invalid'
  return new URL(address, base).origin === base
}
