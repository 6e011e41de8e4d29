/**
 * What both vendors share: the start of the core, the log, the errors.
 *
 * @packageDocumentation
 */
import { type Engine, engine, preferJavaScript, startCore } from './core.js'
import { deadline, settle } from './settle.js'

export type { Engine } from './core.js'
export { CalldockError, type Code, type FailedAttempt } from './errors.js'
export { type LogEntry, type Logger, type LogKind, setLogger } from './log.js'
export type { PreflightCheck } from './preflight/checks.js'
export { type PreflightOptions, type PreflightReport, preflight } from './preflight.js'
export { engine }

/** How to start the core. */
export interface ReadyOptions {
  /**
   * `js` skips the attempt at WebAssembly: for a page whose policy lacks `'wasm-unsafe-eval'`, so that
   * it sends no report at each view. Only the first start counts.
   */
  readonly engine?: 'auto' | 'js'
  /** How long to wait, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Starts the core earlier than the first call would, and tells how it runs.
 *
 * @throws {CalldockError} `NETWORK`, `TIMEOUT`, `ABORTED`, `UNSUPPORTED_BROWSER`
 */
export async function ready(options: ReadyOptions = {}): Promise<Engine> {
  const timeoutMs = deadline(options.timeoutMs, 15_000)
  if (options.engine === 'js') preferJavaScript()
  await settle(startCore(), { what: 'ready', timeoutMs, signal: options.signal })
  return engine() as Engine
}
