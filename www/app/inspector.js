// @ts-check
// The inspector: every login, script, hash, message, event and error, with its time and frame.

import { copy as copyText } from './code.js'
import { fill, focusIn, h } from './dom.js'
import { t } from './i18n.js'
import { icon } from './icons.js'
import { kinds, sinceStart } from './log.js'
import { place, round, row } from './logrow.js'

/** @typedef {import('./log.js').Entry} Entry */
/** @typedef {import('./log.js').Kind} Kind */

const ANNOUNCE_EVERY_MS = 1500

/**
 * @param {import('./log.js').Log} log
 * @param {{ number?: number, empty?: string }} [options] its number among the page's cards, and what
 * it says while there is nothing
 */
export function inspector(log, { number = 3, empty = t('insp.empty') } = {}) {
  /** @type {Set<Kind>} empty: all kinds */
  const chosen = new Set()
  /** @type {Entry[] | null} what came while paused */
  let held = null

  const list = h('ol', { class: 'log', 'data-testid': 'inspector-list', tabindex: 0 })
  list.setAttribute('aria-label', t('insp.list'))
  const nothing = h('p', { class: 'log-empty' }, empty)
  const status = h('p', { class: 'visually-hidden', role: 'status' })
  const subtitle = h('p', {}, t('insp.sub'))
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': t('insp.filter') })
  const pause = h('button', {
    class: 'tool',
    type: 'button',
    'data-testid': 'inspector-pause',
    onclick: togglePause,
  })
  const announce = announcer(status)

  /** @param {Entry} entry */
  const shown = ({ kind }) => chosen.size === 0 || chosen.has(kind)

  function refresh() {
    fill(list, ...log.entries.filter((entry) => !held?.includes(entry) && shown(entry)).map(row))
    drawEmpty()
    drawChips()
  }

  function drawEmpty() {
    nothing.hidden = list.childElementCount > 0
    nothing.textContent = log.entries.length > 0 ? t('insp.none') : empty
  }

  function drawChips() {
    const count = (/** @type {Kind} */ kind) => log.entries.filter((e) => e.kind === kind).length
    const focused = document.activeElement?.getAttribute('data-testid')
    fill(
      chips,
      chip('all', t('insp.all'), log.entries.length, chosen.size === 0, () => chosen.clear()),
      ...kinds.map((kind) =>
        chip(kind, t(`kind.${kind}`), count(kind), chosen.has(kind), () => {
          if (!chosen.delete(kind)) chosen.add(kind)
        }),
      ),
    )
    if (focused?.startsWith('inspector-filter-')) {
      focusIn(chips, focused)
    }
  }

  /** @param {string} id @param {string} text @param {number} n @param {boolean} on @param {() => void} act */
  function chip(id, text, n, on, act) {
    const click = () => {
      act()
      refresh()
    }
    return h(
      'button',
      {
        type: 'button',
        class: `chip kind-${id}${n === 0 ? ' vacant' : ''}`,
        'aria-pressed': String(on),
        'data-testid': `inspector-filter-${id}`,
        onclick: click,
      },
      text,
      n > 0 && h('span', { class: 'chip-count' }, n),
    )
  }

  function drawPause() {
    const text =
      held === null
        ? t('insp.pause')
        : held.length
          ? t('insp.held', { n: held.length })
          : t('insp.resume')
    pause.setAttribute('aria-label', text)
    pause.title = text
    fill(
      pause,
      icon(held === null ? 'pause' : 'play'),
      held?.length ? h('span', {}, held.length) : null,
    )
  }

  function togglePause() {
    held = held === null ? [] : null
    drawPause()
    refresh()
    if (held === null) list.scrollTop = list.scrollHeight
  }

  function clear() {
    log.clear()
    if (held) held = []
    drawPause()
    refresh()
  }

  async function copy() {
    const entries = log.entries.map(({ at, ...rest }) => ({ ms: round(sinceStart(at)), ...rest }))
    const done = await copyText(JSON.stringify(entries, null, 2))
    say(done ? t('insp.copied', { n: entries.length }) : t('insp.notCopied'))
  }

  /** @param {string} text */
  function say(text) {
    status.textContent = text
    subtitle.textContent = text
    setTimeout(() => {
      subtitle.textContent = t('insp.sub')
    }, 2500)
  }

  log.listen((entry) => {
    if (held) {
      held.push(entry)
      drawPause()
      return
    }
    if (shown(entry)) {
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40
      place(list, row(entry), entry.at)
      if (atEnd) list.scrollTop = list.scrollHeight
    }
    drawEmpty()
    drawChips()
    announce(entry)
  })

  drawPause()
  refresh()
  const tool = (
    /** @type {import('./icons.js').IconName} */ name,
    /** @type {string} */ text,
    /** @type {string} */ id,
    /** @type {() => void} */ act,
  ) =>
    h(
      'button',
      {
        class: 'tool',
        type: 'button',
        'aria-label': text,
        title: text,
        'data-testid': id,
        onclick: act,
      },
      icon(name),
    )

  return h(
    'section',
    {
      class: 'card inspector',
      id: 'inspector',
      'aria-labelledby': 'inspector-title',
      tabindex: -1,
    },
    h(
      'header',
      { class: 'card-head' },
      h('b', { class: 'card-number', 'aria-hidden': 'true' }, number),
      h(
        'div',
        { class: 'card-title' },
        h('h2', { id: 'inspector-title' }, t('job.inspector')),
        subtitle,
      ),
      h(
        'div',
        { class: 'tools' },
        pause,
        tool('trash', t('insp.clear'), 'inspector-clear', clear),
        tool('copy', t('insp.copy'), 'inspector-copy', copy),
      ),
    ),
    chips,
    h('div', { class: 'log-box' }, nothing, list),
    status,
  )
}

/** Speaks at most once in a while, so that a burst is one sentence. @param {Element} status */
function announcer(status) {
  let fresh = 0
  let last = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let _timer
  return (/** @type {Entry} */ entry) => {
    fresh += 1
    last = `${t(`frame.${entry.frame}`)}, ${entry.name}`
    _timer ??= setTimeout(() => {
      status.textContent =
        fresh === 1 ? t('insp.news1', { last }) : t('insp.news', { n: fresh, last })
      fresh = 0
      _timer = undefined
    }, ANNOUNCE_EVERY_MS)
  }
}
