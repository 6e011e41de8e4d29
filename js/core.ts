// Starts the Rust core, once a page, in the first of three forms that the page allows.

import * as glue from './calldock_bg.js'
import { CalldockError, type Code, report } from './errors.js'
import { type LogEntry, type LogKind, listening, log } from './log.js'

/**
 * How the core runs: `streaming` (compiled while it arrives), `buffer` (the server sent the wrong type,
 * or the bytes are part of the bundle), or `js` (the page's policy refuses WebAssembly).
 */
export type Engine = 'streaming' | 'buffer' | 'js'

/**
 * The core's exports, as wasm-bindgen's glue has them.
 *
 * @internal
 */
export type Core = typeof glue

/** Where the bytes come from where not from beside this file; set by `inline.ts` and `global.ts`. */
export const source: { bytes?: () => Uint8Array<ArrayBuffer>; base?: string } = {}

let starting: Promise<Core> | undefined
let running: Engine | undefined
let refuseWasm = false
let broken: CalldockError | undefined
const waiting = new Set<(error: CalldockError) => void>()

/**
 * Starts the core, or returns the start under way. A failed start may be tried again.
 *
 * @internal
 */
export function startCore(): Promise<Core> {
  starting ??= start().catch((error) => {
    starting = undefined
    throw error
  })
  return starting
}

/** Skips the attempt at WebAssembly, which a strict policy would report at every view. */
export function preferJavaScript(): void {
  refuseWasm = true
}

/** How the core runs, or `undefined` while it does not. */
export function engine(): Engine | undefined {
  return running
}

/** Calls `victim` if the core breaks; returns how to stop that. */
export function onBroken(victim: (error: CalldockError) => void): () => void {
  if (broken) victim(broken)
  else waiting.add(victim)
  return () => waiting.delete(victim)
}

/** Refuses a server's rendering and a worker, before anything is asked or heard. */
export function requirePage(): void {
  if (typeof document === 'undefined')
    throw new CalldockError('UNSUPPORTED_BROWSER', 'the core: expected a page, found none')
}

async function start(): Promise<Core> {
  requirePage()
  const [form, exports] = await instantiate({ './calldock_bg.js': glue })
  glue.__wbg_set_wasm(guard(exports))
  glue.start({
    fail,
    log: (kind: LogKind, name: string, detail: LogEntry['detail']) => log(kind, name, detail),
    report,
    get listening() {
      return listening()
    },
  })
  running = form
  log('core', 'core.started', { engine: form })
  return glue
}

type Imports = Record<string, object>
type Exports = Record<string, unknown>

async function instantiate(imports: Imports): Promise<[Engine, Exports]> {
  if (!refuseWasm && typeof WebAssembly === 'object') {
    try {
      return await instantiateWasm(imports as WebAssembly.Imports)
    } catch (error) {
      log('core', 'core.wasmRefused', { reason: error instanceof Error ? error.name : 'unknown' })
    }
  }
  try {
    const form = await import('./calldock_bg.wasm.js')
    return ['js', form.instantiate(imports)]
  } catch (cause) {
    throw new CalldockError(
      'NETWORK',
      'the core: expected calldock_bg.wasm or calldock_bg.wasm.js beside the script, found neither',
      { cause },
    )
  }
}

/** How long the wasm file may take to arrive, in ms, before the other form is tried. */
const PATIENCE = 10_000

async function instantiateWasm(imports: WebAssembly.Imports): Promise<[Engine, Exports]> {
  if (source.bytes) {
    const { instance } = await WebAssembly.instantiate(source.bytes(), imports)
    return ['buffer', instance.exports]
  }
  const url = source.base
    ? new URL('calldock_bg.wasm', source.base)
    : new URL('./calldock_bg.wasm', import.meta.url)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), PATIENCE)
  try {
    return await compile(await fetch(url, { signal: late.signal }), imports)
  } finally {
    clearTimeout(timer)
  }
}

async function compile(
  response: Response,
  imports: WebAssembly.Imports,
): Promise<[Engine, Exports]> {
  if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
  // Of another type, as old servers send it, the browser compiles nothing on its way.
  const type = response.headers.get('content-type')?.trim().toLowerCase()
  if (type === 'application/wasm' && typeof WebAssembly.instantiateStreaming === 'function') {
    const { instance } = await WebAssembly.instantiateStreaming(response, imports)
    return ['streaming', instance.exports]
  }
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), imports)
  return ['buffer', instance.exports]
}

/**
 * The exports, each watched for a panic. Every way into the core leads through them: calls, event
 * listeners, timers and promises. After a panic its memory means nothing any more, so all that waits
 * and all that comes later fails.
 */
function guard(exports: Exports): Exports {
  const guarded: Exports = {}
  for (const [name, value] of Object.entries(exports)) {
    guarded[name] =
      typeof value !== 'function'
        ? value
        : (...args: unknown[]) => {
            if (broken) throw broken
            try {
              return value(...args)
            } catch (cause) {
              throw breakDown(cause)
            }
          }
  }
  return guarded
}

function breakDown(cause: unknown): CalldockError {
  broken ??= new CalldockError('INTERNAL', 'the core: expected to go on, found that it panicked', {
    cause,
  })
  log('error', 'core.panicked')
  for (const victim of waiting) victim(broken)
  waiting.clear()
  return broken
}

function fail(
  code: Code,
  message: string,
  remedy: string | undefined,
  cause: unknown,
  attempts: CalldockError['attempts'],
): CalldockError {
  log('error', 'error', { code, message })
  return new CalldockError(code, message, { remedy, cause, attempts })
}
