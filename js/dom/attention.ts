// Brings the agent back to a page in the background, where the vendor's script is not heard.

import { read } from '../check.js'
import { invalid, report } from '../core/errors.js'
import { language } from '../core/language.js'
import { log } from '../core/log.js'
import { checkSignal } from '../core/wait.js'
import { ATTENTION_OPTIONS } from '../generated/tables.js'
import type { AttentionOptions, Incoming, IncomingNotice } from '../generated/types.js'
import { windowOf } from '../page/realm.js'
import { memberOf } from '../page/script.js'
import { whenClosed } from '../tccc/host/when-closed.js'
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
  if (typeof memberOf(memberOf(workbench, 'sessions'), 'subscribe') !== 'function')
    throw invalid('workbench', 'a workbench', workbench)
  const page = windowOf(checked) as Window & typeof globalThis
  const { document } = page
  if (signal?.aborted) return () => {}

  const alarm = typeof title === 'string' ? title : words().title
  /** The page's own title, while it is replaced. */
  let own: string | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const shown = new Map<string, Notification>()
  /** The calls that ring. */
  const calls = new Map<string, Incoming>()

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
    if (document.title === alarm) {
      // Without one of ours, another alarm with the same text is flashing.
      if (own !== undefined) document.title = own
    } else {
      own = document.title
      document.title = alarm
    }
  }
  const notify = (call: Incoming) => {
    if (typeof page.Notification !== 'function' || page.Notification.permission !== 'granted') {
      log('event', 'attention.noPermission')
      return
    }
    let notice: IncomingNotice
    try {
      notice = typeof notification === 'function' ? notification(call) : words()
    } catch (thrown) {
      return report(thrown)
    }
    try {
      const { title, ...rest } = notice
      const terms = {
        __proto__: null,
        ...rest,
        tag: call.sessionId,
        requireInteraction: true,
      } as NotificationOptions
      const note = new page.Notification(title, terms)
      note.onclick = () => {
        page.focus()
        note.close()
      }
      shown.set(call.sessionId, note)
    } catch (cause) {
      // Browsers of phones have the class and refuse to make one; the title flashes all the same.
      log('event', 'attention.noNotification')
      if (typeof notification === 'function' && !(cause instanceof page.TypeError)) report(cause)
    }
  }
  /** Shows what rings and is not shown yet, while the page is in the background. */
  const show = () => {
    if (!document.hidden || !ringing()) return
    if (title && timer === undefined) {
      flash()
      timer = setInterval(flash, FLASH)
    }
    if (notification)
      for (const call of calls.values()) if (!shown.has(call.sessionId)) notify(call)
  }
  /** The sessions that ring, of those that call the agent; `undefined` if none does. */
  const ringing = () => {
    const found = workbench.sessions.list.filter(
      ({ state, direction }) => state === 'ringing' && direction !== 'outbound',
    )
    return found.length > 0 ? new Set(found.map(({ sessionId }) => sessionId)) : undefined
  }
  const rang = (call: Incoming) => {
    calls.set(call.sessionId, call)
    show()
  }
  const follow = () => {
    const left = ringing()
    for (const sessionId of calls.keys())
      if (!left?.has(sessionId)) {
        shown.get(sessionId)?.close()
        shown.delete(sessionId)
        calls.delete(sessionId)
      }
    if (!left) quiet()
  }
  const seen = () => {
    if (document.hidden) show()
    else quiet()
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
  // A call may ring already.
  show()
  stops.push(whenClosed(workbench, stop))
  return stop
}

const words = (): IncomingNotice => ({
  title: language() === 'zh' ? '来电 · 请接听' : 'Incoming call',
})
