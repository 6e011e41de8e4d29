import { readLoosely } from '../check.js'
import { failure, invalid } from '../core/errors.js'
import { type LogEntry, listen } from '../core/log.js'
import { isElement } from '../page/realm.js'
import { Comparison } from './comparison.js'
import { Dock } from './dock.js'
import { fill, h, icon, tool } from './dom.js'
import { Filter } from './filter.js'
import { clean, type InspectorEntry, Journal, type Kept } from './journal.js'
import { List } from './list.js'
import type {
  Inspector,
  InspectorExport,
  InspectorExportEntry,
  InspectorOptions,
} from './options.js'
import type { Trust } from './redact.js'
import { Speech } from './speech.js'
import { addStyle } from './style.js'
import { words as wordsOf } from './words.js'

/** Entries after which a compatibility report may have more. */
const CHANGES: readonly string[] = ['event', 'call', 'workbench']

/**
 * Shows what Calldock does in this page from now on: logins, scripts, the workbench, events, commands,
 * hashes, messages, errors. For developers; nothing of it is loaded unless this module is imported.
 *
 * @throws {CalldockError} `INVALID_OPTION` for a node that is none, `UNSUPPORTED_BROWSER` where there is
 * no page
 * @example
 * const inspector = mountInspector({ collapsed: true })
 * console.log(inspector.export().entries)
 */
export function mountInspector(options: InspectorOptions = {}): Inspector {
  if (typeof document === 'undefined')
    throw failure('UNSUPPORTED_BROWSER', 'the inspector', 'a page', 'none')
  // Own members only, each read once.
  const given = readLoosely(options) as InspectorOptions
  const { into, frame: own, frames = {} } = given
  if (into !== undefined && !isElement(into)) throw invalid('into', 'an element', into)

  const words = wordsOf()
  const { say } = words
  const journal = new Journal()
  const frameOf = ({ frame }: Kept) =>
    Object.getOwnPropertyDescriptor(frames, frame)?.value || frame
  const panel = h('section', { class: into ? 'panel' : 'panel docked', lang: words.lang })
  panel.setAttribute('aria-label', say('title'))
  const nothing = h('p', { class: 'nothing' })
  const speech = new Speech()
  const list = new List(words, frameOf, drawn)
  const filter = new Filter(words, () => {
    list.filter()
    drawn()
  })
  list.shown = (entry) => filter.shown(entry, () => list.textOf(entry))
  const dock = into ? undefined : new Dock(panel, words)
  const pause = tool('pause', 'pause', say('pause'), () => {
    list.paused = !list.paused
    if (!list.paused) list.toEnd()
    list.draw()
    drawn()
  })
  let open = true

  function drawn() {
    const { held, paused } = list
    const text = held ? say('held', { n: held }) : say(paused ? 'resume' : 'pause')
    if (pause.title !== text) {
      pause.title = text
      pause.setAttribute('aria-label', text)
      fill(pause, icon(paused ? 'play' : 'pause'), held > 0 && h('span', {}, held))
    }
    pause.setAttribute('aria-pressed', String(paused))
    filter.draw(journal)
    dock?.count(journal.entries.length, journal.counts.get('error') ?? 0)
    nothing.hidden = !list.vacant
    nothing.textContent =
      journal.entries.length > held ? say('none') : (given.empty ?? say('empty'))
  }

  function take(entry: InspectorEntry, trust: Trust) {
    if (!open) return
    // The page may have replaced its body. What it does with its own node is its own matter.
    if (dock && !element.isConnected) attach()
    const kept = clean(entry, trust)
    list.put(kept, journal.put(kept))
    if (dock?.collapsed || list.paused) return
    const from = frameOf(kept)
    speech.heard((n) => say('news', { n, last: from ? `${from}, ${kept.name}` : kept.name }))
  }

  function attach() {
    const place = into ?? document.body ?? document.documentElement
    place.append(element)
    addStyle(root)
  }

  function clear() {
    journal.clear()
    list.clear()
    drawn()
  }

  const exported = (): InspectorExport => ({
    source: 'calldock',
    exportedAt: new Date().toISOString(),
    page: location.origin,
    dropped: journal.dropped,
    entries: journal.entries.map(exportEntry),
    ...(comparison.report && { compatibility: comparison.report }),
  })

  const comparison = new Comparison(given.workbench, takeOwn)

  async function copy() {
    await comparison.refresh()
    try {
      await navigator.clipboard.writeText(JSON.stringify(exported(), null, 2))
      if (open) speech.say(say('copied', { n: journal.entries.length }))
    } catch {
      if (open) speech.say(say('refused'))
    }
  }

  let file = ''
  async function save() {
    await comparison.refresh()
    if (!open) return
    const text = JSON.stringify(exported(), null, 2)
    URL.revokeObjectURL(file)
    file = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const name = `calldock-${new Date().toISOString().slice(0, 19).replace(/:/g, '')}.json`
    h('a', { href: file, download: name }).click()
    speech.say(say('saved', { n: journal.entries.length }))
  }

  function takeOwn(entry: InspectorEntry) {
    take({ ...entry, ...(own && { frame: own }) }, 'core')
  }
  const unheard = listen((entry: LogEntry) => {
    // The findings are shown instead.
    if (comparison.busy && entry.name === 'compatibility') return
    takeOwn(entry)
    if (CHANGES.includes(entry.kind)) comparison.refreshSoon()
  })
  function close() {
    open = false
    unheard()
    comparison.stop()
    list.stop()
    speech.stop()
    URL.revokeObjectURL(file)
    element.remove()
  }

  const element = document.createElement('calldock-inspector')
  const root = element.attachShadow({ mode: 'open' })
  fill(
    panel,
    dock?.edge,
    h(
      'header',
      {},
      dock?.title,
      h(
        'div',
        { class: 'tools' },
        pause,
        tool('clear', 'clear', say('clear'), clear),
        tool('copy', 'copy', say('copy'), copy),
        tool('save', 'save', say('save'), save),
      ),
      filter.search,
      filter.chips,
      dock && tool('close', 'close', say('close'), close),
    ),
    h('div', { class: 'box' }, nothing, list.element, speech.toast),
    speech.news,
  )
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !dock || dock.collapsed) return
    event.stopPropagation()
    dock.toggle()
  })
  root.append(panel)
  if (given.collapsed) dock?.collapse(true)
  drawn()
  attach()
  return { element, add: (entry) => take(entry, 'page'), clear, export: exported, close }
}

function exportEntry({ at, kind, name, frame, detail }: Kept): InspectorExportEntry {
  const ms = Math.round((at - performance.timeOrigin) * 10) / 10
  const time = new Date(at).toISOString()
  return { at: time, ms, kind, name, ...(frame && { frame }), detail: { ...detail } }
}
