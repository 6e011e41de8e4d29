// Telephone links of a page that call through the workbench around it.

import { CalldockError, report } from '../errors.js'
import { checkSignal, invalid } from '../settle.js'
import { type CallOutResult, callOut } from './call-out.js'
import { announcer } from './live-region.js'
import type { MessageOptions } from './message.js'

/** How to dial a page's telephone links. */
export interface DialTelLinksOptions extends MessageOptions {
  /** What the workbench shows in place of the number; the link's `data-desc` unless told. */
  readonly desc?: (link: HTMLAnchorElement) => string | undefined
  readonly onResult?: (result: CallOutResult, link: HTMLAnchorElement) => void
  /** Takes what a call failed with; unless given, it is reported as uncaught. */
  readonly onError?: (error: CalldockError, link: HTMLAnchorElement) => void
  /** Tells screen readers what became of the click; true unless told. */
  readonly announce?: boolean
  readonly signal?: AbortSignal
}

/**
 * Makes every `<a href="tel:…">` beneath `root` ask the workbench to call, also links that come later.
 * Links stay links: the keyboard and screen readers use them as before, and a page that is in no frame
 * leaves them to the device. A click with a modifier key, or one that was prevented, is not touched.
 *
 * @returns how to stop
 * @throws {CalldockError} `INVALID_OPTION` for a root that is none
 */
export function dialTelLinks(
  root: Document | ShadowRoot | Element,
  options: DialTelLinksOptions = {},
): () => void {
  if (typeof root?.addEventListener !== 'function')
    throw invalid('root', 'a document or an element', root)
  const { announce = true, desc, onResult, onError, signal, ...to } = options
  checkSignal(signal)
  if (window.parent === window || signal?.aborted) return () => {}
  const { say, remove } = announcer(announce)
  const calling = new WeakSet<HTMLAnchorElement>()

  const dial = async (link: HTMLAnchorElement) => {
    // A second click while the first one is on its way would call twice.
    if (calling.has(link)) return
    calling.add(link)
    try {
      const shown = desc ? desc(link) : link.dataset.desc
      const number = numberOf(link.getAttribute('href') ?? '')
      const result = await callOut({ phoneNumber: number, ...(shown && { desc: shown }) }, to)
      say('called')
      onResult?.(result, link)
    } catch (error) {
      say('failed')
      if (onError && error instanceof CalldockError) onError(error, link)
      else report(error)
    } finally {
      calling.delete(link)
    }
  }
  const click = (event: Event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, button } = event as MouseEvent
    if (event.defaultPrevented || altKey || ctrlKey || metaKey || shiftKey || button > 0) return
    const link = telLinkOf(event)
    if (!link) return
    event.preventDefault()
    dial(link)
  }
  const stop = () => {
    root.removeEventListener('click', click)
    signal?.removeEventListener('abort', stop)
    remove()
  }
  root.addEventListener('click', click)
  signal?.addEventListener('abort', stop)
  return stop
}

/** The telephone link that was clicked, in whatever shadow it stands. */
function telLinkOf(event: Event): HTMLAnchorElement | undefined {
  return event
    .composedPath()
    .find(
      (node): node is HTMLAnchorElement =>
        node instanceof HTMLAnchorElement && /^\s*tel:/i.test(node.getAttribute('href') ?? ''),
    )
}

/**
 * The number of a `tel:` address (RFC 3966): without its visual separators and parameters, but for an
 * extension.
 */
function numberOf(address: string): string {
  const [number = '', ...parameters] = decoded(address.trim().slice('tel:'.length)).split(';')
  const extension = parameters.map((one) => /^ext=(.+)$/i.exec(one)?.[1]).find(Boolean)
  const digits = number.replace(/[\s().-]/g, '')
  return extension ? `${digits}-${extension.replace(/[\s().-]/g, '')}` : digits
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
