// One tab an agent: the vendor's script in a second one would take the first one's calls.

import { CalldockError } from '../errors.js'

const LOST = 'found that another tab has the agent'

/**
 * The agent this tab holds, by a Web Lock; free again when the page goes away. A browser without Web
 * Locks lets everybody hold everybody.
 *
 * @internal
 */
export class Tab {
  readonly #takeOver: boolean
  readonly #lost: (error: CalldockError) => void
  #name: string | undefined
  #release = () => {}

  constructor(takeOver: boolean, lost: (error: CalldockError) => void) {
    this.#takeOver = takeOver
    this.#lost = lost
  }

  /**
   * Takes an agent of an application, and lets go of the one before.
   *
   * @throws {CalldockError} `ALREADY_OPEN` where another tab has the agent and keeps it
   */
  readonly hold = async (sdkAppId: string, userId: string): Promise<void> => {
    const name = `calldock.tccc.${sdkAppId}.${userId}`
    if (name === this.#name) return
    this.release()
    await this.#take(name, this.#takeOver)
  }

  /** Lets go, so that another tab may have the agent. */
  release(): void {
    this.#name = undefined
    this.#release()
  }

  /**
   * Lets go while the page is kept for the back button, which it would not be with a lock; `wake` takes
   * the agent again.
   */
  sleep(): () => void {
    const name = this.#name
    this.release()
    return () => {
      if (name) this.#take(name, false).catch(this.#lost)
    }
  }

  #take(name: string, steal: boolean): Promise<void> {
    this.#name = name
    const locks = globalThis.navigator?.locks
    if (!locks) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const held = (lock: Lock | null) => {
        if (!lock) {
          this.#name = undefined
          reject(new CalldockError('ALREADY_OPEN', `the agent: expected no other tab, ${LOST}`))
          return
        }
        resolve()
        // Let go while it was asked for.
        if (this.#name !== name) return
        return new Promise<void>((release) => {
          this.#release = release
        })
      }
      locks.request(name, steal ? { steal } : { ifAvailable: true }, held).then(
        () => {},
        (cause) => {
          // A page of an opaque origin may have no lock, and needs none.
          if ((cause as DOMException).name !== 'AbortError') return resolve()
          if (this.#name !== name) return
          this.#name = undefined
          const found = `the workbench: expected to be the only one, ${LOST}`
          this.#lost(new CalldockError('ALREADY_OPEN', found, { cause }))
        },
      )
    })
  }
}
