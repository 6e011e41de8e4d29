import { report } from './errors.js'

/** What an entry is about. */
export type LogKind =
  | 'core'
  | 'login'
  | 'script'
  | 'workbench'
  | 'event'
  | 'call'
  | 'hash'
  | 'message'
  | 'error'

/** Something that happened. Tokens, numbers and names are already replaced by their length. */
export interface LogEntry {
  /** When, in ms since 1970, with the fraction the browser gives. */
  readonly at: number
  readonly kind: LogKind
  /** What, for example `login.answered`. */
  readonly name: string
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

/** Takes entries, in their order. */
export type Logger = (entry: LogEntry) => void

const loggers = new Set<Logger>()
let forget = () => {}

/** Hands every entry from now on to `next`; `null` ends it. */
export function setLogger(next: Logger | null): void {
  forget()
  forget = next ? listen(next) : () => {}
}

/**
 * Hands every entry from now on to `logger` too, beside the page's own; returns how to stop.
 *
 * @internal
 */
export function listen(logger: Logger): () => void {
  // A function of its own: the same logger may listen twice.
  const told: Logger = (entry) => logger(entry)
  loggers.add(told)
  return () => {
    loggers.delete(told)
  }
}

/** Whether anybody reads the log. */
export function listening(): boolean {
  return loggers.size > 0
}

/** Writes an entry. A logger that throws disturbs nothing, the others included. */
export function log(kind: LogKind, name: string, detail: LogEntry['detail'] = {}): void {
  if (loggers.size === 0) return
  const entry = { at: performance.timeOrigin + performance.now(), kind, name, detail }
  for (const logger of [...loggers]) {
    try {
      logger(entry)
    } catch (error) {
      report(error)
    }
  }
}
