// What a page hands to an inspector, and gets from it.

import type { InspectorEntry, Kept } from './journal.js'

/** Where an inspector stands, and what it calls things. */
export interface InspectorOptions {
  /** The node to fill; the page's lower edge unless given. */
  readonly into?: Element | undefined
  /** At the lower edge: shows its bar only, at first. */
  readonly collapsed?: boolean | undefined
  /**
   * The workbench, or the chat, whose compatibility report is shown, as entries of the kind `workbench`, and exported.
   * It records from now on.
   */
  readonly workbench?: { compatibility(): Promise<object> } | undefined
  /** What it says while there is nothing. */
  readonly empty?: string | undefined
  /** Which frame this page's own entries come from, where others are added. */
  readonly frame?: string | undefined
  /** What frames are called: `{ crm: 'CRM' }`. */
  readonly frames?: Readonly<Record<string, string>> | undefined
}

/** What an inspector has heard, redacted: to be kept, sent or compared. */
export interface InspectorExport {
  readonly source: 'calldock'
  /** When, in ISO 8601. */
  readonly exportedAt: string
  /** The page's origin. */
  readonly page: string
  /** How many older entries are no longer there. */
  readonly dropped: number
  readonly entries: readonly InspectorExportEntry[]
  /** The compatibility report, as it was after the latest event or call; of a closed workbench, its last one. */
  readonly compatibility?: object
}

/** One entry of an export. */
export interface InspectorExportEntry {
  /** In ISO 8601. */
  readonly at: string
  /** In ms since the page began. */
  readonly ms: number
  readonly kind: Kept['kind']
  readonly name: string
  readonly frame?: string
  readonly detail: Kept['detail']
}

/** An inspector in the page. */
export interface Inspector {
  /** Holds it all, in a shadow root. */
  readonly element: HTMLElement
  /** Adds an entry of the page's own, or one that another frame has logged; redacted like all others. */
  add(entry: InspectorEntry): void
  /** Forgets what it has heard. */
  clear(): void
  /** What it has heard, the last 1,000 entries. */
  export(): InspectorExport
  /** Takes it away, with its listener and timers. */
  close(): void
}
