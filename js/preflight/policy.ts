// Reads a Content-Security-Policy as a browser does (CSP Level 3), as far as a vendor's script and its
// requests need it.

/** One policy: its directives by name. */
export type Policy = ReadonlyMap<string, readonly string[]>

/** The policies of a header's value: each one must allow. */
export function parsePolicies(value: string): Policy[] {
  return value
    .split(',')
    .map((policy) => {
      const directives = new Map<string, string[]>()
      for (const directive of policy.split(';')) {
        const [name, ...sources] = directive.trim().split(/\s+/)
        // Of two directives of a name, the first counts.
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources)
      }
      return directives
    })
    .filter((policy) => policy.size > 0)
}

/** The policies of a meta element, in which browsers take no notice of some directives. */
export function parseMeta(content: string): Policy[] {
  const ignored = ['frame-ancestors', 'sandbox']
  return parsePolicies(content).map(
    (policy) => new Map([...policy].filter(([name]) => !ignored.includes(name))),
  )
}

/** What decides about a kind of request: the first of these directives that is there. */
const FALLBACK = {
  script: ['script-src-elem', 'script-src', 'default-src'],
  connect: ['connect-src', 'default-src'],
  frame: ['frame-src', 'child-src', 'default-src'],
  wasm: ['script-src', 'default-src'],
} as const

/** The directive that decides, with its sources; nothing where the policy says nothing about it. */
export function decisive(
  policy: Policy,
  kind: keyof typeof FALLBACK,
): { name: string; sources: readonly string[] } | undefined {
  const name = FALLBACK[kind].find((name) => policy.has(name))
  return name ? { name, sources: policy.get(name) ?? [] } : undefined
}

/** Whether a policy lets a script of the page's own nonce in from an origin. */
export function allowsScript(
  policy: Policy,
  origin: string,
  self: string,
  nonced: boolean,
): boolean {
  const rule = decisive(policy, 'script')
  if (!rule) return true
  const { sources } = rule
  const nonce = sources.some((source) => /^'nonce-/i.test(source))
  if (nonce && nonced) return true
  // With it the list of hosts counts for nothing, but a script that runs may bring others.
  if (has(sources, "'strict-dynamic'")) return true
  return allowsOrigin(sources, origin, self)
}

/** Whether a policy lets the text of a script that another one adds run in the page. */
export function allowsText(policy: Policy, nonced: boolean): boolean {
  const rule = decisive(policy, 'script')
  if (!rule) return true
  const { sources } = rule
  if (nonced && sources.some((source) => /^'nonce-/i.test(source))) return true
  if (has(sources, "'strict-dynamic'")) return true
  // Beside a nonce or a hash it counts for nothing.
  return (
    has(sources, "'unsafe-inline'") && !sources.some((source) => /^'(nonce|sha\d+)-/i.test(source))
  )
}

/** Whether a policy lets the page ask an origin. */
export function allowsRequest(policy: Policy, origin: string, self: string): boolean {
  const rule = decisive(policy, 'connect')
  return !rule || allowsOrigin(rule.sources, origin, self)
}

/** Whether a policy lets the page show a frame of an origin. */
export function allowsFrame(policy: Policy, origin: string, self: string): boolean {
  const rule = decisive(policy, 'frame')
  return !rule || allowsOrigin(rule.sources, origin, self)
}

/** Whether a policy takes the page's origin away. */
export function takesOrigin(policy: Policy): boolean {
  const tokens = policy.get('sandbox')
  return tokens !== undefined && !has(tokens, 'allow-same-origin')
}

/** Whether a policy lets WebAssembly be compiled. */
export function allowsWasm(policy: Policy): boolean {
  const rule = decisive(policy, 'wasm')
  return !rule || has(rule.sources, "'wasm-unsafe-eval'") || has(rule.sources, "'unsafe-eval'")
}

/** Whether a policy lets a Trusted Types policy be made, if it asks for Trusted Types at all. */
export function allowsTrustedTypes(policy: Policy, name: string): boolean {
  const names = policy.get('trusted-types')
  return !names || names.includes('*') || names.includes(name)
}

/** Whether one of the sources is the origin of a page. */
export function allowsOrigin(sources: readonly string[], origin: string, self: string): boolean {
  return sources.some((source) => matches(source, new URL(origin), self))
}

function has(sources: readonly string[], keyword: string): boolean {
  return sources.some((source) => source.toLowerCase() === keyword)
}

/** Whether a source allows an address (CSP Level 3, “Does url match expression in origin”); paths are not compared. */
function matches(source: string, url: URL, self: string): boolean {
  const { protocol, hostname } = url
  const written = source.toLowerCase()
  if (written === '*') return /^(https?|wss?):$/.test(protocol)
  if (written === "'self'") return isSelf(url, self)
  if (/^[a-z][a-z0-9+.-]*:$/.test(written)) return schemeMatches(written, protocol)
  const parts = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*|[^:/']+)(?::(\d+|\*))?(?:\/.*)?$/.exec(written)
  if (!parts) return false
  // Without a scheme, that of the page counts; a page without an origin has none.
  const [, scheme = self.slice(0, self.indexOf(':') + 1), host = '', port] = parts
  if (!schemeMatches(scheme, protocol) || !portMatches(port, url, scheme)) return false
  return host.startsWith('*.')
    ? hostname.endsWith(host.slice(1))
    : host === '*' || host === hostname
}

/** Whether `'self'` allows an address: the page's own origin, also by WebSocket or by a more secure scheme. */
function isSelf(url: URL, self: string): boolean {
  if (url.origin === self) return true
  if (self === 'null') return false
  const own = new URL(self)
  const { protocol } = url
  return (
    own.hostname === url.hostname &&
    own.port === url.port &&
    (protocol === 'https:' ||
      protocol === 'wss:' ||
      (own.protocol === 'http:' && protocol === 'ws:'))
  )
}

/**
 * Whether a source's scheme allows an address's: the same one, or its secure form. By CSP Level 3 `ws` allows `http` and
 * `https` too, and `wss` allows `https`; Chromium refuses those.
 */
function schemeMatches(allowed: string, protocol: string): boolean {
  return (
    allowed === protocol ||
    (allowed === 'http:' && protocol === 'https:') ||
    (allowed === 'ws:' && protocol === 'wss:')
  )
}

/** Whether a source's port, if it has one, allows an address's. Chromium upgrades a scheme only on standard ports. */
function portMatches(allowed: string | undefined, url: URL, scheme: string): boolean {
  const { protocol, port } = url
  if (allowed === undefined) return port === ''
  if (allowed === '*') return true
  if (scheme !== protocol) return allowed === '80' && port === ''
  return allowed === (port || (/^(https|wss):$/.test(protocol) ? '443' : '80'))
}
