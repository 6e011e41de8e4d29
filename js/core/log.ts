import { report } from './errors.js'

/** The subject of an entry. */
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

/** Something that happened. Tokens, telephone numbers and names are already replaced by their length. */
export interface LogEntry {
  /** When, in ms since 1970, with the fraction the browser gives. */
  readonly at: number
  readonly kind: LogKind
  /** What, for example `login.received`. */
  readonly name: string
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

/** Takes entries, in their order. */
export type Logger = (entry: LogEntry) => void

const loggers = new Set<Logger>()
let removeOwn = () => {}

/**
 * Passes every entry from now on to `logger`; `null` ends it. A page has one such logger.
 *
 * @example
 * setLogger(({ name, detail }) => console.debug(name, detail))
 */
export function setLogger(logger: Logger | null): void {
  removeOwn()
  removeOwn = logger ? listen(logger) : () => {}
}

/**
 * Passes every entry from now on to `logger` too, beside the page's own; returns a stop function.
 *
 * @internal
 */
export function listen(logger: Logger): () => void {
  // A function of its own: the same logger may be added twice.
  const added: Logger = (entry) => logger(entry)
  loggers.add(added)
  return () => {
    loggers.delete(added)
  }
}

/**
 * Tells whether there is a logger: an entry whose detail is costly is made only then.
 *
 * @internal
 */
export function listening(): boolean {
  return loggers.size > 0
}

/**
 * This moment, in ms since 1970.
 *
 * @internal
 */
export const moment = () => performance.timeOrigin + performance.now()

/**
 * Writes an entry. A logger that throws is reported and disturbs nothing, other loggers included.
 *
 * @internal
 */
export function log(
  kind: LogKind,
  name: string,
  detail: LogEntry['detail'] = {},
  at = moment(),
): void {
  if (loggers.size === 0) return
  const entry = { at, kind, name, detail }
  for (const logger of [...loggers]) {
    try {
      logger(entry)
    } catch (error) {
      report(error)
    }
  }
}
