// Brings the agent back to a tab in the background, where the vendor's script is not heard.

import { language } from '../language.js'
import { log } from '../log.js'
import type { CallIn } from './events.js'
import type { Workbench } from './workbench.js'

/** What a notification says. */
export interface CallInNotice {
  readonly title: string
  readonly body?: string
  /** The address of a picture. */
  readonly icon?: string
}

/** How to call the agent back. */
export interface AttentionOptions {
  /**
   * Shows a notification of the system, if the page may: ask `Notification.requestPermission()` on a
   * click of the agent's. A function makes its text; by default it names no customer.
   */
  readonly notification?: boolean | ((call: CallIn) => CallInNotice)
  /** Flashes the page's title; true unless told. A text takes the place of the default one. */
  readonly title?: boolean | string
}

/** How often the title changes, in ms. */
const FLASH = 1000

/**
 * While the tab is in the background, tells of everything that rings: until the agent looks, or nothing
 * rings any more.
 *
 * @returns how to stop; stops by itself with the workbench
 */
export function drawAttention(workbench: Workbench, options: AttentionOptions = {}): () => void {
  const { notification = false, title = true } = options
  let own: string | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const shown = new Map<string, Notification>()

  const quiet = () => {
    clearInterval(timer)
    timer = undefined
    if (own !== undefined) document.title = own
    own = undefined
    for (const notice of shown.values()) notice.close()
    shown.clear()
  }
  const flash = () => {
    const text = typeof title === 'string' ? title : said().title
    own ??= document.title
    document.title = document.title === text ? own : text
  }
  const notify = (call: CallIn) => {
    if (typeof Notification !== 'function' || Notification.permission !== 'granted') {
      log('event', 'attention.noPermission')
      return
    }
    const { title, ...rest } = typeof notification === 'function' ? notification(call) : said()
    const notice = new Notification(title, {
      ...rest,
      tag: call.sessionId,
      requireInteraction: true,
    })
    notice.onclick = () => {
      window.focus()
      notice.close()
    }
    shown.set(call.sessionId, notice)
  }
  const rang = (call: CallIn) => {
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
  const stops = [workbench.on('callIn', rang), workbench.sessions.subscribe(follow)]
  document.addEventListener('visibilitychange', seen)
  const stop = () => {
    for (const each of stops.splice(0)) each()
    document.removeEventListener('visibilitychange', seen)
    quiet()
  }
  workbench.closed.then(stop)
  return stop
}

function said(): CallInNotice {
  return { title: language() === 'zh' ? '来电 · 请接听' : 'Incoming call' }
}
