// @ts-check
// Opening CEC's chat: its phases and steps, as something the panels can watch.

import { openChat } from '/node_modules/calldock/cec.js'
import { lang } from './i18n.js'
import { now } from './log.js'
import { loginOf } from './visitors.js'

/**
 * @typedef {Awaited<ReturnType<typeof openChat>>} Chat
 * @typedef {ReturnType<Chat['report']>} Report
 * @typedef {import('./visitors.js').CecLogin} CecLogin
 * @typedef {'idle' | 'opening' | 'open' | 'ended' | 'failed'} Phase
 * @typedef {'login' | 'fetched' | 'run' | 'open'} Step
 * @typedef {{ phase: Phase, steps: Partial<Record<Step, number>>, error?: unknown, chat?: Chat, login?: CecLogin, report?: Report }} State
 */

/** @type {readonly Step[]} */
export const steps = ['login', 'fetched', 'run', 'open']

/** The log entry that ends each step. @type {Record<string, Step>} */
const ENDS = {
  'login.received': 'login',
  'script.fetched': 'fetched',
  'script.injected': 'run',
  'chat.open': 'open',
}

/** The vendor's client draws itself, and asks for its configuration, a little after it has run. */
const SETTLES_MS = [150, 1500]

/** Whether a script has failed while it ran: then there may be no chat to be seen. @param {Report | undefined} report */
export const hasThrown = (report) => report?.scripts.some(({ threw }) => threw) ?? false

export class Chatting {
  /** @type {State} */
  state = { phase: 'idle', steps: {} }
  #startedAt = 0
  /** @type {Set<(state: State) => void>} */
  #watchers = new Set()

  /** @param {import('./log.js').Log} log */
  constructor(log) {
    log.listen(({ name, at }) => {
      const step = ENDS[name]
      if (this.state.phase !== 'opening' || !step) return
      this.#set({ steps: { ...this.state.steps, [step]: at - this.#startedAt } })
    })
  }

  /** @param {(state: State) => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher)
    watcher(this.state)
  }

  /** @param {Partial<State>} change */
  #set(change) {
    this.state = { ...this.state, ...change }
    for (const watcher of this.#watchers) watcher(this.state)
  }

  /** @param {{ mode: import('./visitors.js').Mode, visitor: string, globals: () => Promise<Record<string, unknown> | undefined>, timeoutMs?: number | undefined }} options */
  async start({ mode, visitor, globals, timeoutMs }) {
    const { phase } = this.state
    if (phase !== 'idle' && phase !== 'failed') return
    this.#startedAt = now()
    this.#set({ phase: 'opening', steps: {}, error: undefined })
    try {
      const libraries = await globals()
      const chat = await openChat({
        login: loginOf(mode, visitor, (login) => this.#set({ login })),
        contextPath: '/service-cloud',
        locale: lang,
        cobrowse: true,
        ...(libraries ? { globals: libraries } : {}),
        ...(timeoutMs ? { timeoutMs } : {}),
      })
      this.#set({ phase: 'open', chat })
      this.look()
      for (const ms of SETTLES_MS) setTimeout(() => this.look(), ms)
    } catch (error) {
      this.#set({ phase: 'failed', error })
    }
  }

  /** Requests again what is to be seen. */
  look() {
    const { chat } = this.state
    if (chat) this.#set({ report: chat.report() })
  }

  async end() {
    await this.state.chat?.close()
    this.#set({ phase: 'ended' })
  }
}
