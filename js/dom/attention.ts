// Brings the agent back to a page in the background, where the vendor's script is not heard.

import { read } from '../check.js'
import { invalid, report } from '../core/errors.js'
import { language } from '../core/language.js'
import { log } from '../core/log.js'
import { checkSignal } from '../core/wait.js'
import { ATTENTION_OPTIONS } from '../generated/tables.js'
import type { AttentionOptions, Incoming, IncomingNotice } from '../generated/types.js'
import { windowOf } from '../page/realm.js'
import type { Workbench } from '../tccc/host/workbench.js'

/** How often the title changes, in ms. */
const FLASH = 1000

/**
 * While the page is in the background, shows everything that rings: until the page is visible, or nothing rings
 * any more. A title that the page sets meanwhile, for another route, stays.
 *
 * @returns a function that stops it; it stops by itself with the workbench
 * @throws {CalldockError} `INVALID_OPTION`
 * @example
 * drawAttention(workbench, { notification: ({ type }) => ({ title: `Incoming ${type}` }) })
 */
export function drawAttention(workbench: Workbench, options: AttentionOptions = {}): () => void {
  const checked = read(ATTENTION_OPTIONS, options, 'options')
  const { notification = false, title = true, signal } = checked
  if (typeof notification !== 'boolean' && typeof notification !== 'function')
    throw invalid('options.notification', 'true, false or a function', notification)
  if (typeof title !== 'boolean' && typeof title !== 'string')
    throw invalid('options.title', 'true, false or a text', title)
  checkSignal(signal)
  if (typeof workbench?.sessions?.subscribe !== 'function')
    throw invalid('workbench', 'a workbench', workbench)
  const page = windowOf(checked) as Window & typeof globalThis
  const { document } = page
  if (signal?.aborted) return () => {}

  const alarm = typeof title === 'string' ? title : words().title
  /** The page's own title, while it is replaced. */
  let own: string | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const shown = new Map<string, Notification>()

  const quiet = () => {
    clearInterval(timer)
    timer = undefined
    // Only if it is ours still: the page may have gone to another route.
    if (own !== undefined && document.title === alarm) document.title = own
    own = undefined
    for (const notice of shown.values()) notice.close()
    shown.clear()
  }
  const flash = () => {
    if (document.title === alarm) document.title = own ?? ''
    else {
      own = document.title
      document.title = alarm
    }
  }
  const notify = (call: Incoming) => {
    if (typeof page.Notification !== 'function' || page.Notification.permission !== 'granted') {
      log('event', 'attention.noPermission')
      return
    }
    try {
      const { title, ...rest } = typeof notification === 'function' ? notification(call) : words()
      const terms = {
        ...rest,
        tag: call.sessionId,
        requireInteraction: true,
      } as NotificationOptions
      const notice = new page.Notification(title, terms)
      notice.onclick = () => {
        page.focus()
        notice.close()
      }
      shown.set(call.sessionId, notice)
    } catch (cause) {
      // Browsers of phones have the class and refuse to make one; the title flashes all the same.
      log('event', 'attention.noNotification')
      if (typeof notification === 'function' && !(cause instanceof page.TypeError)) report(cause)
    }
  }
  const rang = (call: Incoming) => {
    if (!document.hidden) return
    if (title && timer === undefined) {
      flash()
      timer = setInterval(flash, FLASH)
    }
    if (notification) notify(call)
  }
  const follow = () => {
    const ringing = new Set<string>()
    for (const { sessionId, state } of workbench.sessions.list)
      if (state === 'ringing') ringing.add(sessionId)
    for (const [sessionId, notice] of shown)
      if (!ringing.has(sessionId)) {
        notice.close()
        shown.delete(sessionId)
      }
    if (ringing.size === 0) quiet()
  }
  const seen = () => {
    if (!document.hidden) quiet()
  }
  const stops = [workbench.on('incoming', rang), workbench.sessions.subscribe(follow)]
  const stop = () => {
    for (const each of stops.splice(0)) each()
    document.removeEventListener('visibilitychange', seen)
    signal?.removeEventListener('abort', stop)
    quiet()
  }
  document.addEventListener('visibilitychange', seen)
  signal?.addEventListener('abort', stop)
  workbench.closed.then(stop)
  return stop
}

const words = (): IncomingNotice => ({
  title: language() === 'zh' ? '来电 · 请接听' : 'Incoming call',
})
