// The only file with the address of agent.wasm: bundlers copy every file whose address a module names.
import * as glue from '../../glue/agent.js'
import { defineRole, type Role } from '../role.js'

/** @internal */
export const agent: Role<typeof glue> = /* @__PURE__ */ defineRole({
  name: 'agent',
  script: () => import('./agent.wasm.js'),
  url: () => new URL('./agent.wasm', import.meta.url),
  glue,
})
