import type { CallOut } from '../tccc.js'

/** Whose frame the page seems to be in. */
export interface FakeParentOptions {
  /** @defaultValue the vendor's workbench */
  readonly origin?: string | undefined
  /** The page's window, where a test runs outside of it. */
  readonly window?: Window | undefined
}

/** The parameters of a screen pop, in the vendor's names (screen-pop guide). */
export type ScreenPopParameters = Readonly<Record<string, string>>

/** The workbench around a page, in the hands of a test. */
export interface FakeParent {
  /** Writes a call into the page's hash, as the workbench does; the hash's route stays. */
  pop(parameters: ScreenPopParameters): void
  /** Everything the page has posted to its parent, in its order. */
  readonly messages: readonly unknown[]
  /** The numbers it has asked to call. */
  readonly callOuts: readonly CallOut[]
  /**
   * The next number the page asks to call, or the first one that no `expectCallOut` has returned yet.
   *
   * @throws {Error} after `timeoutMs`, by default 1,000
   */
  expectCallOut(timeoutMs?: number): Promise<CallOut>
  /** Gives the page its own parent back. */
  restore(): void
}

interface Message {
  readonly source?: unknown
  readonly payload?: { readonly event?: unknown; readonly message?: unknown }
}

/**
 * Puts a page into the frame of a fake workbench: for pages that pop up and call out.
 *
 * @example
 * const parent = fakeParent()
 * parent.pop({ mobile: '13800000000', status: '100' })
 * button.click()
 * const { phoneNumber } = await parent.expectCallOut()
 * parent.restore()
 */
export function fakeParent(options: FakeParentOptions = {}): FakeParent {
  const { origin = 'https://tccc.qcloud.com' } = options
  const page = options.window ?? window
  const messages: unknown[] = []
  const callOuts: CallOut[] = []
  /** Calls that no `expectCallOut` has returned yet, and those that wait for one. */
  const unexpected: CallOut[] = []
  const waiting = new Set<(call: CallOut) => void>()
  const own = Object.getOwnPropertyDescriptor(page, 'parent')
  const parent = {
    location: { origin },
    postMessage(message: Message) {
      messages.push(message)
      const { event, message: body } = message?.payload ?? {}
      if (message?.source !== 'ccc-sdk' || event !== 'callOut') return
      const call = body as CallOut
      callOuts.push(call)
      const [next] = waiting
      if (next) next(call)
      else unexpected.push(call)
    },
  }
  Object.defineProperty(page, 'parent', { value: parent, configurable: true })
  return {
    messages,
    callOuts,
    pop(parameters) {
      const [route = ''] = page.location.hash.slice(1).split('?')
      const query = Object.entries(parameters).map(
        ([name, value]) => `${name}=${encodeURIComponent(value)}`,
      )
      page.location.hash = `${route}?${query.join('&')}`
    },
    expectCallOut(timeoutMs = 1000) {
      return new Promise((resolve, reject) => {
        if (unexpected.length > 0) return resolve(unexpected.shift() as CallOut)
        const take = (call: CallOut) => {
          waiting.delete(take)
          clearTimeout(timer)
          resolve(call)
        }
        const timer = setTimeout(() => {
          // A call that comes later is for the next one that waits.
          waiting.delete(take)
          reject(new Error(`no callOut within ${timeoutMs} ms; ${callOuts.length} before`))
        }, timeoutMs)
        waiting.add(take)
      })
    },
    restore() {
      if (own) Object.defineProperty(page, 'parent', own)
      // A window of another making may have it by its prototype.
      else Reflect.deleteProperty(page, 'parent')
    },
  }
}
