import { startCore } from '../core.js'
import { deadline, type Progress, settle } from '../settle.js'

/** How to start cobrowsing. */
export interface StartCobrowseOptions {
  /** Where CEC answers: `/service-cloud` behind a proxy of the page's own origin, or an address. */
  readonly contextPath: string
  /** The nonce of the page's policy; copied from the page's own scripts unless given. */
  readonly nonce?: string
  /** How long it may take, in ms; 15,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Starts cobrowsing in the page that was shared, which is one whose address has `cobrowse_share_url`;
 * anywhere else it does nothing. Only this frame is shared, and no new tab is (seed 001, 2.5.2.1).
 *
 * @returns whether the page was shared
 * @throws {CalldockError} `INVALID_OPTION`, `NETWORK`, `CSP_BLOCKED`, `TRUSTED_TYPES_BLOCKED`,
 * `GLOBAL_MISSING`, `VENDOR_REJECTED`, `TIMEOUT`, `ABORTED`
 */
export async function startCobrowse(options: StartCobrowseOptions): Promise<boolean> {
  const timeoutMs = deadline(options?.timeoutMs, 15_000)
  const stop = new AbortController()
  const progress: Progress = { stage: 'core', attempts: [] }
  const work = startCore().then((core) => core.startCobrowse(options, stop.signal, progress))
  return settle(work, {
    what: 'startCobrowse',
    timeoutMs,
    signal: options?.signal,
    progress,
    left: () => stop.abort(),
  })
}
