// What is needed only where a module cannot be loaded as wasm: its JavaScript form, and the errors.

import { type CalldockError, failure, Trap } from './errors.js'
import type { Compiled, Exports, Form, Glue } from './load.js'
import { log } from './log.js'
import type { RoleName } from './role.js'

/**
 * Instantiates the JavaScript form. `reason` is why the wasm failed, if it was attempted.
 *
 * @throws {CalldockError} `NETWORK` for a form of another build
 */
export function instantiateScript(
  name: RoleName,
  form: Form,
  glue: Glue,
  reason: unknown,
): Exports {
  if (reason !== undefined) warn(name, reason instanceof Error ? reason.message : 'unknown')
  if (form.build !== glue.build) throw otherBuild(`${name}.wasm.js`, glue.build, form.build)
  return form.instantiate({ [glue.build]: glue }, () => {
    throw new Trap('unreachable')
  })
}

/**
 * Compiles a module again, past the cache that had the one of another build.
 *
 * @throws {CalldockError} `NETWORK` where that one is of another build too
 */
export async function compileAgain(
  name: RoleName,
  source: (cache: RequestCache) => Promise<Compiled>,
  build: string,
  found: string | undefined,
): Promise<Compiled> {
  const role = name
  log('core', 'core.otherBuild', { role, found: found ?? 'none' })
  const compiled = await source('reload')
  const next = WebAssembly.Module.imports(compiled[1])[0]?.module
  if (next === build) return compiled
  log('core', 'core.otherBuild', { role, found: next ?? 'none' })
  throw otherBuild(`${name}.wasm`, build, next)
}

/** The error of a file that belongs to another build than its glue. */
function otherBuild(file: string, build: string, found: string | undefined): CalldockError {
  return failure('NETWORK', file, `build ${build}`, `build ${found?.slice(0, 20) ?? 'unknown'}`, {
    remedy:
      'Serve the files of one version of the package; clear the cache, the CDN or the service worker that keeps the old one.',
  })
}

const warned = new Set<RoleName>()

/** Logs once that the larger form is used, and how to get the smaller one. */
function warn(name: RoleName, reason: string): void {
  log('core', 'core.wasmFailed', { role: name, reason })
  if (warned.has(name)) return
  warned.add(name)
  console.warn(
    `Calldock: ${name}.wasm could not be loaded (${reason}), so the larger JavaScript form is used. ` +
      `If your bundler does not copy the file: import 'calldock/inline', or call ready({ wasm: { ${name}: address } }).`,
  )
}
