// The language in which Calldock writes to the reader of this page.

/** Returns the language tag of the page, or of the browser where the page has none. */
export function languageTag(): string {
  return globalThis.document?.documentElement?.lang || globalThis.navigator?.language || ''
}

/** Returns `zh` on a page whose language is Chinese, else `en`. */
export function language(): 'en' | 'zh' {
  return /^zh/i.test(languageTag()) ? 'zh' : 'en'
}
