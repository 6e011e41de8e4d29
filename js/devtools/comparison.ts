// What a compatibility report finds, as entries of the list: those that are new, and those that have changed.

import type { SeenShape } from '../page/seen.js'
import type { InspectorEntry } from './journal.js'
import type { InspectorOptions } from './options.js'

/** How soon, in ms, a report follows what may have changed it. */
const PATIENCE = 300

type Finding = readonly [name: string, detail: Readonly<Record<string, unknown>>]

/** Keeps the compatibility report of a workbench. @internal */
export class Comparison {
  /** The latest report. */
  report: object | undefined
  readonly #source: InspectorOptions['workbench']
  readonly #show: (entry: InspectorEntry) => void
  /** What was shown, by the entry's name. */
  readonly #shown = new Map<string, string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #busy = 0

  /** Nothing is compared without a source. The first report starts to record. */
  constructor(source: InspectorOptions['workbench'], show: (entry: InspectorEntry) => void) {
    this.#source = source
    this.#show = show
    this.refresh()
  }

  /** Whether a report is being made, which the workbench logs too. */
  get busy(): boolean {
    return this.#busy > 0
  }

  /** Makes a report soon: once for all that happens until then. */
  refreshSoon(): void {
    if (!this.#source || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.refresh()
    }, PATIENCE)
  }

  async refresh(): Promise<void> {
    if (!this.#source) return
    this.#busy += 1
    try {
      const report = await this.#source.compatibility()
      this.report = report
      for (const [name, detail] of findingsOf(report)) {
        // A count that has grown is no news.
        const text = JSON.stringify(detail, (_, v) => (typeof v === 'number' ? undefined : v))
        if (this.#shown.get(name) === text) continue
        this.#shown.set(name, text)
        this.#show({ kind: 'workbench', name, detail })
      }
    } catch {
      // A workbench that was closed has the report before.
    } finally {
      this.#busy -= 1
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

/** The parts of a report that say something. Names are joined by spaces: with dots they would be long words. */
function findingsOf(part: object, name = 'compatibility'): Finding[] {
  const { shapes, members } = part as Partial<SeenShape>
  if (shapes && members) return [[name, { shapes: textOf(shapes), ...mapped(members) }]]
  const detail: Record<string, unknown> = {}
  const deeper: Finding[] = []
  for (const [key, member] of Object.entries(part)) {
    if (Array.isArray(member) && typeof member[0] !== 'object') {
      if (member.length > 0) detail[key] = textOf(member)
    } else if (typeof member === 'object' && member) {
      deeper.push(...findingsOf(member, `${name} ${key}`))
    } else detail[key] = member
  }
  return [...(Object.keys(detail).length > 0 ? [[name, detail] as const] : []), ...deeper]
}

const textOf = (names: readonly unknown[]) => names.join(', ')

const mapped = (members: SeenShape['members']) =>
  Object.fromEntries(Object.entries(members).map(([name, types]) => [name, textOf(types)]))
