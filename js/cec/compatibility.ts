// What a tenant's CEC has responded with, by names and types. Loaded only when a page asks for a report.

import { VERSION } from '../core/registry.js'
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
  /** The members of each command's responses and their types, since the page was loaded. */
  readonly responses: Readonly<Record<string, readonly string[]>>
}

/** Makes the report. */
export function compatibilityOf({
  scripts,
  globals,
  nodesAdded,
}: ChatReport): ChatCompatibilityReport {
  return {
    ...{ source: 'calldock/compatibility/cec', version: VERSION, nodesAdded },
    scripts: scripts.map(({ name, threw }) => ({ name, threw: threw !== undefined })),
    missingGlobals: Object.keys(globals).filter((name) => !globals[name]),
    responses: Object.fromEntries([...responses].map(([name, seen]) => [name, [...seen].sort()])),
  }
}
