import { type Compiled, compile, compileResponse } from './load.js'

/** Where a module comes from, if not from beside its script. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module

/** Makes the function that gets a module from a source. */
export function from(source: WasmSource): (cache: RequestCache) => Promise<Compiled> {
  return async (cache) => {
    if (typeof source === 'string' || source instanceof URL) return compile(source, cache)
    if (source instanceof WebAssembly.Module) return ['buffer', source]
    if (source instanceof Response) return compileResponse(source.clone())
    return ['buffer', await WebAssembly.compile(source)]
  }
}
