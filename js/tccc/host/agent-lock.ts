// One tab an agent: the vendor's script in a second tab would take the first one's calls.

import { type CalldockError, failure } from '../../core/errors.js'
import { NativePromise } from '../../core/wait.js'

/** An agent that this tab holds; free again when the page goes away. */
export interface AgentLock {
  readonly name: string
  /** Frees the agent. */
  release(): void
}

/** How to hold an agent. */
export interface AgentLockTerms {
  readonly page: Window
  /** Takes the agent from another tab. */
  readonly steal: boolean
  /** Called when another tab has taken it. */
  readonly onLost: (error: CalldockError) => void
  /** Aborts when the workbench closes: all that is held or requested is released soon. */
  readonly signal: AbortSignal
}

/** The agent that a workbench holds. */
export interface HeldAgent {
  /**
   * Locks an agent beside the one that is held; `keep` then takes its place.
   *
   * @throws {CalldockError} `ALREADY_OPEN` if another tab has the agent
   */
  take(name: string): Promise<AgentLock>
  /** Releases a lock, unless it is the one that is held. */
  drop(lock: AgentLock | undefined): void
  /** Holds a lock, or none, in the place of the one before. */
  keep(lock: AgentLock | undefined): void
}

/** Locks that were released, or soon will be, and may still be held for a moment. */
const releasing = new Map<string, Promise<void>>()

/**
 * Holds an agent by a Web Lock. A browser without Web Locks and a page of an opaque origin have no lock,
 * and go on.
 */
export function holdAgent({ page, steal: takesOver, onLost, signal }: AgentLockTerms): HeldAgent {
  let held: AgentLock | undefined
  /** What was held when the page went into the back-forward cache, where no lock may be. */
  let asleep: string | undefined

  const request = async (name: string, steal: boolean): Promise<AgentLock> => {
    const locks = page.navigator.locks as LockManager | undefined
    const free = { name, release() {} }
    // The page has just closed its workbench and opens it again.
    await releasing.get(name)
    if (!locks || signal.aborted) return free
    return new NativePromise((resolve, reject) => {
      const refused = (cause?: unknown) =>
        failure('ALREADY_OPEN', 'the agent', 'no other tab', 'one that has the agent', {
          cause,
        })
      const leave = () => releasing.set(name, done)
      // The workbench may be opened again before this is granted and given back.
      signal.addEventListener('abort', leave)
      const done = locks
        .request(name, { __proto__: null, steal, ifAvailable: !steal } as LockOptions, (lock) => {
          if (!lock) return reject(refused())
          return new NativePromise<void>((end) => {
            const release = () => {
              leave()
              end()
            }
            resolve({ name, release })
          })
        })
        .then(
          () => {},
          (cause) => {
            if (cause.name !== 'AbortError') resolve(free)
            else if (releasing.get(name) !== done) onLost(refused(cause))
          },
        )
        .finally(() => {
          signal.removeEventListener('abort', leave)
          if (releasing.get(name) === done) releasing.delete(name)
        })
    })
  }
  const drop = (lock: AgentLock | undefined) => {
    if (lock !== held) lock?.release()
  }
  const keep = (lock: AgentLock | undefined) => {
    const before = held
    held = lock
    drop(before)
  }
  const hidden = ({ persisted }: PageTransitionEvent) => {
    asleep = persisted ? held?.name : undefined
    if (persisted) keep(undefined)
  }
  const shown = async () => {
    if (asleep === undefined) return
    try {
      const taken = await request(asleep, false)
      if (signal.aborted) taken.release()
      else keep(taken)
    } catch (error) {
      onLost(error as CalldockError)
    }
  }
  const life: AddEventListenerOptions = { __proto__: null, signal } as object
  page.addEventListener('pagehide', hidden, life)
  page.addEventListener('pageshow', shown, life)
  return {
    take: async (name) => (held?.name === name ? held : request(name, takesOver)),
    drop,
    keep,
  }
}
