// @ts-check
// Opening the workbench: its phases and steps, as something the panels can watch.

import { isCalldockError } from '/node_modules/calldock/index.js'
import { openWorkbench } from '/node_modules/calldock/tccc.js'
import { now } from './log.js'

/**
 * @typedef {Awaited<ReturnType<typeof openWorkbench>>} Workbench
 * @typedef {'idle' | 'opening' | 'ready' | 'expired' | 'failed'} Phase
 * @typedef {'login' | 'script' | 'global' | 'ready'} Step
 * @typedef {{ phase: Phase, steps: Partial<Record<Step, number>>, error?: unknown, workbench?: Workbench | undefined }} State
 */

/** @type {readonly Step[]} */
export const steps = ['login', 'script', 'global', 'ready']

/** The log entry that ends each step. @type {Record<string, Step>} */
const ENDS = {
  'login.received': 'login',
  'script.loaded': 'script',
  'global.found': 'global',
  'workbench.ready': 'ready',
}

/** The log entry that tells of a new login after the token had expired. */
const RENEWED = 'workbench.renewed'

/** On less room the docked softphone would cover the page, so it starts as its button. */
const ROOMY = '(min-width: 1100px) and (min-height: 760px)'

export class Opening {
  /** @type {State} */
  state = { phase: 'idle', steps: {} }
  #startedAt = 0
  /** @type {Set<(state: State) => void>} */
  #watchers = new Set()

  /** @param {import('./log.js').Log} log */
  constructor(log) {
    log.listen(({ frame, name, at }) => {
      if (frame !== 'host' || this.state.phase === 'idle') return
      if (this.state.phase === 'expired' && name === RENEWED) this.#set({ phase: 'ready' })
      if (this.state.phase === 'opening') this.#advance(name, at - this.#startedAt)
    })
    // A renewal has no promise: when it fails, the SDK reports the error as uncaught.
    window.addEventListener('error', ({ error }) => {
      const lost = this.state.phase === 'expired' && isCalldockError(error)
      if (lost) this.#set({ phase: 'failed', error })
    })
  }

  /** @param {(state: State) => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher)
    watcher(this.state)
  }

  /** Every attempt begins with a login of its own. @param {string} name @param {number} ms */
  #advance(name, ms) {
    const step = ENDS[name]
    if (name === 'login.requested') this.#set({ steps: {} })
    if (step) this.#set({ steps: { ...this.state.steps, [step]: ms } })
  }

  /** @param {Partial<State>} change */
  #set(change) {
    this.state = { ...this.state, ...change }
    for (const watcher of this.#watchers) watcher(this.state)
  }

  /** @param {{ timeoutMs?: number }} options */
  async start({ timeoutMs } = {}) {
    if (this.state.phase === 'opening' || this.state.phase === 'ready') return
    this.#startedAt = now()
    this.#set({ phase: 'opening', steps: {}, error: undefined })
    try {
      const workbench = await openWorkbench({
        login: '/calldock/v1/tccc/login',
        showWorkbenchAtFirstLogin: matchMedia(ROOMY).matches,
        ...(timeoutMs ? { timeoutMs } : {}),
      })
      workbench.on('tokenExpired', () => this.#set({ phase: 'expired' }))
      this.#set({ phase: 'ready', workbench })
    } catch (error) {
      this.#set({ phase: 'failed', error })
    }
  }
}
