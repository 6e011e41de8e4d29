// The only file with the address of cec.wasm: bundlers copy every file whose address a module names.
import * as glue from '../../glue/cec.js'
import { guard } from '../guard.js'
import { defineRole, type Role } from '../role.js'
import { trust } from '../trusted-types.js'

/** @internal */
export const cec: Role<typeof glue> = /* @__PURE__ */ defineRole({
  glue,
  script: () => import('./cec.wasm.js'),
  prepare: ({ start }) => start(trust),
  guard,
  name: 'cec',
  url: () => new URL('./cec.wasm', import.meta.url),
})
