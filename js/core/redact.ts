// How personal data and tokens appear in a text that people read: by their size. From what length a word is a token
// is a constant of contract/src/tables/redaction.rs too; it is written out here, which is shorter.

/** Shows only the length of a text, for example `‹11 characters›`. */
export function hidden(text: string): string {
  const { length } = [...text]
  return length ? `‹${length} character${length > 1 ? 's' : ''}›` : 'nothing'
}

/**
 * Shows an address without its query and its hash; of another text, and of an address with a user part, only the
 * length.
 */
export function hiddenUrl(address: string): string {
  return /^([a-z][\w+.-]*:\/)?\/[^?#@]*(?=[?#]|$)/i.exec(address)?.[0] ?? hidden(address)
}

/**
 * Shows another party's text without what may be a telephone number, a mail address or a token in it; at most
 * 200 characters. A number of five digits or more may have spaces, hyphens, brackets and invisible signs in it, and
 * full-width digits; the `@` of an address may be escaped. A token may have slashes in it: base64 has capital letters
 * before them, as paths seldom do.
 */
export function vendorText(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/([a-z\d+]*[A-Z][\w+]*\/)*[\w@*%.+~-]+/g, (word) =>
      /@|%40|.{32}|(\D*\d){5}/.test(word) ? hidden(word) : word,
    )
    .replace(/([\d０-９][\s\p{Cf}\p{Pd}()（）]*){4,}[\d０-９]/gu, hidden)
    .replace(/^(.{200}).+/su, '$1…')
}
