// The rules of contract/src/text/origin.rs once more: `serveCallOuts` refuses a bad origin at once, when the core may
// not be there yet. What passes here is read again by the core, which decides.

/** Whose addresses have no origin, or one that must not be trusted with a number. */
const NO_SCHEMES = /^(ftp|wss?|file|data|blob|about|javascript|null):/

/** `http` is for this machine only. */
const HTTP_ELSEWHERE = /^http:(?!\/\/([\w.-]+\.)?localhost(:|$)|\/\/(127\.0\.0\.1|\[::1\])(:|$))/

/** A scheme, a host and a port, in lower case, and nothing behind them. */
const SPELLING = /^[a-z\d+.-]+:\/\/([a-z\d._-]+|\[[\da-f:.]+\])(:[1-9]\d*)?$/

/** Tells whether a text is an origin, where the core, which says what to change, is not there yet. */
export function isOrigin(text: string): boolean {
  if (!SPELLING.test(text) || NO_SCHEMES.test(text) || HTTP_ELSEWHERE.test(text)) return false
  try {
    return Boolean(new URL(text))
  } catch {
    // A port that does not exist, say.
    return false
  }
}
