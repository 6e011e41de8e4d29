// One tab an agent: the vendor's script in a second tab would take the first one's calls.

import { type CalldockError, failure } from '../../core/errors.js'

const OTHER_TAB = 'another tab that has the agent'

/** An agent that this tab holds; free again when the page goes away. */
export interface AgentLock {
  readonly name: string
  /** Frees the agent; resolves once another tab can have it. */
  release(): Promise<void>
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
export async function lockAgent(
  page: Window,
  name: string,
  { steal, onLost }: AgentLockTerms,
): Promise<AgentLock> {
  const free: AgentLock = { name, release: async () => {} }
  const locks = page.navigator.locks as LockManager | undefined
  if (!locks) return free
  // The page has just closed its workbench and opens it again.
  await releasing.get(name)
  return new Promise((resolve, reject) => {
    let released = false
    const hold = (lock: Lock | null) => {
      if (!lock) return reject(failure('ALREADY_OPEN', 'the agent', 'no other tab', OTHER_TAB))
      return new Promise<void>((end) => {
        resolve({
          name,
          release() {
            released = true
            end()
            const gone = done.finally(() => {
              if (releasing.get(name) === gone) releasing.delete(name)
            })
            releasing.set(name, gone)
            return gone
          },
        })
      })
    }
    const done = locks.request(name, steal ? { steal } : { ifAvailable: true }, hold).then(
      () => {},
      (cause: DOMException) => {
        if (cause.name !== 'AbortError') return resolve(free)
        if (released) return
        onLost(failure('ALREADY_OPEN', 'the workbench', 'to be the only one', OTHER_TAB, { cause }))
      },
    )
  })
}

/** The agent that a workbench holds. */
export class HeldAgent {
  readonly #page: Window
  readonly #terms: AgentLockTerms
  #lock: AgentLock | undefined
  /** What was held when the page went into the back-forward cache, where no lock may be. */
  #asleep: string | undefined

  /** @param signal removes the page's listeners */
  constructor(page: Window, terms: AgentLockTerms, signal: AbortSignal) {
    this.#page = page
    this.#terms = terms
    page.addEventListener('pagehide', (event) => this.#hide(event), { signal })
    page.addEventListener('pageshow', (event) => void this.#show(event), { signal })
  }

  /**
   * Locks an agent beside the one that is held; `keep` then takes its place.
   *
   * @throws {CalldockError} as {@link lockAgent}
   */
  async take(name: string): Promise<AgentLock> {
    if (this.#lock?.name === name) return this.#lock
    return lockAgent(this.#page, name, this.#terms)
  }

  /** Lets a lock go, unless it is the one that is held. */
  drop(lock: AgentLock | undefined): void {
    if (lock !== this.#lock) lock?.release()
  }

  /** Holds a lock, or none, in the place of the one before. */
  keep(lock: AgentLock | undefined): void {
    const before = this.#lock
    this.#lock = lock
    this.drop(before)
  }

  #hide({ persisted }: PageTransitionEvent): void {
    if (!persisted || !this.#lock) return
    this.#asleep = this.#lock.name
    this.keep(undefined)
  }

  async #show({ persisted }: PageTransitionEvent): Promise<void> {
    const name = this.#asleep
    if (!persisted || name === undefined) return
    this.#asleep = undefined
    try {
      this.keep(await lockAgent(this.#page, name, { ...this.#terms, steal: false }))
    } catch (error) {
      this.#terms.onLost(error as CalldockError)
    }
  }
}
