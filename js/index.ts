/**
 * What both vendors share: the start of the core, the log, the errors.
 *
 * @packageDocumentation
 */
import { ANY, NUMBER, read, readLoosely, type Shape, TEXTS } from './check.js'
import { invalid } from './core/errors.js'
import { settings } from './core/load.js'
import { type Engine, type Role, type RoleName, requirePage, roles } from './core/role.js'
import { from, type WasmSource } from './core/source.js'
import { checkSignal, checkTimeout, wait } from './core/wait.js'

export { CalldockError, type Code, type FailedAttempt, isCalldockError } from './core/errors.js'
export { type LogEntry, type Logger, type LogKind, setLogger } from './core/log.js'
export { VERSION } from './core/registry.js'
export type { Engine, RoleName } from './core/role.js'
export type { WasmSource } from './core/source.js'

/** How to start the core. */
export interface ReadyOptions {
  /**
   * The parts to start: `frame` (screen pop, callOut), `host` (workbench, chat), `cec`,
   * `agent` (pages inside CEC's agent workbench).
   *
   * @defaultValue those whose functions the page has imported
   */
  readonly roles?: readonly RoleName[] | undefined
  /**
   * Where each part's wasm comes from, for deployments that move assets: an address, a `Response`, the bytes
   * or a compiled module. Counts for parts that have not started yet.
   *
   * @defaultValue the file beside the script
   */
  readonly wasm?: { readonly [role in RoleName]?: WasmSource | undefined } | undefined
  /**
   * `js` skips the attempt at WebAssembly: for a page whose policy lacks `'wasm-unsafe-eval'`, so that it
   * sends no report at each view.
   *
   * @defaultValue `auto`
   */
  readonly engine?: 'auto' | 'js' | undefined
  /** How long to wait, in ms. @defaultValue 15,000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const LOADERS: { readonly [role in RoleName]: () => Promise<Role> } = {
  frame: async () => (await import('./core/roles/frame.js')).frame,
  host: async () => (await import('./core/roles/host.js')).host,
  cec: async () => (await import('./core/roles/cec.js')).cec,
  agent: async () => (await import('./core/roles/agent.js')).agent,
}
const NAMES = Object.keys(LOADERS) as RoleName[]

/** Here and not in the tables: its types are the browser's. */
const OPTIONS: Shape<ReadyOptions> = {
  'roles?': TEXTS,
  'wasm?': ANY,
  'engine?': ANY,
  'timeoutMs?': NUMBER,
  'signal?': ANY,
}

/**
 * Starts the core earlier than the first call would, or from elsewhere, and tells how it runs.
 *
 * @throws {CalldockError} `INVALID_OPTION`, `NETWORK`, `TIMEOUT`, `ABORTED`, `UNSUPPORTED_BROWSER`, `INTERNAL`
 * @example
 * await ready({ roles: ['frame'], wasm: { frame: '/assets/frame.wasm' } })
 */
export async function ready(options: ReadyOptions = {}): Promise<Engine> {
  const given = read(OPTIONS, options, 'options')
  const { signal, engine: form = 'auto' } = given
  const timeoutMs = checkTimeout(given.timeoutMs, 15_000)
  checkSignal(signal)
  if (form !== 'auto' && form !== 'js') throw invalid('engine', "'auto' or 'js'", form)
  if (given.wasm !== undefined && typeof given.wasm !== 'object')
    throw invalid('wasm', 'an object', given.wasm)
  const sources = Object.entries(readLoosely(given.wasm)) as [RoleName, WasmSource | undefined][]
  const wanted = given.roles ?? (roles.size > 0 ? [...roles.keys()] : sources.map(([name]) => name))
  for (const name of [...wanted, ...sources.map(([name]) => name)])
    if (!NAMES.includes(name)) throw invalid('roles', NAMES.join(', '), name)
  if (wanted.length === 0) throw invalid('roles', `at least one of ${NAMES.join(', ')}`, undefined)
  const own = sources.flatMap(([name, source]) =>
    (source ?? null) === null ? [] : [[name, from(source as WasmSource, `wasm.${name}`)] as const],
  )
  requirePage()
  if (form === 'js') settings.engine = form
  for (const [name, get] of own) settings.sources.set(name, get)
  const start = () =>
    Promise.all(
      wanted.map(async (name) => {
        const role = await LOADERS[name]()
        await role.start()
        return role.engine as Engine
      }),
    )
  const [first] = await wait(start, { what: 'ready', timeoutMs, signal })
  return first as Engine
}

/**
 * Tells how a part of the core runs, or any if none is named; `undefined` while it does not.
 *
 * @example
 * await ready({ roles: ['frame'] })
 * console.log(engine('frame')) // 'streaming', or 'js' where the page's policy refuses WebAssembly
 */
export function engine(role?: RoleName): Engine | undefined {
  if (role) return roles.get(role)?.engine
  for (const { engine } of roles.values()) if (engine) return engine
  return undefined
}
