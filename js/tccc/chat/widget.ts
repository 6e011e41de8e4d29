import { own } from '../../check.js'
import { failure, invalid, report } from '../../core/errors.js'
import { log } from '../../core/log.js'
import { shared } from '../../core/registry.js'
import { requirePage } from '../../core/role.js'
import { host } from '../../core/roles/host.js'
import { checkSignal, checkTimeout, wait } from '../../core/wait.js'
import {
  CHAT_WIDGET,
  CHAT_WIDGET_OPTIONS,
  WIDGET_EVENTS,
  WIDGET_GLOBAL,
} from '../../generated/tables.js'
import type { ChatWidgetOptions } from '../../generated/types.js'
import { resolveAddress } from '../../page/address.js'
import { windowOf } from '../../page/realm.js'
import { memberOf, runScript, waitForGlobal } from '../../page/script.js'
import { abortable } from '../../page/until.js'
import { globalMissing } from '../host/missing.js'
import { withdraw } from '../host/withdraw.js'
import { readOptions, unlistedQuery } from './link.js'

/** What the widget reports: an agent has joined the chat, or has left it. */
export type ChatWidgetEvent = keyof typeof WIDGET_EVENTS

/** The widget in the page. */
export interface ChatWidget {
  /**
   * Listens to an event; returns a stop function. The vendor has none, so a stopped listener is only not
   * called any more.
   *
   * @throws {CalldockError} `INVALID_OPTION` for another event
   */
  on(event: ChatWidgetEvent, listener: (payload: unknown) => void): () => void
  /** Listens to an event of the vendor's that its documents do not name, at your own risk. */
  on(
    event: string,
    listener: (payload: unknown) => void,
    options: { readonly unlisted: true },
  ): () => void
}

/** The vendor's names of the events. */
const EVENTS: ReadonlyMap<string, string> = new Map(Object.entries(WIDGET_EVENTS))

/** The deadline by default, in ms. */
const TIMEOUT = 15_000

/** The widget that a page loads, by any copy of the package: the second call waits for the first. */
const state = (page: Window) =>
  shared<{ loading: Promise<unknown> | undefined }>(
    'tccc-widget/2',
    () => ({ loading: undefined }),
    page,
  )

type Listen = (event: string, listener: (payload: unknown) => void) => void

/**
 * Loads the vendor's widget, which draws its own button. A widget that is there already is used: the vendor
 * publishes no way to remove it.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `SECRET_IN_PAGE`, `NETWORK`, `CSP_BLOCKED`,
 * `TRUSTED_TYPES_BLOCKED`, `GLOBAL_MISSING`, `TIMEOUT`, `ABORTED`
 * @example
 * const widget = await loadChatWidget({ webAppId: '9903496b6be2e67ad291dd2323f3ae9f' })
 * widget.on('agentJoined', () => console.log('an agent is there'))
 */
export async function loadChatWidget(options: ChatWidgetOptions): Promise<ChatWidget> {
  const checked = readOptions(CHAT_WIDGET_OPTIONS, options)
  const extra = unlistedQuery(checked, CHAT_WIDGET_OPTIONS)
  const timeoutMs = checkTimeout(checked.timeoutMs, TIMEOUT)
  checkSignal(checked.signal)
  requirePage()
  const page = windowOf(checked)
  const stop = new AbortController()
  let stage = 'core'
  const ofPage = state(page)
  const begin = () => {
    const before = ofPage.loading
    const work = (async () => {
      await before?.catch(() => {})
      return load(page, checked, extra, stop.signal, (reached) => {
        stage = reached
      })
    })()
    ofPage.loading = work
    return work
  }
  const listen = await wait(begin, {
    what: 'loadChatWidget',
    timeoutMs,
    signal: checked.signal,
    stage: () => stage,
    onAbandoned: (error) => stop.abort(error),
    role: host,
  })
  return widgetOf(page, listen)
}

async function load(
  page: Window,
  options: ChatWidgetOptions,
  extra: string,
  signal: AbortSignal,
  onStage: (stage: string) => void,
): Promise<Listen> {
  const { webAppId, scriptUrl, nonce } = options
  await abortable(signal, host.start())
  const find = () => {
    const global = memberOf(page, WIDGET_GLOBAL)
    return typeof global === 'function' ? (global as Listen) : undefined
  }
  // Checked by the core in any case.
  host.call((core) => core.readText('webAppId', webAppId))
  const present = find()
  if (present) return present
  onStage('script')
  const address = addressOf(scriptUrl ?? CHAT_WIDGET, webAppId) + extra
  const script = await runScript({
    page,
    address,
    signal,
    inject: () =>
      host.call((core) =>
        core.injectScript(page, 'loadChatWidget.scriptUrl', address, nonce, {}, false),
      ),
    withdraw,
  })
  onStage('global')
  const { thrown } = script
  try {
    const timeoutMs = options.timeoutMs ?? TIMEOUT
    const found = await waitForGlobal({ find, timeoutMs, signal })
    if (!found) throw globalMissing(page, [WIDGET_GLOBAL], thrown())
    return found
  } catch (error) {
    script.remove()
    throw error
  }
}

/** The script's address with the id, which it reads there: the vendor's own snippet has it already. */
function addressOf(scriptUrl: string, webAppId: string): string {
  const file = scriptUrl.replace(/#.*/s, '')
  // The core refuses other schemes, and takes a port or a host that no browser reads for one.
  if (/^https?:/.test(file)) resolveAddress('loadChatWidget.scriptUrl', file)
  const query = file.replace(/^[^?]*/, '')
  const [id, ...more] = new URLSearchParams(query).getAll('webAppId')
  if (id === undefined) return `${file}${query ? '&' : '?'}webAppId=${webAppId}`
  if (id === webAppId && !more.length) return file
  const expected = 'at most one webAppId, that of the options'
  throw failure('INVALID_OPTION', 'loadChatWidget.scriptUrl', expected, 'another value')
}

function widgetOf(page: Window, listen: Listen): ChatWidget {
  return {
    on(event: string, listener: (payload: unknown) => void, options?: { unlisted?: boolean }) {
      const unlisted = own(options, 'unlisted') && typeof event === 'string'
      const name = EVENTS.get(event) ?? (unlisted ? event : undefined)
      if (name === undefined) throw invalid('event', [...EVENTS.keys()].join(', '), event)
      if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
      let over = false
      log('event', 'chat.listening', { event: EVENTS.has(event) ? event : 'unlisted' })
      Reflect.apply(listen, page, [
        name,
        (payload: unknown) => {
          if (over) return
          try {
            listener(payload)
          } catch (error) {
            report(error)
          }
        },
      ])
      return () => {
        over = true
      }
    },
  }
}
