// Telephone links: which element is one, and which number it has.

import { isElement } from '../page/realm.js'
import { areSeveral, wholeNumber } from './number-plans.js'

/** The address of a link, of HTML (`a`, `area`) or SVG, in any realm; empty if it has none. */
function addressOf(link: Element): string {
  if (!/^(a|area)$/i.test(link.localName)) return ''
  const xlink = link.getAttributeNS('http://www.w3.org/1999/xlink', 'href')
  return link.getAttribute('href') ?? xlink ?? ''
}

/** Finds the telephone link that an event went through, in any shadow root. */
export function telLinkOf(event: Event, selector: string | undefined): Element | undefined {
  return event
    .composedPath()
    .find(
      (node): node is Element =>
        isElement(node) &&
        /^\s*tel:/i.test(addressOf(node)) &&
        (selector === undefined || node.matches(selector)),
    )
}

/**
 * The number of a `tel:` link (RFC 3966): without its visual separators and its parameters, but with its
 * extension, `0755-86000001;ext=801` and `0755-86000001-801` as `075586000001-801`.
 *
 * A call costs money, so nothing is guessed: what is no number is returned as it is, and several numbers are on
 * lines of their own. The core refuses both, and what is dialled after the connection (`,1234`, `;postd=1234`)
 * with an error that says so.
 */
export function numberOf(link: Element): string {
  const text = withoutParameters(visible(decoded(withoutScheme(addressOf(link)))))
  const [, number = text, named] = NAMED_EXTENSION.exec(text) ?? []
  const parts = parted(withoutBrackets(number))
  // Letters too: an id of the vendor's number mapping would become another one (`docs/vendor/field.md` F4).
  if (!/^\+?\d[-. \d]*$/.test(parts)) return text
  const whole = wholeNumber(parts) ?? parts
  const rest = parts.slice(whole.length)
  if (!rest && areSeveral(parts)) return joined(parts, '\n')
  if (named) return rest ? text : `${joined(whole)}-${named}`
  return joined(whole) + (/^-\d{1,6}$/.test(rest) ? rest : joined(rest, '\n'))
}

/** Pages for phones write `tel://` too, and `#mp.weixin.qq.com` behind the number. */
const withoutScheme = (address: string) =>
  address.trim().replace(/^tel:(\/\/)?|#mp\.weixin.*/gi, '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * As the core reads it (`docs/vendor/field.md` B4): full-width digits and signs, and what word processors put for
 * a hyphen or a space, become the ordinary ones; what cannot be seen is removed. The sign that reverses what is
 * shown (U+202E) stays, to be refused.
 */
const visible = (text: string) =>
  text
    .replace(/[\uff01-\uff20]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/(?!\u202e)[\p{DI}\u2800\ufff9-\ufffb]/gu, '')
    .trim()

/** Drops `;phone-context=+86` and the like. A name has a letter: `;1234` is dialled after the connection. */
const withoutParameters = (text: string) =>
  text.replace(/;(?!(?:postd|ext)[=\d])[\d-]*[a-z][a-z\d-]*(=[^;,]*)?/gi, '')

/** A number, and an extension that is named: `;ext=801`, `转801`, `(分机 801)`. */
const NAMED_EXTENSION = /^(.*?)\(?(?:;ext=|[转轉]?分[机機]|[转轉])[ :]*(\d{1,6}) *\)?$/i

/** Drops the brackets that a number begins with. Later ones are around an extension or another number. */
const withoutBrackets = (text: string) =>
  text
    // The country, the area, or all of it; `(0)` is dialled or not, and nobody knows.
    .replace(/^\((?! *0 *\))([-+. \d]+)\)/, '$1 ')
    // The area behind its country.
    .replace(/^((?:[+0]\d{0,4}|\d{1,3})[-. ]*)\((?! *0 *\))([-. \d]+)\)(?=[-. ]*\d)/, '$1 $2 ')
    // The line behind its area.
    .replace(/^([+0]\d{1,4}[-. ]*)\(((?:[-. ]*\d){7,}[-. ]*)\)$/, '$1 $2')

/** Puts one sign between two parts: a hyphen that stands alone, a space, or a point for any others. */
const parted = (text: string) =>
  text
    .replace(/[-. ]+/g, (gap) => gap.replace(/ /g, '').replace(/..+/, '.') || ' ')
    .replace(/^[-. ]|[-. ]$/g, '')
    .replace(/^\+[-. ]/, '+')

/** Puts nothing between the parts, or a sign that divides numbers. */
const joined = (parts: string, sign = '') => parts.replace(/[-. ]/g, sign)
