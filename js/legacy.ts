/**
 * Everything for pages, as ES2019 modules without `import()` and `import.meta`: for Chromium 78, and for
 * bundlers that know nothing newer. The wasm is carried along as text; where a policy refuses it, the
 * JavaScript form is. `calldock/legacy/tccc` and the like are its parts.
 *
 * @packageDocumentation
 */

// Where both vendors have one name, it is TCCC's; CEC's is in `calldock/legacy/cec`.
export * from './bridge.js'
export * from './cec.js'
export * from './dom.js'
export * from './end-status.js'
export * from './index.js'
export * from './preflight.js'
export * from './tccc.js'
export { callOut, currentCall, onScreenPop, screenPopCompatibility } from './tccc.js'
