import { startCore } from '../core.js'
import { deadline, type Progress, settle } from '../settle.js'

/** The vendor's chat widget (`imPublish.js`; `vendor/tccc.md` §3). */
export interface ChatWidgetOptions {
  /** The web channel: 32 hexadecimal digits. */
  readonly webAppId: string
  /** The vendor's script; its public one unless told. */
  readonly scriptUrl?: string
  readonly nonce?: string
  /** How long it may take, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What the widget tells: an agent has joined, or left. */
export type ChatWidgetEvent = 'seatJoin' | 'seatLeave'

/** The widget in the page. */
export interface ChatWidget {
  /** Listens; the vendor has no way to stop, so the listener is only let go of. */
  on(event: ChatWidgetEvent, listener: (payload: unknown) => void): () => void
}

/**
 * Loads the vendor's widget, which draws its own button.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`,
 * `GLOBAL_MISSING`, `TIMEOUT`, `ABORTED`
 */
export async function loadChatWidget(options: ChatWidgetOptions): Promise<ChatWidget> {
  const timeoutMs = deadline(options?.timeoutMs, 15_000)
  const stop = new AbortController()
  const progress: Progress = { stage: 'core', attempts: [] }
  const work = startCore().then((core) => core.loadChatWidget(options, stop.signal, progress))
  const handle = await settle(work, {
    what: 'loadChatWidget',
    timeoutMs,
    signal: options?.signal,
    progress,
    left: () => stop.abort(),
  })
  return {
    on(event, listener) {
      let live = true
      handle.on(event, (payload: unknown) => {
        if (live) listener(payload)
      })
      return () => {
        live = false
      }
    },
  }
}
