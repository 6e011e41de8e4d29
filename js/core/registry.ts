// What all copies of the package on a page share: micro-frontends and two versions side by side must not
// open the same workbench twice or create the same Trusted Types policy twice.

import { define } from './define.js'

/**
 * The version of this copy; `cargo xtask build` compares it with the manifests.
 *
 * @example
 * console.info(`Calldock ${VERSION}`)
 */
export const VERSION = '0.1.0'

/** The members are plain, so that a copy of another version can read them. */
interface Registry {
  /** The version of the copy that made the registry. */
  readonly version: string
  /** State by name, with the version of the copy that made it. */
  readonly shared: Map<string, { readonly version: string; readonly value: unknown }>
}

const KEY = Symbol.for('calldock')

function registry(realm: object): Registry {
  const page = realm as { [KEY]?: Registry }
  const present = Object.getOwnPropertyDescriptor(page, KEY)?.value as Registry | undefined
  if (present) return present
  const value: Registry = { version: VERSION, shared: new Map() }
  define(page, KEY, value)
  return value
}

/**
 * Returns the page's state of this name, made by the first copy that needs it.
 *
 * The name carries the shape's version (`trusted-types/1`): copies share a state only if they agree on it.
 * A state of another window than this script's is kept there. Make an object whose members come later without a
 * prototype: what other code has put on `Object.prototype` is no state.
 */
export function shared<T>(name: string, make: () => T, realm: object = globalThis): T {
  const { shared } = registry(realm)
  let entry = shared.get(name)
  if (!entry) {
    entry = { version: VERSION, value: make() }
    shared.set(name, entry)
  }
  return entry.value as T
}
