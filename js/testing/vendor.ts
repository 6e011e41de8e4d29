// The vendor's agent script for tests of whole pages: a route of Playwright's answers with it.

/** What a test finds on the page's `window.fakeVendor`. */
export interface FakeVendor {
  /** Every method the page has called: the vendor's spelling and its options. */
  readonly commands: { readonly method: string; readonly options: unknown }[]
  /** Emits an event: `callIn`, `userAccessed`, `sessionEnded`, … */
  emit(event: string, payload?: object): void
  /** What a method answers from now on. `{status: 'error', errorMsg}` makes it fail. */
  reply(method: string, answer: unknown): void
}

/** A login as the page's server would answer it. Its script's address leads nowhere but to the test. */
export function fakeVendorLogin(userId = 'agent@example.com'): {
  token: string
  sdkUrl: string
  sdkAppId: number
  userId: string
} {
  const token = '0123456789abcdef0123456789abcdef'
  return {
    ...{ token, sdkAppId: 1400000000, userId },
    sdkUrl: `https://tccc.qcloud.com/sdk/tcccSdk.js?sdkAppId=1400000000&token=${token}`,
  }
}

/** The text of a script that stands in for the vendor's: it registers `tccc` and is ready at once. */
export function fakeVendorScript(): string {
  return `(${install})()`
}

/** Runs in the page, so it uses nothing from around it. */
function install(): void {
  type Listener = (payload: unknown) => void
  const listeners = new Map<string, Set<Listener>>()
  const replies = new Map<string, unknown>()
  let made = 0
  const of = (event: string) => {
    const known = listeners.get(event) ?? new Set<Listener>()
    listeners.set(event, known)
    return known
  }
  const vendor: FakeVendor = {
    commands: [],
    emit(event, payload = {}) {
      for (const listener of [...of(event)]) listener(payload)
    },
    reply: (method, answer) => void replies.set(method, answer),
  }
  const run = (method: string, options: unknown) => {
    vendor.commands.push({ method, options })
    if (replies.has(method)) {
      const answer = replies.get(method) as { status?: string }
      return answer?.status === 'error' ? Promise.reject(answer) : answer
    }
    if (method === 'Agent.getStatus') return 'free'
    if (method === 'Devices.isBrowserSupported') return true
    if (method === 'Call.isMicMuted') return Promise.resolve(false)
    if (method.startsWith('Devices.') || method.startsWith('Admin.')) return Promise.resolve([])
    if (!method.startsWith('Call.start'))
      return Promise.resolve({ status: 'success', data: options ?? {} })
    made += 1
    const data = { ...(options as object), sessionId: `session-${made}` }
    setTimeout(() => vendor.emit('callOuted', data))
    return Promise.resolve({ status: 'success', data })
  }
  const part = (name: string) =>
    new Proxy(
      {},
      { get: (_, method) => (options: unknown) => run(`${name}.${String(method)}`, options) },
    )
  const names = ['Call', 'Chat', 'Video', 'Agent', 'Admin', 'Devices', 'UI']
  const tccc = {
    events: {},
    on: (event: string, listener: Listener) => of(event).add(listener),
    off: (event: string, listener: Listener) => of(event).delete(listener),
    overrideButtonConfig: (choose: unknown) => run('overrideButtonConfig', choose),
    ...Object.fromEntries(names.map((name) => [name, part(name)])),
  }
  Object.assign(window, { tccc, fakeVendor: vendor })
  setTimeout(() => vendor.emit('ready'))
}
