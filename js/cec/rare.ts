// What few chats need at once, loaded when one does. In one file: each file of its own would cost every page its name
// and a cut through what both use.

export { whenActivated } from '../page/prerender.js'
export * from './channel.js'
export * from './cobrowse-scripts.js'
export * from './compatibility.js'
export * from './confirm.js'
export * from './shadowed.js'
