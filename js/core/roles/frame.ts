// The only file with the address of frame.wasm: bundlers copy every file whose address a module names.
import * as glue from '../../glue/frame.js'
import { defineRole, type Role } from '../role.js'

/** @internal */
export const frame: Role<typeof glue> = /* @__PURE__ */ defineRole({
  name: 'frame',
  script: () => import('./frame.wasm.js'),
  url: () => new URL('./frame.wasm', import.meta.url),
  glue,
})
