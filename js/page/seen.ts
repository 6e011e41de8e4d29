// What compatibility reports say of what a vendor has sent: names and types, no values. Only parts that are
// loaded for a report import this.

import { own, readLoosely } from '../check.js'
import { VERSION } from '../core/registry.js'

/** The shapes of one event or response. */
export interface SeenShape {
  readonly count: number
  /** `nested` in `data`, `flat`, or the type of what is no object. */
  readonly shapes: readonly string[]
  /** The members of the payload and their types; one of a member is `member.name`. */
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** The parameters of the screen pops that a page has had since the first report. */
export interface ScreenPopReport {
  readonly source: 'calldock/compatibility/screen-pop'
  /** The package's version. */
  readonly version: string
  readonly vendor: 'tccc' | 'cec'
  /** How many calls, or changes of a call, were read. */
  readonly calls: number
  /** Documented parameters that none of them had a value of; none before a call was read. */
  readonly missing: readonly string[]
  /** Parameters that are not documented. */
  readonly unknown: readonly string[]
  /**
   * What the values of each parameter look like: `digits`, `address`, `text`, `unreadable`; of TCCC's `status` and
   * `type`, `documented` or `undocumented`.
   */
  readonly seen: Readonly<Record<string, readonly string[]>>
  /** What AICCSupport.js has reported, where the page has it. */
  readonly events?: Readonly<Record<string, SeenShape>>
}

/** As many names as a vendor's object has, not as many as an attacker's. */
const MOST = 100

export const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/** A member's name; a text that could be data is not repeated. */
export const nameOf = (name: string): string => (/^[A-Za-z_$][\w$]{0,39}$/.test(name) ? name : '…')

/** Kinds by name. */
class Kinds {
  readonly #kinds = new Map<string, Set<string>>()

  add(name: string, kind: string): void {
    const key = name.split('.').map(nameOf).join('.')
    const kinds = this.#kinds.get(key) ?? new Set()
    if (this.#kinds.size < MOST || kinds.size > 0) this.#kinds.set(key, kinds.add(kind))
  }

  get names(): string[] {
    return [...this.#kinds.keys()].sort()
  }

  report(): Record<string, string[]> {
    return Object.fromEntries(
      this.names.map((name) => [name, [...(this.#kinds.get(name) ?? [])].sort()]),
    )
  }
}

/** What was seen of one event or response. */
export class Seen {
  count = 0
  readonly #shapes = new Set<string>()
  readonly #members = new Kinds()

  /** Adds a value, or the shape of one: then `kind` reads a member's type from it. */
  add(value: unknown, times = 1, kind: (member: unknown) => string = kindOf): void {
    this.count += times
    const data = own(value, 'data')
    const nested = kindOf(data) === 'object'
    this.#shapes.add(kindOf(value) === 'object' ? (nested ? 'nested' : 'flat') : kind(value))
    this.#addMembers(nested ? data : value, '', kind)
  }

  #addMembers(value: unknown, prefix: string, kind: (member: unknown) => string): void {
    const { unreadable: _, ...members } = readLoosely(value)
    for (const [name, member] of Object.entries(members)) {
      this.#members.add(prefix + name, kind(member))
      // One level deeper, where vendors keep lists of parameters.
      if (!prefix && kindOf(member) === 'object') this.#addMembers(member, `${nameOf(name)}.`, kind)
    }
  }

  report(): SeenShape {
    return {
      count: this.count,
      shapes: [...this.#shapes].sort(),
      members: this.#members.report(),
    }
  }
}

/** Returns what was seen under a name. */
export function seenIn(map: Map<string, Seen>, name: string): Seen {
  const seen = map.get(name) ?? new Seen()
  map.set(name, seen)
  return seen
}

export const shapesOf = (map: ReadonlyMap<string, Seen>): Record<string, SeenShape> =>
  Object.fromEntries([...map].map(([name, seen]) => [name, seen.report()]))

/** A call as a role of the core has read it. */
export interface ReadCall {
  readonly extra: Iterable<readonly [string, string]>
  readonly unreadable: readonly string[]
}

/** Members of a call that are no parameters. */
const OTHERS = ['extra', 'changed', 'unreadable', 'status']

/** The parameters of screen pops. */
export class SeenParameters {
  readonly #documented = new Set<string>()
  readonly #kinds = new Kinds()
  #calls = 0

  /** @param words the parameters whose values the core knows */
  add(call: ReadCall, words: readonly string[] = []): void {
    this.#calls += 1
    for (const [name, value] of Object.entries(call)) {
      if (OTHERS.includes(name) && !words.includes(name)) continue
      this.#documented.add(name)
      if (typeof value !== 'string') continue
      const known = value.startsWith('other:') ? 'undocumented' : 'documented'
      this.#kinds.add(name, words.includes(name) ? known : textKind(value))
    }
    for (const [name, value] of call.extra) this.#kinds.add(name, textKind(value))
    for (const name of call.unreadable) this.#kinds.add(name, 'unreadable')
  }

  report(vendor: ScreenPopReport['vendor']): ScreenPopReport {
    const { names } = this.#kinds
    return {
      ...{ source: 'calldock/compatibility/screen-pop', version: VERSION, vendor },
      calls: this.#calls,
      missing: [...this.#documented].filter((name) => !names.includes(name)),
      unknown: names.filter((name) => !this.#documented.has(name)),
      seen: this.#kinds.report(),
    }
  }
}

const textKind = (value: string) =>
  /^\d+$/.test(value) ? 'digits' : /^https?:\/\//i.test(value) ? 'address' : 'text'
