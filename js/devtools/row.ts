// One entry: a line to read at a glance, and all of it when opened.

import { h } from './dom.js'
import type { Kept, Value } from './journal.js'
import type { Words } from './words.js'

/** What a filter looks at, in small letters. @internal */
export const textOf = (entry: Kept, words: Words, frame: string): string =>
  [words.kind(entry.kind), frame, entry.name, ...Object.entries(entry.detail).flat()]
    .join(' ')
    .toLowerCase()

/** @internal */
export function row(entry: Kept, words: Words, frame: string): HTMLLIElement {
  const { at, kind, name, detail } = entry
  const members = Object.entries(detail)
  const more: [string, Value][] = [
    [words.say('kind'), words.kind(kind)],
    ...(frame ? [[words.say('frame'), frame] as [string, Value]] : []),
    [words.say('time'), new Date(at).toISOString()],
    ...members,
  ]
  const item = h(
    'li',
    { class: 'entry', 'data-kind': kind, 'data-name': name, 'data-frame': entry.frame },
    h(
      'details',
      { toggle: () => item.scrollIntoView({ block: 'nearest' }) },
      h(
        'summary',
        { tabindex: -1 },
        h('time', {}, clock(at - performance.timeOrigin)),
        h('span', { class: 'badge' }, frame || words.kind(kind)),
        h('code', {}, name),
        h('span', { class: 'brief' }, brief(members)),
      ),
      h(
        'dl',
        {},
        ...more.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, String(value))]),
      ),
    ),
  )
  return item
}

/** What can be read at a glance: the values that are not redacted. */
const brief = (members: readonly [string, Value][]) =>
  members
    .map(([, value]) => String(value))
    .filter((value) => value !== '' && !/^‹.*›$/.test(value))
    .join(' · ')

/** In ms since the page began; from 100 s on as a clock shows it. */
export function clock(ms: number): string {
  if (ms < 99_999.95) return ms.toFixed(1)
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const seconds = ((ms / 1000) % 60).toFixed(hours ? 0 : 1).padStart(hours ? 2 : 4, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}
