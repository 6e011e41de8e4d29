// What a tenant's CEC has responded with, by names and types. Loaded only when a page asks for a report.

import { VERSION } from '../core/registry.js'
import { kindOf, Seen, type SeenShape, shapesOf } from '../page/seen.js'
import { responses } from './channel.js'
import type { ChatReport } from './report.js'

/** What CEC's scripts and REST interface have shown. Names and types, no values. */
export interface ChatCompatibilityReport {
  readonly source: 'calldock/compatibility/cec'
  /** The package's version. */
  readonly version: string
  /** The vendor's scripts that were run, and whether each threw. */
  readonly scripts: readonly { readonly name: string; readonly threw: boolean }[]
  /** Globals of the guide that are not on the window. */
  readonly missingGlobals: readonly string[]
  /** How many elements head and body have gained. */
  readonly nodesAdded: number
  /** Whether CEC responds on another origin than the page's. */
  readonly crossOrigin: boolean
  /** Whether the page can read the vendor's cookie. */
  readonly cookieVisible: boolean
  /** What was warned of. */
  readonly warnings: readonly string[]
  /** The shapes of each command's responses, since the page was loaded. */
  readonly responses: Readonly<Record<string, SeenShape>>
}

/** Makes the report. */
export function compatibilityOf(report: ChatReport): ChatCompatibilityReport {
  const { scripts, globals, nodesAdded, crossOrigin, cookieVisible, warnings } = report
  const seen = new Map<string, Seen>()
  for (const [method, shapes] of responses) {
    const all = new Seen()
    seen.set(method, all)
    // In a shape, a text is the type of what stood there.
    for (const [shape, times] of shapes)
      all.add(JSON.parse(shape), times, (type) => (typeof type === 'string' ? type : kindOf(type)))
  }
  return {
    ...{ source: 'calldock/compatibility/cec', version: VERSION, nodesAdded },
    ...{ crossOrigin, cookieVisible, warnings: warnings.map(({ code }) => code) },
    scripts: scripts.map(({ name, threw }) => ({ name, threw: threw !== undefined })),
    missingGlobals: Object.keys(globals).filter((name) => !globals[name]),
    responses: shapesOf(seen),
  }
}
