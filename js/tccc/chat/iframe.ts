import { disposable } from '../../core/dispose.js'
import { invalid } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { requirePage } from '../../core/role.js'
import type { ChatOptions } from '../../generated/types.js'
import { watchPolicy } from '../../page/csp-watch.js'
import { whenActivated } from '../../page/prerender.js'
import { isElement } from '../../page/realm.js'
import { aborted, until } from '../../page/until.js'
import { linkFor, openChat, readChatOptions } from './link.js'

/** A chat in the page. */
export interface EmbeddedChat {
  readonly frame: HTMLIFrameElement
  /** Resolves once it is closed. */
  readonly closed: Promise<void>
  /** Removes it from the page. */
  close(): void
}

/**
 * Puts the chat into an element of the page and waits until its frame has loaded. A browser does not tell
 * whether the frame shows the chat or an error page. In a prerendered page it waits until the page is shown.
 *
 * @throws {CalldockError} `CSP_BLOCKED` by the page's `frame-src`, `TIMEOUT` for a frame that does not load,
 * and as {@link chatLink}; nothing is left in the element then
 * @example
 * const chat = await embedChat(document.body, { login: '/calldock/v1/tccc/chat' })
 */
export async function embedChat(element: Element, options: ChatOptions): Promise<EmbeddedChat> {
  const checked = readChatOptions(options)
  requirePage()
  if (!isElement(element)) throw invalid('element', 'an element', element)
  const { ownerDocument } = element
  await whenActivated(checked.signal, ownerDocument)
  const frame = ownerDocument.createElement('iframe')
  const chat = openChat('embedChat', checked, async (terms) => {
    const link = await linkFor(checked, terms)
    frame.title = checked.title ?? 'chat'
    frame.allow = 'microphone; camera'
    let loaded = () => {}
    const wanted = { kind: 'frame', origin: new URL(link).origin } as const
    const watch = watchPolicy(wanted, ownerDocument, () => loaded())
    try {
      await until<void>(terms.signal, (resolve) => {
        // Firefox loads nothing into a frame that the policy refuses.
        loaded = resolve
        frame.onload = () => resolve()
        frame.src = link
        element.append(frame)
        return () => {
          frame.onload = null
        }
      })
      // Other browsers load an error page into it.
      const refusal = await watch.refusal()
      if (refusal) throw refusal
      if (terms.signal.aborted) throw aborted(terms.signal)
    } catch (error) {
      frame.remove()
      throw error
    } finally {
      watch.stop()
    }
  })
  await chat
  log('script', 'chat.embedded')
  let resolveClosed = () => {}
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve
  })
  const close = () => {
    frame.remove()
    resolveClosed()
  }
  return disposable({ frame, closed, close }, close)
}
