import { type Core, requirePage, startCore } from '../core.js'
import { type CalldockError, report } from '../errors.js'
import { checkSignal, invalid, settle } from '../settle.js'

/** Where a call stands; a value the vendor has not documented is kept behind `other:`. */
export type CallStatus = 'ringing' | 'connected' | 'ended' | `other:${string}`

/** What kind of service a call is: `om` of the vendor's is `audio`, `oim` is `audioAndIm`. */
export type ServiceType = 'phone' | 'im' | 'audio' | 'audioAndIm' | `other:${string}`

/**
 * The call a screen-pop page is shown for (seed 004). What the vendor left out or empty is `null`.
 */
export interface CallContext {
  readonly status: CallStatus | null
  readonly type: ServiceType | null
  /** The customer's number. */
  readonly mobile: string | null
  /** The customer: an id of the telephone or web channel, or a WeChat openID. */
  readonly userId: string | null
  /** The customer's WeChat nickname. */
  readonly nickName: string | null
  /** The address of the customer's picture. */
  readonly avatar: string | null
  readonly agentEmail: string | null
  readonly agentMobile: string | null
  readonly agentNickName: string | null
  /** The agent's role; its values are not documented. */
  readonly agentRoleId: string | null
  readonly sdkAppId: string | null
  /** Parameters the vendor has not documented. */
  readonly extra: ReadonlyMap<string, string>
  /** The names of what differs from the call before; of the first one, of all that is there. */
  readonly changed: readonly string[]
}

/** How to listen for calls. */
export interface ScreenPopOptions {
  /** Ends the listening. */
  readonly signal?: AbortSignal
  /** Takes the errors of hashes that could not be read; unless given, they are reported as uncaught. */
  readonly onError?: (error: CalldockError) => void
}

/**
 * Calls `listener` with the call in the page's hash, if there is one, and with every call the workbench
 * writes there later. The hash itself is not touched, so a hash router may have it too. Nothing is lost
 * between the call of this function and the start of the core.
 *
 * @returns how to stop
 * @throws {CalldockError} `INVALID_OPTION` for a listener that is no function, `UNSUPPORTED_BROWSER`
 * where there is no page: on a server, in a worker
 */
export function onScreenPop(
  listener: (call: CallContext) => void,
  options: ScreenPopOptions = {},
): () => void {
  if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
  checkSignal(options.signal)
  requirePage()
  const { signal, onError = report } = options
  if (signal?.aborted) return () => {}
  let reader: Core['ScreenPop']['prototype'] | undefined
  let live = true
  const early = [location.href]

  const read = (url: string) => {
    try {
      const call = readHash(url)
      if (call) listener(call)
    } catch (error) {
      report(error)
    }
  }
  const readHash = (url: string) => {
    try {
      return reader?.read(new URL(url).hash) as CallContext | undefined
    } catch (error) {
      onError(error as CalldockError)
      return undefined
    }
  }
  // Never location.hash here: two changes in one task would read the second one twice.
  const heard = (event: HashChangeEvent) => {
    if (reader) read(event.newURL)
    else early.push(event.newURL)
  }
  const stop = () => {
    live = false
    removeEventListener('hashchange', heard)
    signal?.removeEventListener('abort', stop)
    const done = reader
    reader = undefined
    // Not now: whoever stops may be a logger, called while it reads.
    queueMicrotask(() => done?.free())
  }
  addEventListener('hashchange', heard)
  signal?.addEventListener('abort', stop)
  settle(startCore(), { what: 'onScreenPop', timeoutMs: 15_000 }).then(
    (core) => {
      if (!live) return
      reader = new core.ScreenPop()
      for (const url of early.splice(0)) if (live) read(url)
    },
    (error) => {
      stop()
      onError(error)
    },
  )
  return stop
}

/**
 * The call in the page's hash at this moment, or `null` where there is none.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a hash that is over-long or no UTF-8
 */
export async function currentCall(): Promise<CallContext | null> {
  const url = typeof location === 'undefined' ? '' : location.href
  const core = await settle(startCore(), { what: 'currentCall', timeoutMs: 15_000 })
  const reader = new core.ScreenPop()
  try {
    return reader.read(new URL(url).hash) ?? null
  } finally {
    reader.free()
  }
}
