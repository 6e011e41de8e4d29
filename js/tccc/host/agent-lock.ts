// One tab an agent: the vendor's script in a second tab would take the first one's calls.

import { type CalldockError, failure } from '../../core/errors.js'

/** An agent that this tab holds; free again when the page goes away. */
export interface AgentLock {
  readonly name: string
  /** Frees the agent. */
  release(): void
}

/** How to hold an agent. */
export interface AgentLockTerms {
  /** Takes the agent from another tab. */
  readonly steal: boolean
  /** Called when another tab has taken it. */
  readonly onLost: (error: CalldockError) => void
}

/** Locks that were released and may still be held for a moment. */
const releasing = new Map<string, Promise<void>>()

/**
 * Holds an agent by a Web Lock. A browser without Web Locks and a page of an opaque origin have no lock,
 * and go on.
 *
 * @throws {CalldockError} `ALREADY_OPEN` if another tab has the agent
 */
async function lockAgent(
  page: Window,
  name: string,
  { steal, onLost }: AgentLockTerms,
): Promise<AgentLock> {
  const locks = page.navigator.locks as LockManager | undefined
  const free = { name, release() {} }
  if (!locks) return free
  // The page has just closed its workbench and opens it again.
  await releasing.get(name)
  return new Promise((resolve, reject) => {
    const refused = (cause?: unknown) =>
      failure('ALREADY_OPEN', 'the agent', 'no other tab', 'one that has the agent', {
        cause,
      })
    let released = false
    const done = locks
      .request(name, { __proto__: null, steal, ifAvailable: !steal } as LockOptions, (lock) => {
        if (!lock) return reject(refused())
        return new Promise<void>((end) => {
          const release = () => {
            released = true
            releasing.set(name, done)
            end()
          }
          resolve({ name, release })
        })
      })
      .then(
        () => {},
        (cause) => {
          if (cause.name !== 'AbortError') resolve(free)
          else if (!released) onLost(refused(cause))
        },
      )
      .finally(() => releasing.get(name) === done && releasing.delete(name))
  })
}

/** The agent that a workbench holds. */
export class HeldAgent {
  readonly #page: Window
  readonly #terms: AgentLockTerms
  #lock: AgentLock | undefined

  /** @param signal removes the page's listeners */
  constructor(page: Window, terms: AgentLockTerms, signal: AbortSignal) {
    this.#page = page
    this.#terms = terms
    /** What was held when the page went into the back-forward cache, where no lock may be. */
    let asleep: string | undefined
    const hidden = ({ persisted }: PageTransitionEvent) => {
      asleep = persisted ? this.#lock?.name : undefined
      if (persisted) this.keep(undefined)
    }
    const shown = async () => {
      if (asleep === undefined) return
      try {
        const lock = await lockAgent(page, asleep, { ...terms, steal: false })
        if (signal.aborted) lock.release()
        else this.keep(lock)
      } catch (error) {
        terms.onLost(error as CalldockError)
      }
    }
    page.addEventListener('pagehide', hidden, { signal })
    page.addEventListener('pageshow', shown, { signal })
  }

  /**
   * Locks an agent beside the one that is held; `keep` then takes its place.
   *
   * @throws {CalldockError} as {@link lockAgent}
   */
  async take(name: string): Promise<AgentLock> {
    return this.#lock?.name === name ? this.#lock : lockAgent(this.#page, name, this.#terms)
  }

  /** Releases a lock, unless it is the one that is held. */
  drop(lock: AgentLock | undefined): void {
    if (lock !== this.#lock) lock?.release()
  }

  /** Holds a lock, or none, in the place of the one before. */
  keep(lock: AgentLock | undefined): void {
    const before = this.#lock
    this.#lock = lock
    this.drop(before)
  }
}
