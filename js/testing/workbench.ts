import { CalldockError, type Code, report } from '../core/errors.js'
import type { CallIn, WorkbenchEvent, WorkbenchEventName, WorkbenchEvents } from '../tccc/events.js'
import type { WorkbenchMethods } from '../tccc/methods.js'
import { SessionList } from '../tccc/sessions.js'
import { stream } from '../tccc/stream.js'
import type { OpenWorkbenchOptions, Workbench } from '../tccc/workbench.js'

/** A method the page has called, in its order. */
export interface FakeCommand {
  /** For example `call.hangUp`. */
  readonly method: string
  readonly options: unknown
}

/** What rings; what is left out is made up. */
export type FakeCall = Partial<CallIn> & { readonly type?: CallIn['type'] }

/** A workbench in the hands of a test. */
export interface FakeWorkbench {
  /** To hand to the page's own code. */
  readonly workbench: Workbench
  /** In the place of `openWorkbench`: gives the workbench, or fails as told. */
  readonly open: (options?: Partial<OpenWorkbenchOptions>) => Promise<Workbench>
  /** Every method the page has called. */
  readonly commands: readonly FakeCommand[]
  /** Lets a call ring; gives its session's id. */
  ring(call?: FakeCall): string
  /** Answers a session: of an outbound call, the far end does. The newest unless told. */
  answer(sessionId?: string): void
  /** Ends a session. The newest unless told. */
  hangUp(sessionId?: string, how?: Partial<WorkbenchEvents['sessionEnded']>): void
  /** Emits any event as the vendor would. */
  emit<E extends WorkbenchEventName>(event: E, payload: WorkbenchEvents[E]): void
  /** What a method answers from now on; an error makes it fail. */
  reply(method: string, answer: unknown): void
  /** Makes the next `open` fail. */
  failOpen(code: Code): void
  /** Loses the workbench, as after an expired token. */
  lose(code: Code): void
}

/** A workbench without a vendor: events come from the test, methods are written down. */
export function fakeWorkbench({ userId = 'agent@example.com' } = {}): FakeWorkbench {
  const commands: FakeCommand[] = []
  const replies = new Map<string, unknown>()
  const page = new Page(userId, async (method, options) => {
    if (page.over) throw new CalldockError('ABORTED', 'the workbench: expected an open one')
    commands.push({ method, options })
    if (replies.has(method)) {
      const answer = replies.get(method)
      if (answer instanceof Error) throw answer
      return answer
    }
    return react(method, options)
  })
  let made = 0
  let fails: Code | undefined
  const newest = (): string => {
    const last = page.sessions.list.filter(({ state }) => state !== 'ended').at(-1)
    if (!last) throw new Error('no session is going on')
    return last.sessionId
  }
  const next = () => {
    made += 1
    return `session-${made}`
  }
  const fake: FakeWorkbench = {
    workbench: page,
    commands,
    async open() {
      const code = fails
      fails = undefined
      if (code) throw new CalldockError(code, 'the test wanted this to fail')
      return page
    },
    ring(call = {}) {
      const sessionId = call.sessionId ?? next()
      page.emit('callIn', {
        ...{ sessionId, type: 'phone', timeout: 30, serverType: 'staffSeat' },
        ...{ calleePhoneNumber: '10086', callerPhoneNumber: '13800000000' },
        ...call,
      } as CallIn)
      return sessionId
    },
    answer(sessionId = newest()) {
      const session = page.sessions.list.find((one) => one.sessionId === sessionId)
      page.emit(session?.direction === 'outbound' ? 'calloutAccepted' : 'userAccessed', {
        sessionId,
      })
    },
    hangUp(sessionId = newest(), how = {}) {
      page.emit('sessionEnded', { sessionId, closeBy: 'client', ...how })
    },
    emit: (event, payload) => page.emit(event, payload),
    reply: (method, answer) => void replies.set(method, answer),
    failOpen(code) {
      fails = code
    },
    lose: (code) => page.end(new CalldockError(code, 'the test wanted it lost')),
  }

  /** What the vendor does by itself. */
  function react(method: string, options: unknown): unknown {
    const { sessionId, phoneNumber } =
      typeof options === 'string'
        ? { sessionId: options, phoneNumber: undefined }
        : ((options ?? {}) as { sessionId?: string; phoneNumber?: string })
    switch (method) {
      case 'call.startOutbound': {
        const started = { sessionId: next(), calleePhoneNumber: phoneNumber ?? '' }
        page.emit('callOuted', started)
        return started
      }
      case 'call.startInternal':
        return { sessionId: next() }
      case 'call.accept':
      case 'chat.accept':
      case 'video.accept':
        return sessionId && fake.answer(sessionId)
      case 'call.hangUp':
      case 'chat.end':
      case 'video.end':
        return sessionId && fake.hangUp(sessionId, { closeBy: 'seat' })
      case 'call.isMicMuted':
        return false
      case 'agent.getStatus':
        return 'free'
      case 'devices.isBrowserSupported':
        return true
      case 'admin.getSkillGroups':
      case 'devices.getMicrophones':
      case 'devices.getSpeakers':
        return []
      default:
        return undefined
    }
  }
  return fake
}

