// A stand-in for the vendor's agent script, in the vendor's spellings. The page's real workbench runs on it.

/** A method that the page has called: the vendor's spelling and its options. */
export interface VendorCommand {
  readonly method: string
  readonly options: unknown
}

/** The stand-in, in the hands of a test. On a page of {@link fakeVendorScript} it is `window.fakeVendor`. */
export interface FakeVendor {
  /** Every method that the page has called, in order. */
  readonly commands: readonly VendorCommand[]
  /** Emits an event in the vendor's spelling: `callIn`, `userAccessed`, `sessionEnded`, … */
  emit(event: string, payload?: object): void
  /**
   * Sets the response of a method from now on. `{status: 'error', errorMsg}` and an `Error` make it reject, a
   * function is called with the options.
   */
  reply(method: string, response: unknown): void
}

/**
 * Makes a login as the page's server would respond with it. The address of its script leads nowhere.
 *
 * @example
 * await page.route('**\/calldock/v1/tccc/login', (route) => route.fulfill({ json: fakeVendorLogin() }))
 */
export function fakeVendorLogin(agentId = 'agent@example.com'): {
  token: string
  sdkUrl: string
  sdkAppId: number
  userId: string
} {
  const token = '0123456789abcdef0123456789abcdef'
  return {
    ...{ token, sdkAppId: 1400000000, userId: agentId },
    sdkUrl: `https://tccc.qcloud.com/sdk/tcccSdk.js?sdkAppId=1400000000&token=${token}`,
  }
}

/**
 * Returns the text of a script that stands in for the vendor's, for tests of whole pages: it registers `tccc`
 * and `fakeVendor` and is ready at once.
 *
 * @example
 * await page.route('**\/tcccSdk.js*', (route) => route.fulfill({ body: fakeVendorScript(), contentType: 'text/javascript' }))
 */
export function fakeVendorScript(): string {
  return `(${installVendor})(window)`
}

/**
 * Registers the stand-in as a window's `tccc`. It travels as a text, so it uses nothing from around it.
 *
 * @internal
 */
export function installVendor(page: object): FakeVendor & { commands: VendorCommand[] } {
  type Listener = (payload: unknown) => void
  type Options = { readonly sessionId?: string } | undefined
  const listeners = new Map<string, Set<Listener>>()
  const responses = new Map<string, unknown>()
  const commands: VendorCommand[] = []
  let made = 0
  const of = (event: string) => {
    const known = listeners.get(event) ?? new Set<Listener>()
    listeners.set(event, known)
    return known
  }
  const emit = (event: string, payload: object = {}) => {
    for (const listener of [...of(event)]) listener({ ...payload })
  }
  /** What the vendor does by itself. */
  const perform = (method: string, options: Options): unknown => {
    const [, name = ''] = method.split('.')
    const { sessionId } = options ?? {}
    if (name.startsWith('start')) {
      made += 1
      const data = { ...options, sessionId: `session-${made}` }
      if (name === 'startOutboundCall') {
        const { phoneNumber } = options as { phoneNumber?: string }
        emit('callOuted', { ...data, calleePhoneNumber: phoneNumber })
      }
      return { status: 'success', data }
    }
    if (method === 'Agent.getStatus') return 'free'
    if (name.endsWith('Supported') || method === 'isEnvSupported') return true
    if (name === 'isMicMuted') return Promise.resolve(false)
    if (name.startsWith('get')) return Promise.resolve([])
    if (name === 'accept') emit('userAccessed', { sessionId })
    if (name === 'hungUp' || (name === 'end' && !method.startsWith('Call')))
      emit('sessionEnded', { sessionId, closeBy: 'seat' })
    return Promise.resolve({ status: 'success', data: {} })
  }
  const run = (method: string, options: unknown) => {
    commands.push({ method, options })
    if (!responses.has(method)) return perform(method, options as Options)
    const set = responses.get(method)
    const response = typeof set === 'function' ? set(options) : set
    const fails = response instanceof Error || response?.status === 'error'
    return fails ? Promise.reject(response) : response
  }
  const part = (name: string) =>
    new Proxy(
      {},
      { get: (_, method) => (options: unknown) => run(`${name}.${String(method)}`, options) },
    )
  const names = ['Call', 'Chat', 'Video', 'Agent', 'Admin', 'Devices', 'UI']
  const tccc = {
    events: {},
    on: (event: string, listener: Listener) => void of(event).add(listener),
    off: (event: string, listener: Listener) => void of(event).delete(listener),
    overrideButtonConfig: (override: unknown) => run('overrideButtonConfig', override),
    isEnvSupported: () => run('isEnvSupported', undefined),
    ...Object.fromEntries(names.map((name) => [name, part(name)])),
  }
  const fakeVendor = {
    commands,
    emit,
    reply: (method: string, response: unknown) => void responses.set(method, response),
  }
  Object.assign(page, { tccc, fakeVendor })
  setTimeout(() => emit('ready'))
  return fakeVendor
}
