import { ANY, FUNCTION, NUMBER, read, type Shape } from '../../check.js'
import { type CalldockError, failure, invalid, report } from '../../core/errors.js'
import { log, listening as logging } from '../../core/log.js'
import { requirePage } from '../../core/role.js'
import { frame } from '../../core/roles/frame.js'
import {
  checkSignal,
  clearTimeout,
  setTimeout,
  termsOf,
  type WaitOptions,
  wait,
  whenDescribed,
} from '../../core/wait.js'
import { SCREEN_POP_OPTIONS } from '../../generated/tables.js'
import type { CallContext, ScreenPopOptions } from '../../generated/types.js'
import { windowOf } from '../../page/realm.js'
import { listening } from './listening.js'

/** How long, in ms, the core may take to start. */
const TIMEOUT = 15_000

/** For how many ms the event of an earlier change may come. */
const LATE = 1000

/** A call as the core hands it over. */
type Record = Omit<CallContext, 'extra'> & { extra: readonly (readonly [string, string])[] }

/** What the core has in place of an error. */
type Failure = Parameters<typeof failure>

/**
 * Calls `listener` with the call in the page's hash, if there is one, and with every call that the workbench
 * writes there later (screen-pop guide). The hash is not changed, so a hash router can use it too. Nothing is
 * lost between this call and the start of the core.
 *
 * @returns a function that stops it
 * @throws {CalldockError} `INVALID_OPTION` for a listener that is not a function, `UNSUPPORTED_BROWSER` on a
 * server and in a worker
 * @example
 * const stop = onScreenPop(({ mobile, status, changed }) => show(mobile, status))
 */
export function onScreenPop(
  listener: (call: CallContext) => void,
  options: ScreenPopOptions = {},
): () => void {
  if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
  const checked = read(SCREEN_POP_OPTIONS, options, 'options')
  const { signal, onError = report } = checked
  checkSignal(signal)
  requirePage()
  const page = windowOf(checked)
  if (signal?.aborted) return () => {}

  let live = true
  let reader: { read(hash: string): unknown; free(): void } | undefined
  let registered: ((event: HashChangeEvent) => void) | undefined
  // Until the core is there. Never location.hash later: two changes in one task would read the second
  // one twice.
  const { href } = page.location
  const early = [href]
  const isLate = lateEvents(page, href)
  let taken: Event | undefined
  const keep = (event: HashChangeEvent) => {
    if (isLate(event)) return
    if (reader) taken = event
    early.push(event.newURL)
    readEarly()
  }

  const deliver = (record: Record | undefined, error?: Failure) => {
    if (!live) return
    try {
      if (error) fail(error)
      else if (record) listener(callOf(record))
    } catch (thrown) {
      report(thrown)
    }
  }
  const fail = (thrown: Failure) => {
    const error = failure(...thrown)
    log('error', 'error', { code: error.code, message: error.message })
    describe(error)
  }
  /** Hands an error over once its fix can be read. */
  const describe = (error: CalldockError) => {
    whenDescribed(error)
      .then(() => onError(error))
      .catch(report)
  }
  const stop = () => {
    if (!live) return
    live = false
    isLate({})
    page.removeEventListener('hashchange', keep)
    if (registered) page.removeEventListener('hashchange', registered)
    signal?.removeEventListener('abort', stop)
    forget()
    // Not now: `stop` may be called by the listener, which the core is calling.
    if (reader) queueMicrotask(() => frame.running && reader?.free())
  }
  /** A trap inside the core's own listener. */
  const forget = frame.onPoisoned((error) => {
    if (!live) return
    stop()
    describe(error)
  })
  const start = () => {
    if (!live) return
    reader = frame.call((core) => {
      const enter = (callback: (event: HashChangeEvent) => void) => {
        const entered = frame.enter(callback)
        registered = (event) => {
          page.removeEventListener('hashchange', keep)
          if (event !== taken && !isLate(event)) entered(event)
        }
        return registered
      }
      return new core.ScreenPop(page, enter, deliver)
    })
    Object.assign(listening(), { frame, page })
    readEarly()
  }
  // `keep` stays until the core's listener has heard something: this may run between two listeners of one
  // event, which then does not reach a listener added now.
  const readEarly = () => {
    for (const url of reader ? early.splice(0) : []) {
      if (!live) return
      try {
        deliver(frame.call(() => reader?.read(hashOf(url))) as Record | undefined)
      } catch (error) {
        // A trap has been told by `forget`.
        if (live) describe(error as CalldockError)
      }
    }
  }
  const failed = (error: CalldockError) => {
    if (!live) return
    stop()
    onError(error)
  }
  page.addEventListener('hashchange', keep)
  signal?.addEventListener('abort', stop)
  wait(frame.start(), { what: 'onScreenPop', timeoutMs: TIMEOUT }).then(start).catch(failed)
  return stop
}

/** Tells which events are of a change before this call, and come late. One without addresses ends the waiting. */
function lateEvents(page: Window, href: string): (event: Partial<HashChangeEvent>) => unknown {
  // By a timer, not by the clock: on a busy page an earlier event comes late, and before the timer all the same.
  // A router may have left the address without an event, and the same call comes again.
  const moved = () => {
    clearTimeout(late)
    late = undefined
  }
  let late: ReturnType<typeof setTimeout> | undefined = setTimeout(moved, LATE)
  return ({ oldURL, newURL }) => {
    if ((page.location.href !== href && newURL !== href) || !oldURL || oldURL === href) moved()
    // A page's own event has no address.
    return late ?? !newURL
  }
}

/** Here and not in the tables: a page may pass the options of `onScreenPop` here too. */
export const READ_OPTIONS: Shape<WaitOptions & ScreenPopOptions> = {
  'timeoutMs?': NUMBER,
  'signal?': ANY,
  'onError?': FUNCTION,
  'window?': ANY,
}

/**
 * Returns the call in the page's hash at this moment, or `null` if there is none.
 *
 * @param options how long it may wait for the core, by default 15,000 ms; a signal that stops it; the window to act
 * in
 * @throws {CalldockError} `INVALID_OPTION` for a hash of more than 256 KiB; `NETWORK`, `TIMEOUT`, `ABORTED`
 * @example
 * const call = await currentCall()
 */
export async function currentCall(
  options: WaitOptions & Pick<ScreenPopOptions, 'window'> = {},
): Promise<CallContext | null> {
  const checked = read(READ_OPTIONS, options, 'options')
  const terms = termsOf('currentCall', checked)
  requirePage()
  const hash = hashOf(windowOf(checked).location.href)
  await wait(frame.start, terms)
  const record = frame.call((core) => core.readHash(hash)) as Record | undefined
  return record ? callOf(record) : null
}

function hashOf(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? '' : url.slice(at)
}

function callOf(record: Record): CallContext {
  const call: CallContext = Object.assign(record, { extra: new Map(record.extra) })
  if (logging()) note(call)
  return call
}

/** Writes down only the vendor's own words: numbers, names and unknown parameters are not logged. */
function note(call: CallContext): void {
  const { status, type, changed } = call
  const word = (value: string | null) => (value?.startsWith('other:') ? 'other' : value)
  const names = changed.map((name) => (name in call ? name : 'other'))
  log('hash', 'hash.read', { status: word(status), type: word(type), changed: names.join(', ') })
}
