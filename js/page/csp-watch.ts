// What the page's Content Security Policy refused: a browser reports it by an event of the document, which
// may come after the request has failed.

import { type CalldockError, failure } from '../core/errors.js'
import { NativePromise, setTimeout } from '../core/wait.js'

/** How long, in ms, a refusal may be reported after it has happened. */
const GRACE = 50

/** What a policy may refuse: a script by address, a script's text, a request, a frame. */
export type Wanted =
  | {
      readonly kind: 'script' | 'connect' | 'frame'
      readonly origin: string
      /** Named before the origin in the error, for example `the login endpoint`. */
      readonly name?: string
    }
  | { readonly kind: 'inline' }

const DIRECTIVES = {
  script: 'script-src',
  inline: 'script-src',
  connect: 'connect-src',
  frame: 'frame-src',
} as const

/** Watches the policy while something is attempted. */
export interface PolicyWatch {
  /** The error of a refusal, if there was one. Waits a little for a late report. */
  refusal(): Promise<CalldockError | undefined>
  stop(): void
}

/** Starts to watch, and calls `notify` at a refusal; call `stop` in any case. */
export function watchPolicy(
  wanted: Wanted,
  page: Document = document,
  notify = () => {},
): PolicyWatch {
  const directive = DIRECTIVES[wanted.kind]
  let refusedBy: string | undefined
  const listener = ({
    blockedURI,
    disposition,
    effectiveDirective,
  }: SecurityPolicyViolationEvent) => {
    if (disposition !== 'enforce' || !effectiveDirective.startsWith(directive)) return
    const source = wanted.kind === 'inline' ? 'inline' : wanted.origin
    // The origin alone, or an address of it.
    if (!`${blockedURI}/`.startsWith(`${source}/`)) return
    refusedBy ??= effectiveDirective
    notify()
  }
  page.addEventListener('securitypolicyviolation', listener)
  return {
    stop: () => page.removeEventListener('securitypolicyviolation', listener),
    async refusal() {
      if (!refusedBy)
        await new NativePromise<void>((resolve) => {
          notify = resolve
          setTimeout(resolve, GRACE)
        })
      if (!refusedBy) return undefined
      const source =
        wanted.kind === 'inline'
          ? "the nonce of the page's scripts"
          : `${wanted.name ? `${wanted.name} ` : ''}${wanted.origin}`
      return failure(
        'CSP_BLOCKED',
        "the page's Content-Security-Policy",
        `${directive} to allow ${source}`,
        `${refusedBy} refusing it`,
      )
    },
  }
}
