// What few pages need, loaded when one does. In one file: each file of its own would cost every page its name
// and a cut through what both use.

// `Machine`, `stream` and `windowOf` are not for their use: with them, what the workbench uses is in the chunks that
// this file has in common with it, and no page loads a long list of the names that go from one chunk to another.

export { stream } from '../../core/stream.js'
export { whenActivated } from '../../page/prerender.js'
export { windowOf } from '../../page/realm.js'
export * from './attach.js'
export * from './buttons.js'
export * from './compatibility.js'
export * from './confirm.js'
export * from './dataset.js'
export * from './left.js'
export { Machine } from './machine.js'
export * from './missing.js'
export * from './unlisted.js'
