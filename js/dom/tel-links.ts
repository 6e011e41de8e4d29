import { read } from '../check.js'
import { invalid, isCalldockError, report } from '../core/errors.js'
import { requirePage } from '../core/role.js'
import { checkSignal, checkTimeout } from '../core/wait.js'
import { DIAL_TEL_LINKS_OPTIONS } from '../generated/tables.js'
import type { DialTelLinksOptions, MessageOptions } from '../generated/types.js'
import { isDocument, windowOf } from '../page/realm.js'
import { memberOf } from '../page/script.js'
import { callOut } from '../tccc/frame/call-out.js'
import { announcer } from './announcer.js'
import { numberOf, telLinkOf } from './tel-address.js'

/**
 * Makes the telephone links beneath `root` call: by the workbench around this page, or by `workbench`, on the
 * page that holds it. Links of HTML (`a`, `area`) and SVG count, in shadow roots, in the document of a
 * same-origin frame passed as `root`, and those that are added later.
 *
 * Links stay links: the keyboard and screen readers use them as before. A page that is in no frame and has no
 * workbench leaves them to the device. A click with a modifier key, or one that other code has prevented,
 * is not touched.
 *
 * @returns a function that stops it
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER` on a server
 * @example
 * const stop = dialTelLinks(document, { allowParents: ['https://crm.example.com'] })
 * @example
 * dialTelLinks(document, { workbench, selector: '.customer a' })
 */
export function dialTelLinks(
  root: Document | ShadowRoot | Element,
  options: DialTelLinksOptions = {},
): () => void {
  requirePage()
  const document = isNode(root) && (isDocument(root) ? root : root.ownerDocument)
  if (!document) throw invalid('root', 'a document or an element', root)
  const checked = read(DIAL_TEL_LINKS_OPTIONS, options, 'options')
  const { workbench, selector, announce = true, desc, onResult, onError, signal } = checked
  const startOutbound = memberOf(memberOf(workbench, 'call'), 'startOutbound')
  if (workbench !== undefined && typeof startOutbound !== 'function')
    throw invalid('options.workbench', 'a workbench', workbench)
  if (selector !== undefined) checkSelector(document, selector)
  checkSignal(signal)
  checkTimeout(checked.timeoutMs, 1)
  const page = windowOf(checked)
  const { allowParents, targetOrigin, timeoutMs } = checked
  const terms: MessageOptions = { allowParents, targetOrigin, timeoutMs, window: page }
  if (signal?.aborted || (!workbench && page.parent === page)) return () => {}
  const live = announce ? announcer(document) : undefined
  const calling = new WeakSet<Element>()

  const dial = async (link: Element) => {
    // A second click while the first one is in progress would call twice.
    if (calling.has(link)) return
    calling.add(link)
    let tell = () => {}
    try {
      const shown = desc ? desc(link) : link.getAttribute('data-desc')
      const phoneNumber = numberOf(link)
      const result = workbench
        ? await workbench.call.startOutbound(
            { phoneNumber, ...(shown && { phoneDesc: shown }) },
            { timeoutMs },
          )
        : await callOut({ phoneNumber, ...(shown && { desc: shown }) }, terms)
      live?.say('called')
      tell = () => onResult?.(result, link)
    } catch (error) {
      live?.say('failed')
      tell = () => {
        if (!onError || !isCalldockError(error)) throw error
        onError(error, link)
      }
    }
    calling.delete(link)
    // Not above: what the page's own function throws is no failure of the call.
    try {
      tell()
    } catch (thrown) {
      report(thrown)
    }
  }
  const click = (event: Event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, button } = event as MouseEvent
    if (event.defaultPrevented || altKey || ctrlKey || metaKey || shiftKey || button > 0) return
    const link = telLinkOf(event, selector)
    if (!link) return
    event.preventDefault()
    dial(link)
  }
  const stop = () => {
    root.removeEventListener('click', click)
    signal?.removeEventListener('abort', stop)
    live?.release()
  }
  root.addEventListener('click', click)
  signal?.addEventListener('abort', stop)
  return stop
}

/** A document, an element or a shadow root, of any realm. */
function isNode(root: unknown): root is Document | ShadowRoot | Element {
  try {
    const { nodeType, addEventListener } = root as Node
    return [1, 9, 11].includes(nodeType) && typeof addEventListener === 'function'
  } catch {
    return false
  }
}

function checkSelector(document: Document, selector: string): void {
  try {
    document.createElement('a').matches(selector)
  } catch {
    throw invalid('options.selector', 'a CSS selector', selector)
  }
}
