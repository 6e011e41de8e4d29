// The entries an inspector keeps: redacted, in the order of their time, so many and no more.

import type { LogEntry, LogKind } from '../core/log.js'
import { redact, redactMember, type Trust } from './redact.js'

/** What an entry of the inspector is about: `app` is the page's own. */
export type InspectorKind = LogKind | 'app'

/** Something a page adds by itself, or what another frame has logged. */
export interface InspectorEntry {
  /** When, in ms since 1970, at most 8.64e15; what is beyond counts as now. @defaultValue now */
  readonly at?: number | undefined
  /** @defaultValue `app` */
  readonly kind?: InspectorKind | undefined
  /** What, for example `order.opened`. */
  readonly name: string
  /** Anything; what lies deeper gets dotted names. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  /** Which frame it comes from. */
  readonly frame?: string | undefined
}

/** An entry as it is kept and exported. */
export interface Kept {
  readonly at: number
  readonly kind: InspectorKind
  readonly name: string
  readonly frame: string
  readonly detail: Readonly<Record<string, Value>>
}

/** What a member of a detail may be. */
export type Value = LogEntry['detail'][string]

/** The kinds, in the order of an opening. */
export const KINDS: readonly InspectorKind[] = [
  ...(['login', 'script', 'workbench', 'event', 'call', 'hash', 'message', 'core'] as const),
  ...(['app', 'error'] as const),
]

/** How many entries are kept. */
export const KEPT = 1000

/** How many members of a detail are kept, and how deep they may lie. */
const MEMBERS = 40
const DEPTH = 4

/** @internal */
export class Journal {
  readonly entries: Kept[] = []
  /** How many of each kind are kept. */
  readonly counts = new Map<InspectorKind, number>()
  /** How many had to go. */
  dropped = 0

  /** Keeps an entry where its time belongs: frames overtake each other. Gives what had to go for it. */
  put(entry: Kept): Kept | undefined {
    let index = this.entries.length
    while (index > 0 && (this.entries[index - 1] as Kept).at > entry.at) index -= 1
    this.entries.splice(index, 0, entry)
    this.#count(entry, 1)
    if (this.entries.length <= KEPT) return undefined
    const gone = this.entries.shift() as Kept
    this.#count(gone, -1)
    this.dropped += 1
    return gone
  }

  clear(): void {
    this.entries.length = 0
    this.counts.clear()
    this.dropped = 0
  }

  #count({ kind }: Kept, by: number): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + by)
  }
}

/** What may be kept of an entry, whatever its caller passed. */
export function clean(entry: InspectorEntry, trust: Trust): Kept {
  const { at, kind, name, detail, frame } = Object(entry) as Partial<InspectorEntry>
  return {
    at: typeof at === 'number' && at > 0 && at <= LAST ? at : now(),
    kind: KINDS.includes(kind as InspectorKind) ? (kind as InspectorKind) : 'app',
    name: redact(String(name ?? ''), trust).slice(0, 120),
    frame: redact(String(frame ?? ''), trust).slice(0, 40),
    detail: Object.fromEntries(members(detail, trust)),
  }
}

/** The latest time that a `Date` has, in ms since 1970. */
const LAST = 8.64e15

/** This moment, on the clock that all frames share. */
const now = () => performance.timeOrigin + performance.now()

function members(detail: unknown, trust: Trust): [string, Value][] {
  const found: [string, Value][] = []
  let steps = 10 * MEMBERS
  const visit = (value: unknown, path: string[]) => {
    if (found.length >= MEMBERS || --steps < 0) return
    if (typeof value === 'object' && value !== null && path.length < DEPTH) {
      const error = value instanceof Error ? { type: value.name, message: value.message } : {}
      for (const [key, member] of Object.entries({ ...error, ...value }))
        visit(member, [...path, key])
    } else if (path.length > 0) {
      const shown = path.map((part) => redact(part, trust)).join('.')
      found.push([shown, redactMember(path, plain(value), trust)])
    }
  }
  try {
    visit(detail, [])
  } catch {
    // A getter or a proxy that throws: what was read so far is what there is.
  }
  return found
}

function plain(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return `‹${typeof value}›`
}
