// In what language Calldock speaks.

/** The language of the page, or of the browser where the page does not say, as its tag. */
export function languageTag(): string {
  return globalThis.document?.documentElement?.lang || globalThis.navigator?.language || ''
}

/** Chinese on a page whose language is Chinese, else English. */
export function language(): 'en' | 'zh' {
  return /^zh/i.test(languageTag()) ? 'zh' : 'en'
}
