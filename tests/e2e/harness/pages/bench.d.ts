// What test pages have beside the package; made by probe.js and the entries.

type Sdk = typeof import('calldock') &
  typeof import('calldock/tccc') &
  typeof import('calldock/bridge') &
  typeof import('calldock/dom') &
  typeof import('calldock/preflight')

/** The vendor's global, as far as the tests touch it. */
interface VendorGlobal {
  on(event: string, listener: (envelope?: unknown) => void): void
  off(event: string, listener: unknown): void
  // biome-ignore lint/suspicious/noExplicitAny: the vendor publishes no types
  [member: string]: any
}

interface Bench {
  /** Everything logged since the package was imported. */
  entries: import('calldock').LogEntry[]
  /** Messages of the errors that came out of the package. */
  failures: string[]
  /** What the window's error event told. */
  errors: string[]
  /** What the policy reported. */
  violations: { directive: string; blocked: string; enforced: boolean }[]
  /** What was posted to this window. */
  messages: { data: unknown; origin: string; fromChild: boolean }[]
  /** The addresses that the page has asked `fetch` for. */
  fetched: string[]
  /** How many logins `login` was asked for. */
  logins: number
  /** Listeners on the window and the document that were added and not removed, by type. */
  listeners(): Record<string, number>
  /** Makes the page a prerendered one; returns a function that shows it. */
  prerendered(): () => void
  /** A real login, with options for the double's script; a function that counts how often. */
  login(options?: Record<string, string>): () => Promise<import('calldock/tccc').SdkLogin>
  /** What stands in the page of the vendor's and of ours. */
  left(): {
    scripts: number
    element: boolean
    globals: string[]
    listeners: Record<string, number>
  }
  /** Imports a module into the page: Firefox's driver would import it into a realm of its own. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the module exports
  load(path: string): Promise<any>
  /** Whether the log has entries of all these names. */
  logged(names: string[]): boolean
  /** Waits for a condition, 50 s at most. */
  until<T>(condition: () => T): Promise<NonNullable<T>>
  /** All texts a page has told, and the tokens that must not be in them. */
  texts(): { text: string; tokens: string[] }
}

interface Window {
  chatWindow: ChatWindow
  sdk: Sdk
  /** What cec-agent.test.mjs imports into the business page, and what it has heard. */
  // biome-ignore lint/suspicious/noExplicitAny: modules that each test calls as it likes
  cec: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  pop: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  popped: any[]
  bench: Bench
  calldock?: unknown
  tccc?: VendorGlobal
  TCCC?: VendorGlobal
  /** Makes a generator of messages of which none is a call; made by generate.js. */
  damagedMessages(seed: number): () => unknown
  /** For a test to keep something between two runs. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the test likes
  kept: any
  /** When the playground's test clicked, in ms of the page's time, until the click arrives. */
  clickedAt?: number | undefined
  /** What the page has said by console.error and console.warn; made by console.js. */
  complaints: string[]
  /** How often JavaScript and the core called each other; made by crossings.js. */
  crossings: number
  /** Moves the page's clock; made by clock.js. */
  clock: {
    timers(): number
    /** Lets promises, messages and locks settle. */
    settle(): Promise<unknown>
    /** Moves it, and runs the timers that are due in their order. */
    advance(ms: number): Promise<void>
  }
  /** Moves the page's clock on by so many ms at once, and fires the timers it has passed; made by jump.js. */
  jump(ms: number): void
  /** Does so once something is true, or once the log has entries of all these names. */
  jumpAt(when: string[] | (() => unknown), ms: number): Promise<void>
  /** How many timers are set; made by timers.js. */
  timers(): number
  // biome-ignore lint/suspicious/noExplicitAny: what a page of tests/e2e/frameworks offers
  lab: any
  /** What capture.js has of the core's modules; the memory is that of the last one. */
  core: {
    memory: WebAssembly.Memory | undefined
    // biome-ignore lint/suspicious/noExplicitAny: exports of several modules
    instances: any[]
    trapNext: boolean
    traps: number
    /** Calls of exports, so far. */
    calls: number
  }
}

/** CEC's chat window, as chat-window.js looks into it. */
interface ChatWindow {
  /** What has this test id, without the prefix. */
  // biome-ignore lint/suspicious/noExplicitAny: an element of whatever kind
  part(id: string): any
  open(): Promise<void>
  say(text: string): Promise<string>
  lines(): (string | null)[]
}

/** CEC's part is there in pages whose entry is `cec`. */
declare const sdk: Sdk & typeof import('calldock/cec')
declare const bench: Bench
declare const chatWindow: ChatWindow
