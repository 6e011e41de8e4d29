/**
 * For developers: an inspector that shows what Calldock does in a page.
 *
 * @packageDocumentation
 */

export { mountInspector } from './devtools/inspector.js'
export type { InspectorEntry, InspectorKind } from './devtools/journal.js'
export type {
  Inspector,
  InspectorExport,
  InspectorExportEntry,
  InspectorOptions,
} from './devtools/options.js'
