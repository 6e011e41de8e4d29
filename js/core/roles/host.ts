// The only file with the address of host.wasm: bundlers copy every file whose address a module names.
import * as glue from '../../glue/host.js'
import { defineRole, type Role } from '../role.js'
import { trust } from '../trusted-types.js'

/** @internal */
export const host: Role<typeof glue> = /* @__PURE__ */ defineRole({
  prepare: ({ start }) => start(trust),
  name: 'host',
  script: () => import('./host.wasm.js'),
  url: () => new URL('./host.wasm', import.meta.url),
  glue,
})
