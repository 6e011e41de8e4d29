// Loads one module of the core as wasm. What a page needs only where that fails is in fallback.ts, which
// is loaded then. A module and its glue belong together: each carries the hash of the build it is from.

import { failure, isCalldockError } from './errors.js'
import { log } from './log.js'
import type { Engine, Parts, RoleName } from './role.js'

/** What this file needs of a role's glue. */
export interface Glue {
  /** The hash of the build; the module imports under this name. */
  readonly build: string
  __wbg_set_wasm(exports: unknown): void
}

/** The exports of an instance. */
export type Exports = Record<string, unknown>
/** A compiled module, and how it was compiled. */
export type Compiled = [Engine, WebAssembly.Module]
/** A JavaScript form, as the build makes it. */
export interface Form {
  /** The hash of the build. */
  readonly build: string
  /** Starts it; once. `trap` throws, where wasm would trap. */
  instantiate(imports: Record<string, object>, trap: () => never): Exports
}
/** The files of a role. */
export type Files = Pick<Parts<object>, 'name' | 'url' | 'script'>

interface Settings {
  /** `js`: skip the attempt at WebAssembly. */
  engine: 'auto' | 'js'
  /** How to get a module that is not beside its script. */
  readonly sources: Map<RoleName, (cache: RequestCache) => Promise<Compiled>>
  /** The folder with the files, for the classic script, which has no `import.meta.url`. */
  base?: string
  /** Imports a JavaScript form from that folder. */
  script?: (role: RoleName) => ReturnType<Parts<object>['script']>
}

/** How to load, for the whole page. What other code has put on Object.prototype is no setting. */
export const settings = {
  __proto__: null,
  engine: 'auto',
  sources: new Map(),
} as object as Settings

/**
 * Instantiates a module.
 *
 * @throws {CalldockError} `NETWORK` where no form could be loaded, or only one of another build
 */
export async function instantiate(files: Files, glue: Glue): Promise<[Engine, Exports]> {
  const { name } = files
  const imports = { [glue.build]: glue }
  let reason: unknown
  try {
    try {
      // In a script that is no module, which has no address, this throws.
      if (settings.engine !== 'js' && !isOnDisk(files) && allowsWasm()) {
        const [engine, module] = await compileMatching(files, glue.build)
        const instance = await WebAssembly.instantiate(
          module,
          imports as object as WebAssembly.Imports,
        )
        return [engine, instance.exports]
      }
    } catch (error) {
      if (isCalldockError(error)) throw error
      reason = error
    }
    const script = settings.script?.(name) ?? files.script()
    // Its failure is that of the whole, below.
    script.catch(() => {})
    const { instantiateScript } = await import('./fallback.js')
    return ['js', instantiateScript(name, await script, glue, reason)]
  } catch (cause) {
    if (isCalldockError(cause)) throw cause
    const expected = `${name}.wasm beside the script`
    throw failure('NETWORK', `the ${name} core`, expected, 'none', { cause })
  }
}

/** Tells whether the file is on disk, where nothing can be fetched: in Node, for tests. */
function isOnDisk({ name, url }: Files): boolean {
  return !settings.sources.has(name) && !settings.base && url().protocol === 'file:'
}

/**
 * Tells whether the page's policy allows WebAssembly, by an empty module: where it is refused, the file is
 * not downloaded first.
 */
function allowsWasm(): boolean {
  try {
    // WebKit refuses the instance only.
    new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])))
    return true
  } catch {
    log('core', 'core.wasmRefused')
    return false
  }
}

/** Compiles the module of this build. A cache's copy of another build is fetched again, once. */
async function compileMatching({ name, url }: Files, build: string): Promise<Compiled> {
  const beside = (cache: RequestCache) =>
    compile(settings.base ? new URL(`${name}.wasm`, settings.base) : url(), cache)
  const source = settings.sources.get(name) ?? beside
  const compiled = await source('default')
  const found = WebAssembly.Module.imports(compiled[1])[0]?.module
  if (found === build) return compiled
  return (await import('./fallback.js')).compileAgain(name, source, build, found)
}

/** How long the wasm file may take to arrive, in ms, before the JavaScript form is tried. */
const PATIENCE = 10_000

/** Fetches and compiles a module. */
export async function compile(address: string | URL, cache: RequestCache): Promise<Compiled> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), PATIENCE)
  try {
    const request = { __proto__: null, cache, signal: late.signal } as RequestInit
    return await compileResponse(await fetch(address, request))
  } finally {
    clearTimeout(timer)
  }
}

/** Compiles a module from a response, while it arrives if its content type allows that. */
export async function compileResponse(response: Response): Promise<Compiled> {
  if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
  // Of another type, as old servers send it, the browser compiles nothing while it arrives.
  const type = response.headers.get('content-type')?.trim().toLowerCase()
  if (type === 'application/wasm' && typeof WebAssembly.compileStreaming === 'function')
    return ['streaming', await WebAssembly.compileStreaming(response)]
  return ['buffer', await WebAssembly.compile(await response.arrayBuffer())]
}
