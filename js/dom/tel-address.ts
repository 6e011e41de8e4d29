// Telephone links: which element is one, and which number it has.

import { isElement } from '../page/realm.js'

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
 * extension, `0755-86000001;ext=801` and `0755-86000001-801` as `075586000001-801`. What is dialled after the
 * connection (`,1234`, `;postd=1234`) is left, and the core refuses it with an error that says so. Pages for
 * phones write `tel://` too, and `#mp.weixin.qq.com` behind the number.
 */
export function numberOf(link: Element): string {
  const address = decoded(
    addressOf(link)
      .trim()
      .replace(/^tel:(\/\/)?|#mp\.weixin.*/gi, ''),
  )
    .replace(/;(?!postd=|ext=)[a-z0-9-]+(=[^;,]*)?/gi, '')
    .replace(HYPHENED_EXTENSION, '$1;ext=')
  const [, number = address, extension] =
    /^(.*?)(?:;ext=|转|轉|分机|分機)([\d\s().-]+)$/is.exec(address) ?? []
  const digits = separated(number)
  return extension ? `${digits}-${separated(extension).trim()}` : digits
}

/** What may stand between the parts of one number. */
const PART = '[-.\\s)）]?'

/** Numbers behind which a hyphen and up to six digits are an extension. */
const WITH_EXTENSION = [
  // A line of seven or eight digits.
  '(?:^|\\D|86)[2-9]\\d{6,7}',
  // The same in two parts, or right behind the area code: of the mainland, of Hong Kong and Macau, of Taiwan.
  ...['(?:0|86P0?)(?:10|2\\d|[3-9]\\d\\d)', '85[23]', '886P0?[2-8]\\d?'].map(
    (area) => `(?:^|\\D|00)${area}P[2-9]\\d{2,3}P\\d{4}`,
  ),
  // A number of 400 or 800, a mobile number, and a service's.
  '(?:^|\\D|86)(?:[48]00P\\d{3}P\\d{4}|1[3-9]\\dP\\d{4}P\\d{4})',
  '^(?:9[56]\\d{3,6}|1[02]\\d{3})(?=-\\d{1,3}$)',
]
const HYPHENED_EXTENSION = new RegExp(
  `(${WITH_EXTENSION.join('|').replace(/P/g, PART)})-(?=\\d{1,6}$)`,
)

/** Without points, hyphens, and brackets around digits. What else may part two numbers is for the core to judge. */
const separated = (text: string) => text.replace(/[(（](?!0[)）])([+\d\s]+)[)）]|[.-]/g, '$1')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
