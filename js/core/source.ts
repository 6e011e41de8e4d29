import { invalid } from './errors.js'
import { type Compiled, compile, compileResponse } from './load.js'

/** Where a module comes from, if not from beside its script. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module

const { toString: tag } = Object.prototype

/**
 * Makes the function that gets a module from a source of any realm (frames, micro-frontends), where `instanceof`
 * fails.
 *
 * @throws {CalldockError} `INVALID_OPTION` for anything else
 */
export function from(
  source: WasmSource,
  where: string,
): (cache: RequestCache) => Promise<Compiled> {
  const kind = kindOf(source)
  if (kind === 'String' || kind === 'URL') return (cache) => compile(source as string | URL, cache)
  if (kind === 'Response') return async () => compileResponse((source as Response).clone())
  if (kind === 'WebAssembly.Module') return async () => ['buffer', source as WebAssembly.Module]
  if (kind === 'ArrayBuffer' || ArrayBuffer.isView(source))
    return async () => ['buffer', await WebAssembly.compile(source as BufferSource)]
  throw invalid(where, 'an address, a Response, the bytes or a compiled module', source)
}

function kindOf(source: unknown): string {
  try {
    return tag.call(source).slice(8, -1)
  } catch {
    // A revoked proxy.
    return ''
  }
}
