// The softphone's icons and small parts.

import { drawing, el } from '../../../web/elements.js'

const ICONS = {
  headset:
    'M4 13v-1a8 8 0 0 1 16 0v1M4 13v4a2 2 0 0 0 2 2h1v-7H5a1 1 0 0 0-1 1Zm16 0v4a2 2 0 0 1-2 2h-1v-7h2a1 1 0 0 1 1 1Zm-2 6c0 1.5-1.5 2.5-4 2.5',
  phone:
    'M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a2 2 0 0 1-2 2A15 15 0 0 1 4.5 5.5a2 2 0 0 1 2-2Z',
  hangUp:
    'M3 14.5c0-1 .5-2 1.5-2.6a14.5 14.5 0 0 1 15 0c1 .6 1.5 1.6 1.5 2.6v1.5l-5 .5v-3a12 12 0 0 0-8 0v3l-5-.5Z',
  chat: 'M4 5h16v11H10l-4 4v-4H4Z',
  video: 'M3 7h11v10H3ZM14 11l6-3v8l-6-3Z',
  mute: 'M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4ZM6 11a6 6 0 0 0 12 0M12 17v3.5M5 4l14 16',
  hold: 'M9 6v12M15 6v12',
  keypad: 'M7 6h.01M12 6h.01M17 6h.01M7 12h.01M12 12h.01M17 12h.01M7 18h.01M12 18h.01M17 18h.01',
  minimise: 'M6 10l6 6 6-6',
  erase: 'M9 6h11v12H9l-6-6ZM12 10l4 4M16 10l-4 4',
}

/** A drawn icon that screen readers pass over. */
export function icon(name) {
  return drawing(ICONS[name])
}

/** A button with an icon and a word beneath or beside it. */
export function iconButton(iconName, label, attributes) {
  return el(
    'button',
    { type: 'button', ...attributes },
    icon(iconName),
    el('span', { text: label }),
  )
}

/** Seconds as `0:07` or `1:02:03`. */
export function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = two(seconds % 60)
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
