// What few pages need, loaded when one does. In one file: each file of its own would cost every page its name
// and a cut through what both use.

export { whenActivated } from '../../page/prerender.js'
export * from './attach.js'
export * from './buttons.js'
export * from './compatibility.js'
export * from './confirm.js'
export * from './dataset.js'
export * from './left.js'
export * from './missing.js'
export * from './outcome.js'
export * from './unlisted.js'
