import { own, read } from '../../../check.js'
import { failure, invalid, isCalldockError, kind, report } from '../../../core/errors.js'
import { log } from '../../../core/log.js'
import { hiddenUrl } from '../../../core/redact.js'
import { shared } from '../../../core/registry.js'
import { requirePage } from '../../../core/role.js'
import { host } from '../../../core/roles/host.js'
import { checkSignal, NativePromise, setTimeout, wait } from '../../../core/wait.js'
import { SERVE_OPTIONS } from '../../../generated/tables.js'
import type { RefusedMessage, ServeOptions } from '../../../generated/types.js'
import { windowOf } from '../../../page/realm.js'
import { type Reply, SOURCE, WANTS_NO_PORT } from '../../wire.js'
import { whenClosed } from '../when-closed.js'
import type { Workbench } from '../workbench.js'
import { FramePort, frameWith, isFrameOf, type Service, serve } from './frame-port.js'
import { perMinute } from './limits.js'
import { isOrigin } from './origins.js'

/** How many refusals are reported within a minute: too many messages must not fill the page's log. */
const REPORTED = 20

/** How many ports an origin may ask for within a minute. */
const PORT_REQUESTS = 60

/** How many ports an origin may have in a frame: one for each application there, and what a reload leaves. */
const PORTS = 16

/** How many messages of each origin are kept until the core has started. */
const EARLY = 20

const SERVING: Reply = { calldock: 'serving' }

/**
 * Serves the `ccc-sdk` messages of this page's own frames by its workbench (screen-pop guide): a page that was made
 * for the vendor's workbench works here as it is, with `allowParents` for this page's origin. Frames that
 * use Calldock get the result of their call and its states.
 *
 * Call it early, with the promise of `openWorkbench`: frames that ask before the workbench is open wait for it.
 *
 * @returns a function that stops it; it stops by itself with the workbench
 * @throws {CalldockError} `INVALID_OPTION`, at once for an `allow` that cannot be read
 * @example
 * const workbench = openWorkbench({ login: '/calldock/v1/tccc/login' })
 * const stop = serveCallOuts(workbench, { allow: ['https://crm.example.com'] })
 */