type Run = (method: string, options: unknown) => Promise<unknown>

/** A group whose every method is there: which ones the vendor has is not this fake's to know. */
function group<T extends object>(name: string, run: Run): T {
  return new Proxy({} as T, {
    get: (_, method) =>
      typeof method === 'string' && method !== 'then'
        ? (options?: unknown) => run(`${name}.${method}`, options)
        : undefined,
  })
}

/** The page's side. */
class Page implements Workbench {
  readonly call: WorkbenchMethods['call']
  readonly chat: WorkbenchMethods['chat']
  readonly video: WorkbenchMethods['video']
  readonly agent: WorkbenchMethods['agent']
  readonly admin: WorkbenchMethods['admin']
  readonly devices: WorkbenchMethods['devices']
  readonly ui: WorkbenchMethods['ui']
  readonly sessions = new SessionList()
  readonly raw: unknown = {}
  readonly closed: Promise<CalldockError | undefined>
  readonly #over = new AbortController()
  readonly #listeners: { event: string; listener: unknown; call: (payload: never) => void }[] = []
  #userId: string
  #close: (why?: CalldockError) => void = () => {}

  constructor(userId: string, run: Run) {
    this.#userId = userId
    this.call = group('call', run)
    this.chat = group('chat', run)
    this.video = group('video', run)
    this.agent = group('agent', run)
    this.admin = group('admin', run)
    this.devices = group('devices', run)
    this.ui = group('ui', run)
    this.closed = new Promise((resolve) => {
      this.#close = resolve
    })
  }

  get userId(): string {
    return this.over ? '' : this.#userId
  }

  get over(): boolean {
    return this.#over.signal.aborted
  }

  emit<E extends WorkbenchEventName>(event: E, payload: WorkbenchEvents[E]): void {
    if (this.over) return
    this.sessions.heard({ event, payload } as WorkbenchEvent)
    for (const { event: wanted, call } of [...this.#listeners]) {
      if (wanted !== event && wanted !== '*') continue
      try {
        call((wanted === '*' ? { event, payload } : payload) as never)
      } catch (error) {
        report(error)
      }
    }
  }

  on<E extends WorkbenchEventName>(event: E, listener: (payload: WorkbenchEvents[E]) => void) {
    return this.#listen(event, listener, listener)
  }

  once<E extends WorkbenchEventName>(event: E, listener: (payload: WorkbenchEvents[E]) => void) {
    const stop = this.#listen(event, listener, (payload: WorkbenchEvents[E]) => {
      stop()
      listener(payload)
    })
    return stop
  }

  off<E extends WorkbenchEventName>(event: E, listener: (payload: WorkbenchEvents[E]) => void) {
    const theirs = this.#listeners.filter((one) => one.event === event && one.listener === listener)
    for (const one of theirs) this.#listeners.splice(this.#listeners.indexOf(one), 1)
  }

  events<E extends WorkbenchEventName>(event: E): AsyncIterableIterator<WorkbenchEvents[E]>
  events(): AsyncIterableIterator<WorkbenchEvent>
  events(event = '*'): AsyncIterableIterator<unknown> {
    return stream((push) => this.#listen(event, push, push), this.#over.signal)
  }

  async switchAgent(login: unknown): Promise<void> {
    const { userId } = (typeof login === 'object' && login ? login : {}) as { userId?: string }
    this.#userId = userId ?? this.#userId
    this.sessions.clear()
  }

  close(): void {
    this.end()
  }

  end(why?: CalldockError): void {
    if (this.over) return
    this.#listeners.length = 0
    this.#over.abort()
    this.sessions.clear()
    this.#close(why)
  }

  #listen(event: string, listener: unknown, call: (payload: never) => void): () => void {
    const mine = { event, listener, call }
    this.#listeners.push(mine)
    return () => {
      const at = this.#listeners.indexOf(mine)
      if (at >= 0) this.#listeners.splice(at, 1)
    }
  }
}
