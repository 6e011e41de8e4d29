// Loads one module of the core in the first of three forms that the page allows: streaming, bytes,
// JavaScript. A module and its glue belong together: each carries the hash of the build it is from.

import { failure, isCalldockError } from './errors.js'
import { log } from './log.js'
import type { Engine, Parts, RoleName } from './role.js'

/** What this file needs of a role's glue. */
export interface Glue {
  /** The hash of the build; the module imports under this name. */
  readonly build: string
  __wbg_set_wasm(exports: unknown): void
}

/** Thrown by the JavaScript form where wasm would trap. */
export class Trap extends Error {}

/** Where a module comes from, if not from beside its script. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module

/** How to load, for the whole page. */
export const settings: {
  /** `js`: skip the attempt at WebAssembly. */
  engine: 'auto' | 'js'
  /** From `ready({ wasm })` or `calldock/inline`. */
  readonly sources: Map<RoleName, WasmSource | (() => BufferSource)>
  /** The folder with the files, for the classic script, which has no `import.meta.url`. */
  base?: string
  /** Imports a JavaScript form from that folder. */
  script?: (role: RoleName) => ReturnType<Parts<object>['script']>
} = { engine: 'auto', sources: new Map() }

type Exports = Record<string, unknown>
/** The files of a role. */
type Files = Pick<Parts<object>, 'name' | 'url' | 'script'>

/**
 * Instantiates a module.
 *
 * @throws {CalldockError} `NETWORK` where no form could be loaded, or only one of another build
 */
export async function instantiate(
  parts: Files,
  glue: Glue,
): Promise<[Engine, Exports]> {
  const { name } = parts
  const imports = { [glue.build]: glue }
  if (settings.engine !== 'js' && allowsWasm()) {
    try {
      const [engine, module] = await compileMatching(parts, glue.build)
      const instance = await WebAssembly.instantiate(
        module,
        imports as unknown as WebAssembly.Imports,
      )
      return [engine, instance.exports]
    } catch (error) {
      if (isCalldockError(error)) throw error
      warn(name, error)
    }
  }
  try {
    const form = await (settings.script?.(name) ?? parts.script())
    if (form.build !== glue.build) throw otherBuild(`${name}.wasm.js`, glue.build, form.build)
    const trap = () => {
      throw new Trap('unreachable')
    }
    return ['js', form.instantiate(imports, trap)]
  } catch (cause) {
    if (isCalldockError(cause)) throw cause
    const expected = `${name}.wasm or ${name}.wasm.js beside the script`
    throw failure('NETWORK', `the ${name} core`, expected, 'neither', { cause })
  }
}

/**
 * Tells whether the page's policy allows WebAssembly, by an empty module: where it is refused, the file is
 * not downloaded first.
 */
function allowsWasm(): boolean {
  try {
    new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
    return true
  } catch (error) {
    log('core', 'core.wasmRefused', { reason: error instanceof Error ? error.name : 'unknown' })
    return false
  }
}

/** Compiles the module of this build. A cache's copy of another build is fetched again, once. */
async function compileMatching(
  parts: Files,
  build: string,
): Promise<[Engine, WebAssembly.Module]> {
  const source = settings.sources.get(parts.name)
  const isAddress = source === undefined || typeof source === 'string' || source instanceof URL
  let found: string | undefined
  for (const cache of isAddress ? (['default', 'reload'] as const) : (['default'] as const)) {
    const compiled = await compile(parts, source, cache)
    found = WebAssembly.Module.imports(compiled[1])[0]?.module
    if (found === build) return compiled
    log('core', 'core.otherBuild', { role: parts.name, found: found ?? 'none' })
  }
  throw otherBuild(`${parts.name}.wasm`, build, found)
}

function otherBuild(file: string, build: string, found: string | undefined) {
  return failure('NETWORK', file, `build ${build}`, `build ${found?.slice(0, 20) ?? 'unknown'}`, {
    remedy:
      'Serve the files of one version of the package; clear the cache, the CDN or the service worker that keeps the old one.',
  })
}

/** How long the wasm file may take to arrive, in ms, before the JavaScript form is tried. */
const PATIENCE = 10_000

async function compile(
  { name, url }: Files,
  source: WasmSource | (() => BufferSource) | undefined,
  cache: RequestCache,
): Promise<[Engine, WebAssembly.Module]> {
  if (typeof source === 'function') return ['buffer', await WebAssembly.compile(source())]
  if (source instanceof WebAssembly.Module) return ['buffer', source]
  if (source instanceof Response) return compileResponse(source.clone())
  if (source && typeof source !== 'string' && !(source instanceof URL))
    return ['buffer', await WebAssembly.compile(source)]
  const address = source ?? (settings.base ? new URL(`${name}.wasm`, settings.base) : url())
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), PATIENCE)
  try {
    return await compileResponse(await fetch(address, { cache, signal: late.signal }))
  } finally {
    clearTimeout(timer)
  }
}

async function compileResponse(response: Response): Promise<[Engine, WebAssembly.Module]> {
  if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
  // Of another type, as old servers send it, the browser compiles nothing while it arrives.
  const type = response.headers.get('content-type')?.trim().toLowerCase()
  if (type === 'application/wasm' && typeof WebAssembly.compileStreaming === 'function')
    return ['streaming', await WebAssembly.compileStreaming(response)]
  return ['buffer', await WebAssembly.compile(await response.arrayBuffer())]
}

const warned = new Set<RoleName>()

/** Says once that the larger form is used, and how to get the smaller one. */
function warn(name: RoleName, error: unknown): void {
  const reason = error instanceof Error ? error.message : 'unknown'
  log('core', 'core.wasmFailed', { role: name, reason })
  if (warned.has(name)) return
  warned.add(name)
  console.warn(
    `Calldock: ${name}.wasm could not be loaded (${reason}), so the larger JavaScript form is used. ` +
      `If your bundler does not copy the file: import 'calldock/inline', or call ready({ wasm: { ${name}: address } }).`,
  )
}