export function serveCallOuts(
  workbench: Workbench | PromiseLike<Workbench>,
  options: ServeOptions,
): () => void {
  if (kind(workbench) !== 'an object')
    throw invalid('workbench', 'a workbench or a promise of one', workbench)
  const checked = read(SERVE_OPTIONS, options, 'options')
  const { allow, callsPerMinute = 20, onRefused, signal } = checked
  if (allow.length === 0) throw invalid('options.allow', 'a list of origins', undefined)
  if (!Number.isInteger(callsPerMinute) || callsPerMinute < 1)
    throw invalid('callsPerMinute', 'a whole number above 0', callsPerMinute)
  checkSignal(signal)
  requirePage()
  const page = windowOf(checked)
  let allowed = host.running ? originsOf(allow) : undefined
  // The core, which says what to change, may not be there yet.
  const odd = allowed ? undefined : allow.find((text) => !isOrigin(text))
  if (odd !== undefined) {
    const expected = 'origins such as https://crm.example.com'
    throw failure('INVALID_OPTION', 'allow', expected, hiddenUrl(odd))
  }
  if (signal?.aborted) return () => {}

  const ports = new Map<Window, FramePort[]>()
  const early: MessageEvent[] = []
  const over = new AbortController()
  const mayReport = perMinute(REPORTED)
  const mayRequest = perMinute(PORT_REQUESTS)
  const refuse = (reason: RefusedMessage['reason'], origin: string) => {
    if (!mayReport(reason)) return
    log('error', 'message.refused', { reason, origin })
    try {
      onRefused?.({ reason, origin })
    } catch (error) {
      report(error)
    }
  }
  const open = NativePromise.resolve(workbench)
  // Frames get the error with their responses; the page gets it from its own promise.
  open.catch(() => {})
  const service: Service = { page, workbench: open, admit: perMinute(callsPerMinute), refuse }

  /** Gives a port to the document of a frame. */
  const give = (frame: Window, origin: string) => {
    if (!mayRequest(origin)) return refuse('rate', origin)
    for (const [other, list] of ports) if (list.every(({ over }) => over)) ports.delete(other)
    const list = (ports.get(frame) ?? []).filter(({ over }) => !over)
    list.push(new FramePort(service, frame, origin))
    ports.set(frame, list)
    const [oldest, ...others] = list.filter((port) => port.origin === origin)
    if (others.length === PORTS) oldest?.bye()
  }
  const receive = (event: MessageEvent) => {
    const { origin, source, data } = event
    const mark = own(data, 'calldock')
    const request = mark === 'open'
    if (!request && own(data, 'source') !== SOURCE) return
    if (!(allowed ?? allow).includes(origin)) {
      if (allowed) return refuse('origin', origin)
      // It may be another spelling, which the core reads.
      if (early.filter((one) => one.origin === origin).length < EARLY) early.push(event)
      return
    }
    // An application of a frame may run in a frame of its own there (wujie); the port goes to the page's frame.
    const frame = mark === undefined ? isFrameOf(page, source) && source : frameWith(page, source)
    if (!frame) return refuse('source', origin)
    if (mark === WANTS_NO_PORT) {
      // A frame in a shadow tree is not announced to, and asks for no port once a message had no response.
      if (!ports.get(frame)?.some(({ over }) => !over)) frame.postMessage(SERVING, origin)
      return
    }
    if (mark !== undefined) return give(frame, origin)
    // As the vendor's guide posts it: nobody waits for a response. Another `serveCallOuts` may have served it.
    const served = shared('served/1', () => new WeakSet<MessageEvent>(), page)
    if (served.has(event)) return
    served.add(event)
    serve(service, origin, own(data, 'payload'), () => !over.signal.aborted).catch((error) => {
      log('error', 'message.failed', { code: isCalldockError(error) ? error.code : 'INTERNAL' })
    })
  }
  const stop = () => {
    if (over.signal.aborted) return
    over.abort()
    signal?.removeEventListener('abort', stop)
    page.removeEventListener('message', receive)
    page.removeEventListener('pageshow', shown)
    page.document.removeEventListener('load', loaded, true)
    early.length = 0
    for (const list of ports.values()) for (const port of list) port.bye()
    ports.clear()
  }
  page.addEventListener('message', receive)
  // A frame that loads another page: its port must not outlive the page before.
  const loaded = ({ target }: Event) => {
    const frame = (target as HTMLIFrameElement | null)?.contentWindow
    for (const port of (frame && ports.get(frame)) ?? []) port.doubt()
  }
  page.document.addEventListener('load', loaded, true)
  signal?.addEventListener('abort', stop)
  // Not at once: the messages that wait get the workbench's error first.
  open.then(
    (workbench) => {
      const forget = whenClosed(workbench, stop)
      over.signal.addEventListener('abort', forget)
      if (over.signal.aborted) forget()
    },
    () => setTimeout(stop),
  )

  const announce = () => {
    // To any origin: the message says only that frames may send requests.
    for (let at = 0; at < page.length; at++) page[at]?.postMessage(SERVING, '*')
  }
  const shown = ({ persisted }: PageTransitionEvent) => persisted && announce()
  page.addEventListener('pageshow', shown)
  announce()
  if (allowed) return stop
  wait(host.start(), { what: 'serveCallOuts', timeoutMs: 15_000, signal: over.signal })
    .then(() => {
      allowed = originsOf(allow)
      for (const event of early.splice(0)) receive(event)
    })
    .catch((error) => {
      const stopped = over.signal.aborted
      stop()
      if (!stopped) report(error)
    })
  return stop
}

/** The origins as browsers write them. */
function originsOf(allow: readonly string[]): string[] {
  return allow.map((text) => host.call((core) => core.readText('allow', text)) as string)
}
