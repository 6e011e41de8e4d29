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

let logger: Logger | null = null

/** Hands every entry from now on to `next`; `null` ends it. */
export function setLogger(next: Logger | null): void {
  logger = next
}

/** Whether anybody reads the log. */
export function listening(): boolean {
  return logger !== null
}

/** Writes an entry. A logger that throws disturbs nothing. */
export function log(kind: LogKind, name: string, detail: LogEntry['detail'] = {}): void {
  try {
    logger?.({ at: performance.timeOrigin + performance.now(), kind, name, detail })
  } catch (error) {
    report(error)
  }
}
