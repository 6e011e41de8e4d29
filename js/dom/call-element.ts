// `<calldock-call number="13800000000" desc="order 7">Call</calldock-call>`: a button that calls.

import { read } from '../check.js'
import { invalid, isCalldockError, report } from '../core/errors.js'
import { requirePage } from '../core/role.js'
import { checkTimeout } from '../core/wait.js'
import { CALL_ELEMENT_OPTIONS } from '../generated/tables.js'
import type { CallElementOptions, MessageOptions } from '../generated/types.js'
import { windowOf } from '../page/realm.js'
import { callOut } from '../tccc/frame/call-out.js'
import { type Announcer, announcer } from './announcer.js'

/**
 * Registers the element; the second time nothing happens.
 *
 * Its attributes are `number`, `desc` and `disabled`; its button can be styled by `::part(button)`. It fires
 * `calldock-called` with the `CallOutResult` as `detail`, and `calldock-failed` with the
 * `CalldockError`; an error whose event is not prevented is reported as an uncaught error.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a name that an element cannot have, `UNSUPPORTED_BROWSER` on a
 * server
 * @example
 * defineCallElement({ allowParents: ['https://crm.example.com'] })
 * // <calldock-call number="13800000000" desc="order 7">Call</calldock-call>
 */
export function defineCallElement(options: CallElementOptions = {}): void {
  requirePage()
  const checked = read(CALL_ELEMENT_OPTIONS, options, 'options')
  const { tag = 'calldock-call', allowParents, targetOrigin, timeoutMs } = checked
  const page = windowOf(checked) as Window & typeof globalThis
  checkTimeout(timeoutMs, 1)
  const refused = () => invalid('tag', 'a name with a hyphen that an element may have', tag)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(tag)) throw refused()
  if (page.customElements.get(tag)) return
  const terms = { allowParents, targetOrigin, timeoutMs, window: page }
  try {
    page.customElements.define(tag, callElement(page, terms))
  } catch {
    // `font-face` and its like are the browser's own.
    throw refused()
  }
}

/** The class is made here, because a server has no `HTMLElement` to extend. */
function callElement(
  page: Window & typeof globalThis,
  terms: MessageOptions,
): CustomElementConstructor {
  return class extends page.HTMLElement {
    static readonly observedAttributes = ['disabled']
    readonly #button = page.document.createElement('button')
    #live: Announcer | undefined
    #calling = false

    constructor() {
      super()
      this.#button.type = 'button'
      this.#button.part.add('button')
      this.#button.append(page.document.createElement('slot'))
      this.#button.addEventListener('click', () => this.#call())
      this.attachShadow({ mode: 'open', delegatesFocus: true }).append(this.#button)
    }

    connectedCallback(): void {
      this.#live ??= announcer(this.ownerDocument)
    }

    disconnectedCallback(): void {
      this.#live?.release()
      this.#live = undefined
    }

    attributeChangedCallback(): void {
      this.#show()
    }

    async #call(): Promise<void> {
      if (this.#calling) return
      this.#calling = true
      this.#show()
      const desc = this.getAttribute('desc')
      try {
        const phoneNumber = this.getAttribute('number') ?? ''
        const call = desc ? { phoneNumber, desc } : phoneNumber
        const result = await callOut(call, terms)
        this.#live?.say('called')
        this.#fire('calldock-called', result)
      } catch (error) {
        this.#live?.say('failed')
        const handled = isCalldockError(error) && !this.#fire('calldock-failed', error)
        if (!handled) report(error)
      } finally {
        this.#calling = false
        this.#show()
      }
    }

    /** Not `disabled` while it calls: that would take the focus away. */
    #show(): void {
      this.#button.disabled = this.hasAttribute('disabled')
      this.#button.setAttribute('aria-busy', String(this.#calling))
    }

    #fire(type: string, detail: unknown): boolean {
      const { CustomEvent } = page
      return this.dispatchEvent(
        new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }),
      )
    }
  }
}
