// `<calldock-call number="13800000000" desc="order 7">Call</calldock-call>`: a button that calls.

import { CalldockError, report } from '../errors.js'
import { invalid } from '../settle.js'
import { callOut } from './call-out.js'
import { announcer } from './live-region.js'
import type { MessageOptions } from './message.js'

/**
 * Registers the element, under `calldock-call` unless told; the second time nothing happens. Its
 * attributes are `number`, `desc` and `disabled`; its button can be styled by `::part(button)`. It fires
 * `calldock-called` with the {@link CallOutResult} as `detail`, and `calldock-failed` with the
 * {@link CalldockError}; an error nobody prevents is reported as uncaught.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a name no element can have
 */
export function defineCallElement(options: MessageOptions & { readonly tag?: string } = {}): void {
  const { tag = 'calldock-call', ...to } = options
  if (customElements.get(tag)) return
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(tag)) throw invalid('tag', 'a name with a hyphen', tag)
  customElements.define(tag, callElement(to))
}

/** The class is made here, because a server has no `HTMLElement` to extend. */
function callElement(to: MessageOptions): CustomElementConstructor {
  return class extends HTMLElement {
    static readonly observedAttributes = ['disabled']
    readonly #button = document.createElement('button')
    readonly #live = announcer(true)
    #calling = false

    constructor() {
      super()
      this.#button.type = 'button'
      this.#button.part.add('button')
      this.#button.append(document.createElement('slot'))
      this.#button.addEventListener('click', () => this.#call())
      this.attachShadow({ mode: 'open', delegatesFocus: true }).append(this.#button)
    }

    attributeChangedCallback(): void {
      this.#show()
    }

    disconnectedCallback(): void {
      this.#live.remove()
    }

    async #call(): Promise<void> {
      if (this.#calling) return
      this.#calling = true
      this.#show()
      const desc = this.getAttribute('desc')
      try {
        const number = this.getAttribute('number') ?? ''
        const result = await callOut({ phoneNumber: number, ...(desc && { desc }) }, to)
        this.#live.say('called')
        this.#fire('calldock-called', result)
      } catch (error) {
        this.#live.say('failed')
        const heard = error instanceof CalldockError && !this.#fire('calldock-failed', error)
        if (!heard) report(error)
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
      const event = new CustomEvent(type, {
        detail,
        bubbles: true,
        composed: true,
        cancelable: true,
      })
      return this.dispatchEvent(event)
    }
  }
}
