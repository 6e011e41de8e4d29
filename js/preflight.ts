/**
 * Checks a page before anything of a vendor is loaded: what would fail, and the header that fixes it.
 *
 * @packageDocumentation
 */
import { ANY, NUMBER, read, type Shape, TEXTS } from './check.js'
import { invalid, isCalldockError } from './core/errors.js'
import { requirePage } from './core/role.js'
import { checkSignal, checkTimeout, sleep, wait } from './core/wait.js'
import type { Page, PreflightReport, Requirements } from './preflight/checks.js'
import * as checks from './preflight/checks.js'
import { TCCC, WORKBENCHES } from './preflight/checks.js'
import { type Policy, parseMeta, parsePolicies } from './preflight/policy.js'

export type { PreflightCheck, PreflightReport } from './preflight/checks.js'

/** The page's purpose. */
export interface PreflightOptions {
  /** `workbench`: TCCC's agent workbench; `chat`: a CEC chat; `frame`: a page inside the workbench. */
  readonly for: 'workbench' | 'chat' | 'frame'
  /**
   * The origins of the vendor's script.
   *
   * @defaultValue `https://tccc.qcloud.com` for a workbench, this page's origin otherwise
   */
  readonly scripts?: readonly string[] | undefined
  /**
   * The origins to which the page and the vendor's script send requests: the login's and the vendor's.
   *
   * @defaultValue this page's origin and `scripts`
   */
  readonly connect?: readonly string[] | undefined
  /** The origins of pages that show this one in a frame. @defaultValue those of TCCC's workbenches */
  readonly parents?: readonly string[] | undefined
  /** The origins that this page shows in frames: an embedded chat, business pages. @defaultValue none */
  readonly frames?: readonly string[] | undefined
  /** The nonce that the opening will be called with. @defaultValue the nonce of the page's own scripts */
  readonly nonce?: string | undefined
  /** How long to wait for the page's own headers, in ms. @defaultValue 5,000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The form of a text (`check.ts`). */
const TEXT = 0

/** Here and not in the tables: only this file reads them. */
const OPTIONS: Shape<PreflightOptions> = {
  'for?': ANY,
  'scripts?': TEXTS,
  'connect?': TEXTS,
  'parents?': TEXTS,
  'frames?': TEXTS,
  'nonce?': TEXT,
  'timeoutMs?': NUMBER,
  'signal?': ANY,
}

/**
 * Checks the secure context, the browser, WebAssembly, the page's policies and the microphone. Requests
 * only this page's own headers, prompts for no permission and changes nothing.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER` where there is no page, `ABORTED`
 * @example
 * const { ok, headers } = await preflight({ for: 'workbench' })
 * if (!ok) console.warn('Add these headers:', headers)
 */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const given = read(OPTIONS, options, 'options')
  const use = given.for
  if (use !== 'workbench' && use !== 'chat' && use !== 'frame')
    throw invalid('for', 'workbench, chat or frame', use)
  const timeoutMs = checkTimeout(given.timeoutMs, 5000)
  checkSignal(given.signal)
  requirePage()
  // A page without an origin has nothing to compare, and no headers.
  if (location.protocol === 'file:') return checks.reportOf([checks.secureContext()])
  const origin = ownOrigin()
  const own = origin === 'null' ? [] : [origin]
  const scripts = given.scripts ?? (use === 'workbench' ? TCCC : own)
  const required: Requirements = {
    scripts: origins('scripts', scripts),
    connect: origins('connect', given.connect ?? [...own, ...scripts]),
    parents: origins('parents', given.parents ?? WORKBENCHES),
    frames: origins('frames', given.frames ?? []),
  }
  const terms = { what: 'preflight', timeoutMs, signal: given.signal }
  const known = knownPage(origin, given.nonce)
  const page = await wait(() => readPage(known), terms).catch((error): Page => {
    if (isCalldockError(error) && error.code === 'ABORTED') throw error
    return known
  })
  return checks.reportOf([
    checks.secureContext(),
    checks.browser(),
    ...checks.ofPage(use, page, required),
    ...(use === 'workbench'
      ? [checks.microphonePolicy(), await checks.microphonePermission()]
      : []),
  ])
}

function origins(name: string, list: readonly string[]): string[] {
  return list.map((text) => {
    try {
      const { origin } = new URL(text)
      if (origin !== 'null') return origin
    } catch {}
    throw invalid(name, 'origins such as https://tccc.qcloud.com', text)
  })
}

/**
 * The origin of the page's address. Addresses such as about:srcdoc have none: such a page has its parent's, or 'null' in
 * a sandbox.
 */
function ownOrigin(): string {
  return location.origin === 'null' ? globalThis.origin : location.origin
}

/** What of the page needs no request. A page in a sandbox has an address and no origin. */
function knownPage(origin: string, nonce: string | undefined): Page {
  // Browsers take no notice of one in the body.
  const metas = document.querySelectorAll<HTMLMetaElement>(
    'head meta[http-equiv="Content-Security-Policy" i]',
  )
  // Browsers hide the attribute and keep the property.
  const scripts = document.querySelectorAll<HTMLScriptElement>('script[nonce]')
  const policies = [...metas].flatMap(({ content }) => parseMeta(content))
  return {
    origin,
    opaque: globalThis.origin === 'null',
    nonced: !!nonce || [...scripts].some((script) => !!script.nonce),
    read: false,
    policies,
    metas: policies,
    frameOptions: undefined,
    embedder: undefined,
  }
}

/** How long, in ms, a browser may take to report that a policy has refused a request. */
const GRACE = 50

/** Adds what the page's headers say, requested again; where a policy refuses that, the browser reports the policy. */
async function readPage(known: Page): Promise<Page> {
  const reported: Policy[] = []
  const listener = ({ disposition, originalPolicy }: SecurityPolicyViolationEvent) => {
    // It may be a meta element's: what browsers ignore there is left out.
    if (disposition === 'enforce') reported.push(...parseMeta(originalPolicy))
  }
  document.addEventListener('securitypolicyviolation', listener)
  try {
    const request = { __proto__: null, method: 'HEAD', cache: 'no-store' } as RequestInit
    const response = await fetch(location.href, request)
    // A server that refuses HEAD says nothing about the page, and a page that no server sent has its creator's policies.
    if (!response.ok || !/^http/.test(location.protocol)) return known
    const header = parsePolicies(response.headers.get('content-security-policy') ?? '')
    return {
      ...known,
      read: true,
      policies: [...header, ...known.policies],
      frameOptions: response.headers.get('x-frame-options') ?? undefined,
      embedder: response.headers.get('cross-origin-embedder-policy') ?? undefined,
    }
  } catch {
    await sleep(GRACE)
    // Those of meta elements first: one of them may be the one that was reported.
    return { ...known, policies: [...known.policies, ...reported] }
  } finally {
    document.removeEventListener('securitypolicyviolation', listener)
  }
}
