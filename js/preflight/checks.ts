// What may stop a vendor's script on a page, one check each. What takes a `Page` touches no browser: the command
// `npx calldock check` uses it too.

import type { Code } from '../core/errors.js'
import * as csp from './policy.js'

/** The result of one check. */
export interface PreflightCheck {
  readonly name:
    | 'secureContext'
    | 'browser'
    | 'wasm'
    | 'script'
    | 'connect'
    | 'trustedTypes'
    | 'microphonePolicy'
    | 'microphonePermission'
    | 'frame'
    | 'frames'
    | 'isolation'
    | 'sandbox'
  /** `warning`: it works, though not as well; `unknown`: the browser does not expose it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown'
  /** What was found. */
  readonly found: string
  /** The code with which an opening would fail; of the microphone, the reason why its calls have no voice. */
  readonly code?: Code
  /** The header that fixes it, as a server sends it; add the sources to those that are there. */
  readonly header?: string
  /** Whether the policy to change is in a `<meta>` element of the page: add the sources there, and no header. */
  readonly inMeta?: boolean
}

/** The result of `preflight`. */
export interface PreflightReport {
  /** Whether no check has failed. */
  readonly ok: boolean
  readonly checks: readonly PreflightCheck[]
  /**
   * The header lines that fix what failed or could be better, each once. Add their sources to the page's policy where
   * it is, in the header or in the `<meta>` element ({@link PreflightCheck.inMeta}): a second policy would block what it
   * does not name.
   */
  readonly headers: readonly string[]
}

/** What the page must be able to do. */
export interface Requirements {
  /** The origins of the vendor's script. */
  readonly scripts: readonly string[]
  /** The origins to which the page and the vendor's script send requests. */
  readonly connect: readonly string[]
  /** The origins of pages that show this one in a frame. */
  readonly parents: readonly string[]
  /** The origins of pages that this one shows in frames. */
  readonly frames: readonly string[]
}

/** What is known of the page. */
export interface Page {
  /** The origin of its address, which `'self'` means in its policies. */
  readonly origin: string
  /** Whether a sandbox has taken its origin away. */
  readonly opaque: boolean
  /** Whether its scripts have a nonce. */
  readonly nonced: boolean
  /** Whether its headers could be read. */
  readonly read: boolean
  /** Its policies, as far as they are known: without its headers there may be more. */
  readonly policies: readonly csp.Policy[]
  /** Those of them that are in its meta elements. */
  readonly metas: readonly csp.Policy[]
  /** `X-Frame-Options`. */
  readonly frameOptions: string | undefined
  /** `Cross-Origin-Embedder-Policy`. */
  readonly embedder: string | undefined
}

/** The origin of TCCC's script. */
export const TCCC: readonly string[] = ['https://tccc.qcloud.com']

export { VENDOR_ORIGINS as WORKBENCHES } from '../generated/origins.js'

/** What the package needs of a browser, by the name people know. */
const FEATURES: [string, () => boolean][] = [
  ['Promise.allSettled (ES2020)', () => typeof Promise.allSettled === 'function'],
  ['fetch', () => typeof fetch === 'function'],
  ['AbortController', () => typeof AbortController === 'function'],
  ['BigInt', () => typeof BigInt === 'function'],
  ['MessageChannel', () => typeof MessageChannel === 'function'],
]

const IGNORED = 'which browsers ignore: any page may show this one in a frame'

const UNREAD = "the page's own headers could not be read"

export function secureContext(): PreflightCheck {
  if (location.protocol === 'file:')
    return {
      ...{ name: 'secureContext', status: 'failed', code: 'INSECURE_CONTEXT' },
      found: 'a file: page, which has no origin: serve it by HTTPS or from localhost',
    }
  return isSecureContext
    ? { name: 'secureContext', status: 'ok', found: 'HTTPS or localhost' }
    : {
        ...{ name: 'secureContext', status: 'failed', found: 'an insecure context' },
        code: 'INSECURE_CONTEXT',
      }
}

export function browser(): PreflightCheck {
  const missing = FEATURES.filter(([, there]) => !there()).map(([name]) => name)
  return missing.length === 0
    ? { name: 'browser', status: 'ok', found: 'all it needs' }
    : {
        ...{ name: 'browser', status: 'failed', found: `no ${missing.join(', no ')}` },
        code: 'UNSUPPORTED_BROWSER',
      }
}

function wasm(page: Page): PreflightCheck {
  if (typeof WebAssembly !== 'object')
    return { name: 'wasm', status: 'warning', found: 'none: the larger JavaScript form is used' }
  const refusing = page.policies.find((policy) => !csp.allowsWasm(policy))
  if (!refusing) return passed('wasm', page, 'allowed')
  return {
    ...{ name: 'wasm', status: 'warning' },
    found: 'refused by the policy: the larger JavaScript form is used',
    ...fix(page, refusing, csp.decisive(refusing, 'wasm')?.name, ["'wasm-unsafe-eval'"]),
  }
}

function script(page: Page, { scripts }: Requirements): PreflightCheck {
  return sources('script', page, scripts, (policy, origin) =>
    csp.allowsScript(policy, origin, page.origin, page.nonced),
  )
}

