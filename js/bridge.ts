/**
 * A host page serves the callOuts of its own frames, as the vendor's workbench does.
 *
 * @packageDocumentation
 */

export type { RefusedMessage, ServeOptions } from './generated/types.js'
export { serveCallOuts } from './tccc/host/bridge/serve.js'
