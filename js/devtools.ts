/**
 * For developers: an inspector that shows what Calldock does in a page.
 *
 * @packageDocumentation
 */

export {
  type Inspector,
  type InspectorExport,
  type InspectorExportEntry,
  type InspectorOptions,
  mountInspector,
} from './devtools/inspector.js'
export type { InspectorEntry, InspectorKind } from './devtools/journal.js'