/** Whether the text of CEC's scripts runs: they are fetched, and run under the nonce of the page's scripts. */
function scriptText(page: Page, required: Requirements): PreflightCheck {
  const refusing = page.policies.find((policy) => !csp.allowsText(policy, page.nonced))
  if (!refusing) return script(page, required)
  return {
    ...{ name: 'script', status: 'failed', code: 'CSP_BLOCKED' },
    found: "the policy refuses the text of the vendor's scripts",
    ...fix(page, refusing, csp.decisive(refusing, 'script')?.name, ["'nonce-…'"]),
  }
}

/** What the page is for. */
export type Use = 'workbench' | 'chat' | 'frame'

/** The checks of a page that need no browser. */
export function ofPage(use: Use, page: Page, required: Requirements): PreflightCheck[] {
  return [
    wasm(page),
    ofUse(use, page, required),
    connect(page, required),
    trustedTypes(page),
    frames(page, required),
    isolation(page, required),
    sandbox(page, use),
  ]
}

/** Sums up the checks of a page. */
export function reportOf(checks: readonly PreflightCheck[]): PreflightReport {
  return {
    ok: checks.every(({ status }) => status !== 'failed'),
    checks,
    headers: [...new Set(checks.flatMap(({ header }) => header ?? []))],
  }
}

/** The check of what the page is for. */
function ofUse(use: Use, page: Page, required: Requirements): PreflightCheck {
  if (use === 'frame') return frame(page, required)
  return use === 'chat' ? scriptText(page, required) : script(page, required)
}

function connect(page: Page, required: Requirements): PreflightCheck {
  return sources('connect', page, required.connect, (policy, origin) =>
    csp.allowsRequest(policy, origin, page.origin),
  )
}

/** Whether the page's policies let it show the frames it is to show. */
function frames(page: Page, required: Requirements): PreflightCheck {
  return sources('frames', page, required.frames, (policy, origin) =>
    csp.allowsFrame(policy, origin, page.origin),
  )
}

/**
 * Whether the page is isolated from other origins (COEP): what it shows in frames must say that it wants that. The
 * vendor's script is requested with CORS, and is not concerned.
 */
function isolation(page: Page, required: Requirements): PreflightCheck {
  const name = 'isolation'
  const value = page.embedder?.split(';')[0]?.trim().toLowerCase()
  const isolated = value === 'require-corp' || value === 'credentialless'
  const others = required.frames.filter((frame) => frame !== page.origin)
  if (!isolated || others.length === 0)
    return passed(name, page, isolated ? `${value}, without foreign frames` : 'none')
  return {
    ...{ name, status: 'warning' },
    found: `${value}: frames of ${others.join(', ')} are empty unless they send Cross-Origin-Embedder-Policy and Cross-Origin-Resource-Policy too`,
    header: 'Cross-Origin-Embedder-Policy: unsafe-none',
  }
}

/**
 * Whether the page has an origin: in a sandbox without `allow-same-origin` it has no cookies and no login. A page in a
 * workbench's frame needs neither to get calls and to post callOut.
 */
function sandbox({ policies, opaque }: Page, use: Use): PreflightCheck {
  const name = 'sandbox'
  const taken = policies.find(csp.takesOrigin)
  if (!opaque && !taken) return { name, status: 'ok', found: 'an origin of its own' }
  const tokens = taken?.get('sandbox') ?? []
  return {
    ...(use === 'frame'
      ? { name, status: 'warning' }
      : { name, status: 'failed', code: 'NETWORK' }),
    found: taken
      ? 'a policy of sandbox without allow-same-origin'
      : 'a frame of sandbox without allow-same-origin',
    ...(taken && {
      header: `Content-Security-Policy: ${['sandbox', ...tokens, 'allow-same-origin'].join(' ')}`,
    }),
  }
}

function sources(
  name: 'script' | 'connect' | 'frames',
  page: Page,
  origins: readonly string[],
  allows: (policy: csp.Policy, origin: string) => boolean,
): PreflightCheck {
  for (const policy of page.policies) {
    const refused = origins.filter((origin) => !allows(policy, origin))
    if (refused.length > 0)
      return {
        ...{ name, status: 'failed', code: 'CSP_BLOCKED' },
        found: `the policy refuses ${refused.join(', ')}`,
        ...fix(
          page,
          policy,
          csp.decisive(policy, name === 'frames' ? 'frame' : name)?.name,
          refused,
        ),
      }
  }
  return passed(name, page, 'allowed')
}

function trustedTypes(page: Page): PreflightCheck {
  const name = 'trustedTypes'
  const { policies } = page
  const refusing = policies.find((policy) => !csp.allowsTrustedTypes(policy, 'calldock'))
  if (!refusing) return passed(name, page, 'nothing in the way')
  const demanded = policies.some((policy) => policy.has('require-trusted-types-for'))
  return {
    ...{ name, status: demanded ? 'failed' : 'warning' },
    found: "trusted-types without 'calldock'",
    ...(demanded && { code: 'TRUSTED_TYPES_BLOCKED' as const }),
    ...fix(page, refusing, 'trusted-types', ['calldock']),
  }
}

