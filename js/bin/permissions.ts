// Reads a Permissions-Policy as browsers do: a dictionary of structured fields (RFC 9651).

import { allowsOrigin } from '../preflight/policy.js'

const KEY = '[a-z*][a-z0-9_.*-]*'
/** A text in quotes, a token, a truth value, a number or bytes. */
const VALUE =
  '(?:"(?:[^"\\\\]|\\\\["\\\\])*"|[A-Za-z*][\\w!#$%&\'*+.^`|~:/-]*|\\?[01]|-?\\d+(?:\\.\\d+)?|:[\\w+/=]*:)'
const PARAMETERS = `(?:; *${KEY}(?:=${VALUE})?)*`
const ITEM = `(${VALUE})${PARAMETERS}`
const LIST = `\\( *(?:${ITEM}(?: +${ITEM})*)? *\\)`
/** A member, with the comma before the next one. */
const MEMBER = `(?<name>${KEY})(?:=(?<list>${LIST}|${VALUE}))?${PARAMETERS}(?:[ \\t]*,[ \\t]*(?=.)|$)`

/**
 * The list of a feature, as it is written; empty where the feature has none. Nothing where the header does not name
 * the feature, or is not a dictionary: browsers ignore such a header as a whole.
 */
export function listOf(feature: string, header: string): string | undefined {
  const member = new RegExp(MEMBER, 'y')
  let list: string | undefined
  while (member.lastIndex < header.length) {
    const { groups } = member.exec(header) ?? {}
    if (!groups) return undefined
    // Of two members of a name, the last counts; two headers arrive as one.
    if (groups.name === feature) list = groups.list ?? ''
  }
  return list
}

/** Whether a list has the page itself in it. */
export function hasPage(list: string, origin: string): boolean {
  return [...list.matchAll(new RegExp(ITEM, 'g'))].some(([, item = '']) => {
    if (!item.startsWith('"')) return item === 'self' || item === '*'
    const source = item.slice(1, -1).toLowerCase()
    // Unlike in a Content-Security-Policy, http does not stand for https.
    const exact = source.startsWith(new URL(origin).protocol)
    return (exact || /^('self'|\*)$/.test(source)) && allowsOrigin([source], origin, origin)
  })
}
