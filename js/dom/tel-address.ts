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
    // A line, a number of 400 or a mobile number, and its extension.
    .replace(
      /(^|\D|86)([2-9]\d{6,7}|[48]00-?\d{3}-?\d{4}|1[3-9]\d-?\d{4}-?\d{4})-(?=\d{1,6}$)/,
      '$1$2;ext=',
    )
  const [, number = '', extension] = /^(.*?)(?:;ext=|转|轉|分机|分機)([\d\s().-]+)(?:;.*)?$/is.exec(
    address,
  ) ?? ['', address]
  const digits = separated(number.replace(/;(?!postd=)[a-z0-9-]+=[^;,]*/gi, ''))
  return extension ? `${digits}-${separated(extension).trim()}` : digits
}

/** Without points, hyphens, and brackets around digits. What else may part two numbers is for the core to judge. */
const separated = (text: string) => text.replace(/[(（](?!0[)）])([+\d\s]+)[)）]|[.-]/g, '$1')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
