/**
 * Telephone links, a call button and attention for pages in the background.
 *
 * @packageDocumentation
 */

export { drawAttention } from './dom/attention.js'
export { defineCallElement } from './dom/call-element.js'
export { dialTelLinks } from './dom/tel-links.js'
export type {
  AttentionOptions,
  CallElementOptions,
  DialTelLinksOptions,
  IncomingNotice,
} from './generated/types.js'
