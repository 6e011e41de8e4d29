// @ts-check
// Which language the page speaks, and the words of it.

import { words } from './words.js'

/** @typedef {'en' | 'zh'} Lang */
/** @typedef {keyof typeof words} Key */

const KEPT = 'calldock.lang'

/** The language of this page: the address, then the visitor's last choice, then the browser's. */
export const lang = choose()

/** @returns {Lang} */
function choose() {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === 'en' || asked === 'zh') {
    keep(asked)
    return asked
  }
  const kept = read()
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

// Inside the vendor's iframe the browser may refuse storage: then the address alone decides.
/** @param {Lang} value */
function keep(value) {
  try {
    localStorage.setItem(KEPT, value)
  } catch {}
}

function read() {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}

/**
 * The words for `key`; `{name}` in them is replaced by `values.name`.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = words[key][lang === 'zh' ? 1 : 0]
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
}

/**
 * The words for a key made at run time, or `otherwise` when the dictionary has none.
 * @param {string} key
 * @param {string} otherwise
 */
export function tOr(key, otherwise) {
  return Object.hasOwn(words, key) ? t(/** @type {Key} */ (key)) : otherwise
}

/** The same page in another language, keeping the rest of its address. @param {Lang} other */
export function hrefIn(other) {
  const query = new URLSearchParams(location.search)
  query.set('lang', other)
  return `?${query}`
}

/** Writes the language into the document: the vendor's script reads it there too. */
export function speak() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
}
