// @ts-check
// How the frames tell the inspector what they saw. Every message has one target origin, and the
// receiver looks at where it came from before it looks at what it says.

import { setLogger } from '/node_modules/calldock/index.js'
import { kinds, now } from './log.js'

/** @typedef {import('./log.js').Entry} Entry */
/** @typedef {import('./log.js').Frame} Frame */
/** @typedef {import('./log.js').Kind} Kind */

const OURS = 'calldock-playground'
const DOUBLES = 'calldock-doubles'

/**
 * In an iframe: sends the SDK's log to the playground. The top page is of our own origin although
 * the vendor's page lies between.
 * @param {Frame} frame
 */
export function reportAs(frame) {
  const top = window.top
  if (!top || top === window) return
  setLogger((entry) => {
    top.postMessage({ source: OURS, frame, entry }, location.origin)
  })
}

/**
 * In a page without frames of ours: what the SDK in it reports.
 * @param {(entry: Entry) => void} sink
 */
export function collectHere(sink) {
  setLogger((entry) => sink(entryOf(entry, 'page')))
}

/**
 * In the playground: everything the frames report, the vendor's page included.
 * @param {string} vendor origin
 * @param {(entry: Entry) => void} sink
 */
export function collect(vendor, sink) {
  setLogger((entry) => sink(entryOf(entry, 'host')))
  window.addEventListener('message', ({ origin, data }) => {
    if (typeof data !== 'object' || data === null) return
    if (origin === location.origin && data.source === OURS) {
      sink(entryOf(data.entry, data.frame === 'tickets' ? 'tickets' : 'pop'))
    } else if (origin === vendor && data.source === DOUBLES) {
      sink(vendorEntry(data))
    }
  })
}

/** @param {any} raw @param {Frame} frame @returns {Entry} */
function entryOf(raw, frame) {
  return {
    at: Number(raw?.at) || now(),
    kind: kinds.includes(raw?.kind) ? raw.kind : 'core',
    name: String(raw?.name ?? ''),
    detail: flat(raw?.detail ?? {}),
    frame,
  }
}

// The stand-in vendor reports what it passed on word for word, so it is redacted here: only what
// can't be personal keeps its value.
const PLAIN = new Set(['event', 'status', 'type', 'origin', 'frame', 'childFrame'])

/** @param {any} data @returns {Entry} */
function vendorEntry(data) {
  const { source: _source, at, kind, ...rest } = data
  const isHash = kind === 'hash' || 'hash' in rest
  /** @type {Record<string, string | number | boolean>} */
  const detail = {}
  for (const [name, value] of Object.entries(flat(rest))) {
    if (name === 'hash' || name === 'url') Object.assign(detail, hashDetail(String(value)))
    else detail[name] = PLAIN.has(leaf(name)) ? value : hidden(value)
  }
  const event = detail.event ?? detail['payload.event'] ?? ''
  return {
    // When it happened, not when it was received: a cause stands before its effects.
    at: Number(at) || now(),
    kind: isHash ? 'hash' : 'message',
    name: isHash ? 'hash.set' : `message.received${event ? ` ${event}` : ''}`,
    detail,
    frame: 'vendor',
  }
}

/** @param {string} name */
const leaf = (name) => name.slice(name.lastIndexOf('.') + 1)

/** @param {string | number | boolean} value */
const hidden = (value) =>
  typeof value === 'string' && value !== '' ? `‹${[...value].length} characters›` : value

/** @param {string} text */
function hashDetail(text) {
  const query = new URLSearchParams(text.slice(text.lastIndexOf('?') + 1))
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, PLAIN.has(name) ? value : hidden(value)]),
  )
}

/**
 * Nested members become dotted names.
 * @param {object} value
 * @param {string} [prefix]
 * @returns {Record<string, string | number | boolean>}
 */
function flat(value, prefix = '') {
  /** @type {Record<string, string | number | boolean>} */
  const result = {}
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) {
      Object.assign(result, flat(member, `${prefix}${name}.`))
    } else if (['string', 'number', 'boolean'].includes(typeof member)) {
      result[prefix + name] = member
    }
  }
  return result
}