/** `document.permissionsPolicy`, which only some browsers have, under either name. */
interface PolicyDocument {
  readonly permissionsPolicy?: { allowsFeature(name: string): boolean }
  readonly featurePolicy?: { allowsFeature(name: string): boolean }
}

export function microphonePolicy(): PreflightCheck {
  const name = 'microphonePolicy'
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument
  const policy = permissionsPolicy ?? featurePolicy
  if (!policy) return { name, status: 'unknown', found: 'a browser that does not tell' }
  if (policy.allowsFeature('microphone')) return { name, status: 'ok', found: 'allowed' }
  const framed = window.parent !== window
  return {
    ...{ name, status: 'failed', code: 'PERMISSION_DENIED' },
    found: framed
      ? 'a frame without allow="microphone"'
      : 'a Permissions-Policy without the microphone',
    ...(!framed && { header: 'Permissions-Policy: microphone=(self)' }),
  }
}

export async function microphonePermission(): Promise<PreflightCheck> {
  const name = 'microphonePermission'
  if (!navigator.mediaDevices)
    return { name, status: 'failed', found: 'no media devices', code: 'INSECURE_CONTEXT' }
  try {
    const { state } = await navigator.permissions.query({ name: 'microphone' as PermissionName })
    if (state !== 'denied' && (await lacksMicrophone()))
      return { name, status: 'warning', found: 'no microphone is connected' }
    if (state === 'granted') return { name, status: 'ok', found: 'granted' }
    if (state === 'prompt')
      return { name, status: 'warning', found: 'not asked yet: the first call will ask' }
    const framed = window.parent !== window
    return {
      ...{ name, status: 'failed', code: 'PERMISSION_DENIED' },
      // Firefox and Safari tell of a frame's attribute only here.
      found: `denied by the user${framed ? ', or by a frame without allow="microphone"' : ''}`,
    }
  } catch {
    return { name, status: 'unknown', found: 'a browser that does not tell' }
  }
}

/** Whether no microphone is connected. Firefox does not tell a page that is hidden: it is not waited for then. */
async function lacksMicrophone(): Promise<boolean> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, 500))
  const devices = await Promise.race([navigator.mediaDevices.enumerateDevices(), late])
  return devices?.every(({ kind }) => kind !== 'audioinput') ?? false
}

/** Whether those who are to show this page in a frame may. */
function frame(page: Page, { parents }: Requirements): PreflightCheck {
  const name = 'frame'
  const { frameOptions, origin } = page
  const rules = page.policies.flatMap((policy) => {
    const sources = policy.get('frame-ancestors')
    return sources ? [sources] : []
  })
  const ruled = rules.length > 0
  const header = add('frame-ancestors', parents)
  // Beside frame-ancestors browsers ignore the older header.
  if (!ruled && frameOptions) {
    const found = `X-Frame-Options: ${frameOptions}`
    switch (byFrameOptions(frameOptions, parents, origin)) {
      case 'refused':
        return { name, status: 'failed', found, header }
      case 'ignored':
        return { name, status: 'warning', found: `${found}, ${IGNORED}`, header }
      default:
        return passed(name, page, 'allowed')
    }
  }
  // Each policy must allow.
  const refused = parents.filter((parent) =>
    rules.some((sources) => !csp.allowsOrigin(sources, parent, origin)),
  )
  if (refused.length > 0)
    return {
      name,
      status: 'failed',
      found: `frame-ancestors without ${refused.join(', ')}`,
      header,
    }
  return ruled || !page.read
    ? passed(name, page, 'allowed')
    : { name, status: 'warning', found: 'no rule: any page may show this one in a frame', header }
}

/** What browsers do by `X-Frame-Options` (HTML, “The `X-Frame-Options` header”). */
function byFrameOptions(
  value: string,
  parents: readonly string[],
  origin: string,
): 'allowed' | 'refused' | 'ignored' {
  const words = new Set(value.split(',').map((word) => word.trim().toLowerCase()))
  const known = ['deny', 'sameorigin', 'allowall'].some((word) => words.has(word))
  // One of these refuses all where another value is beside it.
  if (words.has('deny') || (known && words.size > 1)) return 'refused'
  if (!words.has('sameorigin')) return 'ignored'
  return parents.every((parent) => parent === origin) ? 'allowed' : 'refused'
}

/** Nothing is in the way; without the page's headers that is not known. */
function passed(name: PreflightCheck['name'], { read }: Page, found: string): PreflightCheck {
  return read ? { name, status: 'ok', found } : { name, status: 'unknown', found: UNREAD }
}

/** What to add to a policy of the page. */
function fix(
  { metas }: Page,
  policy: csp.Policy,
  directive: string | undefined,
  sources: readonly string[],
): Pick<PreflightCheck, 'header' | 'inMeta'> {
  return { header: add(directive, sources), ...(metas.includes(policy) && { inMeta: true }) }
}

function add(directive: string | undefined, sources: readonly string[]): string {
  return `Content-Security-Policy: ${directive} ${sources.join(' ')}`
}
