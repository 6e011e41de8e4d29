// How personal data and tokens appear in a text that people read: by their size. The rules are those of
// contract/src/tables/redaction.rs.

import { KEPT_LENGTH, PRIVATE_DIGITS, PRIVATE_LENGTH } from '../generated/tables.js'

/** Shows only the length of a text, for example `‹11 characters›`. */
export function hidden(text: string): string {
  const { length } = [...text]
  if (length === 0) return 'nothing'
  return length === 1 ? '‹1 character›' : `‹${length} characters›`
}

/** Shows an address without its query, its hash and its user part; of another text only the length. */
export function hiddenUrl(address: string): string {
  if (!/^\/|:\/\//.test(address)) return hidden(address)
  return address.replace(/[?#].*$/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1')
}

/**
 * Shows another party's text without what may be a telephone number, a mail address or a token in it; at
 * most {@link KEPT_LENGTH} characters.
 */
export function vendorText(text: string): string {
  const shown = text.slice(0, 2000).replace(/[A-Za-z0-9@._+-]+/g, (word) => {
    const digits = word.replace(/\D/g, '').length
    return digits >= PRIVATE_DIGITS || word.includes('@') || word.length >= PRIVATE_LENGTH
      ? hidden(word)
      : word
  })
  const characters = [...shown]
  return characters.length > KEPT_LENGTH ? `${characters.slice(0, KEPT_LENGTH).join('')}…` : shown
}
