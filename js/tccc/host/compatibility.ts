// Compares the vendor's real script with our tables, since nobody can run it without a tenant. Names and types
// only, no values. Loaded only when a page asks for a report.

import { log } from '../../core/log.js'
import { VERSION } from '../../core/registry.js'
import type { MethodName } from '../../generated/types.js'
import { EVENTS, METHODS } from '../../generated/workbench.js'
import { memberOf } from '../../page/script.js'
import {
  kindOf,
  nameOf,
  type ScreenPopReport,
  type Seen,
  type SeenShape,
  seenIn,
  shapesOf,
} from '../../page/seen.js'
import { listening } from '../frame/listening.js'
import { screenPopReport } from '../frame/parameters.js'
import { listen, observers, spellingOf, type Vendor } from './vendor.js'

/** What the vendor's script has, by our tables. Names and types, no values. */
export interface CompatibilityReport {
  readonly source: 'calldock/compatibility'
  /** The package's version. */
  readonly version: string
  /** The name of the vendor's global. */
  readonly global: string
  /** The vendor's methods, in its spelling. */
  readonly methods: {
    readonly missing: readonly string[]
    /** Methods that our table does not have. */
    readonly unknown: readonly string[]
    /** Members that are no functions, with their type. */
    readonly otherKind: Readonly<Record<string, string>>
  }
  /** The vendor's events, in its spelling. */
  readonly events: {
    /** Events of our table that the vendor's `events` has no constant for. */
    readonly missing: readonly string[]
    readonly unknown: readonly string[]
    /** Constants whose text is not their name. */
    readonly renamed: Readonly<Record<string, string>>
    /** What has arrived since the first report. */
    readonly seen: Readonly<Record<string, SeenShape>>
  }
  /** What methods have responded with since the first report. */
  readonly responses: Readonly<Record<string, SeenShape>>
  /** The screen pops that this page has had, where it listens to them. */
  readonly screenPop?: ScreenPopReport
}

/** What is kept for one global. */
interface Recorder {
  readonly events: Map<string, Seen>
  readonly responses: Map<string, Seen>
}

const recorders = new WeakMap<object, Recorder>()

/** Records what arrives from now on, until the workbench is closed. */
function record(vendor: Vendor, constants: Map<string, unknown>, over: AbortSignal): Recorder {
  const recorder: Recorder = { events: new Map(), responses: new Map() }
  const added: (() => void)[] = []
  for (const name of new Set([...Object.keys(EVENTS), ...constants.keys()])) {
    const { events } = recorder
    try {
      added.push(listen(vendor, name, (envelope) => addTo(events, nameOf(name), envelope)))
    } catch {
      // An event that it takes no listener for is not seen.
    }
  }
  const observer = (spelling: string, value: unknown) => addTo(recorder.responses, spelling, value)
  observers.add(observer)
  over.addEventListener('abort', () => {
    observers.delete(observer)
    recorders.delete(vendor.object)
    for (const remove of added) remove()
  })
  return recorder
}

/** Adds a value to what was seen under a name; one that cannot be read is left out. */
function addTo(seen: Map<string, Seen>, name: string, value: unknown): void {
  try {
    seenIn(seen, name).add(value)
  } catch {
    // It has a revoked proxy in it, say.
  }
}

/** The own and inherited members of an object of the vendor's, but for those of every object. */
function membersOf(object: unknown): string[] {
  const names = new Set<string>()
  try {
    let at: unknown = object
    while (typeof at === 'object' && at !== null && Object.getPrototypeOf(at) !== null) {
      for (const name of Object.getOwnPropertyNames(at)) names.add(name)
      at = Object.getPrototypeOf(at)
    }
  } catch {
    // A proxy that refuses.
  }
  names.delete('constructor')
  return [...names].filter((name) => !name.startsWith('_'))
}

/** Makes the report. */
export function compatibilityOf(vendor: Vendor, over: AbortSignal): CompatibilityReport {
  const { object, name: global } = vendor
  const events = memberOf(object, 'events')
  const constants = new Map(membersOf(events).map((name) => [name, memberOf(events, name)]))
  let recorder = recorders.get(object)
  if (!recorder) {
    recorder = record(vendor, constants, over)
    recorders.set(object, recorder)
  }
  const missing: string[] = []
  const otherKind: Record<string, string> = {}
  const known = new Set(['on', 'off', 'events'])
  const groups = new Set<string>()
  for (const name of Object.keys(METHODS) as MethodName[]) {
    const spelling = spellingOf(name)
    known.add(spelling)
    const [group = '', method] = spelling.split('.')
    if (method !== undefined) groups.add(group)
    const holder = method === undefined ? object : memberOf(object, group)
    const member = memberOf(holder, method ?? group)
    if (member === undefined) missing.push(spelling)
    else if (typeof member !== 'function') otherKind[spelling] = kindOf(member)
  }
  const unknown: string[] = []
  for (const name of membersOf(object)) {
    const member = memberOf(object, name)
    if (groups.has(name) || (typeof member === 'object' && name !== 'events'))
      for (const inner of membersOf(member))
        if (typeof memberOf(member, inner) === 'function' && !known.has(`${name}.${inner}`))
          unknown.push(`${nameOf(name)}.${nameOf(inner)}`)
    if (typeof member === 'function' && !known.has(name)) unknown.push(nameOf(name))
  }
  const renamed: Record<string, string> = {}
  for (const [name, text] of constants)
    if (typeof text === 'string' && text !== name) renamed[nameOf(name)] = nameOf(text)
  const { frame, page } = listening()
  const screenPop = frame && page && screenPopReport(page, frame)
  const counts = { missing: missing.length, unknown: unknown.length }
  log('core', 'compatibility', { ...counts, otherKind: Object.keys(otherKind).length })
  return {
    ...{ source: 'calldock/compatibility', version: VERSION, global },
    methods: { missing, unknown: unknown.sort(), otherKind },
    events: {
      missing: Object.keys(EVENTS).filter((name) => !constants.has(name)),
      unknown: [...constants.keys()]
        .filter((name) => !Object.keys(EVENTS).includes(name))
        .map(nameOf),
      renamed,
      seen: shapesOf(recorder.events),
    },
    responses: shapesOf(recorder.responses),
    ...(screenPop && { screenPop }),
  }
}
