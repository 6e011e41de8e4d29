// Looks at a page before anything of a vendor's is loaded: what would stand in its way, and the header
// that mends it.

import { requirePage } from './core.js'
import { CalldockError } from './errors.js'
import type { Page, PreflightCheck, Wishes } from './preflight/checks.js'
import * as checks from './preflight/checks.js'
import { parsePolicies } from './preflight/policy.js'
import { checkSignal, deadline, invalid, settle } from './settle.js'

/** What the page is for. */
export interface PreflightOptions {
  /** `workbench`: TCCC's agent workbench; `chat`: a CEC chat; `frame`: a page inside the workbench. */
  readonly for: 'workbench' | 'chat' | 'frame'
  /** Where the vendor's script comes from; TCCC's own unless told, this page's origin for a chat. */
  readonly scripts?: readonly string[]
  /** Whom the page asks: the login's origin and the vendor's; the same as `scripts` unless told. */
  readonly connect?: readonly string[]
  /** Who shows this page in a frame; TCCC's two workbenches unless told. */
  readonly parents?: readonly string[]
  /** How long to wait for the page's own headers, in ms; 5,000 unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What was found. */
export interface PreflightReport {
  /** Whether nothing has failed. */
  readonly ok: boolean
  readonly checks: readonly PreflightCheck[]
  /** The header lines that mend what failed or could be better, each once. */
  readonly headers: readonly string[]
}

const TCCC = ['https://tccc.qcloud.com']
const WORKBENCHES = ['https://tccc.qcloud.com', 'https://connect.tencentcloud.com']

/**
 * Looks at the secure context, the browser, WebAssembly, the page's policies and the microphone. Loads
 * nothing but this page's own headers, asks for no permission, and changes nothing.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `UNSUPPORTED_BROWSER` where there is no page, `ABORTED`
 */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const use = options?.for
  if (use !== 'workbench' && use !== 'chat' && use !== 'frame')
    throw invalid('for', 'workbench, chat or frame', use)
  const timeoutMs = deadline(options.timeoutMs, 5000)
  checkSignal(options.signal)
  requirePage()
  const scripts = options.scripts ?? (use === 'workbench' ? TCCC : [location.origin])
  const wishes: Wishes = {
    scripts: origins('scripts', scripts),
    connect: origins('connect', options.connect ?? [location.origin, ...scripts]),
    parents: origins('parents', options.parents ?? WORKBENCHES),
  }
  const terms = { what: 'preflight', timeoutMs, signal: options.signal }
  const page = await settle(readPage(), terms).catch((error): Page => {
    if (error instanceof CalldockError && error.code === 'ABORTED') throw error
    return { policies: undefined, frameOptions: undefined }
  })
  const found = [
    checks.secureContext(),
    checks.browser(),
    checks.wasm(page),
    ...(use === 'frame' ? [checks.frame(page, wishes)] : [checks.script(page, wishes)]),
    checks.connect(page, wishes),
    checks.trustedTypes(page),
    ...(use === 'workbench'
      ? [checks.microphonePolicy(), await checks.microphonePermission()]
      : []),
  ]
  return {
    ok: found.every(({ status }) => status !== 'failed'),
    checks: found,
    headers: [...new Set(found.flatMap(({ header }) => header ?? []))],
  }
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

/** The page's policies: its header's, asked for anew, and its meta elements'. */
async function readPage(): Promise<Page> {
  const metas = document.querySelectorAll<HTMLMetaElement>(
    'meta[http-equiv="Content-Security-Policy" i]',
  )
  const own = [...metas].flatMap(({ content }) => parsePolicies(content))
  const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' })
  // A server that answers HEAD otherwise says nothing about the page.
  if (!answer.ok) throw new TypeError(`HTTP ${answer.status}`)
  const header = parsePolicies(answer.headers.get('content-security-policy') ?? '')
  return {
    policies: [...header, ...own],
    frameOptions: answer.headers.get('x-frame-options') ?? undefined,
  }
}
