// @ts-check
// The playground's icons: 24-unit outlines, drawn with the colour of the text beside them.

const paths = {
  phone:
    'M5.5 4h3l1.6 4.2-2 1.4a12.5 12.5 0 0 0 6.3 6.3l1.4-2L20 15.5v3a1.5 1.5 0 0 1-1.6 1.5A15.4 15.4 0 0 1 4 5.6 1.5 1.5 0 0 1 5.5 4z',
  chat: 'M4.5 5.5h15v10h-8l-4 3.5v-3.5h-3z',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 6v12M15.5 6v12',
  trash: 'M5 7h14M9.5 7V4.8h5V7M7 7l.8 12h8.4L17 7',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  hangup: 'M2.6 14.5c5.2-5.9 13.6-5.9 18.8 0l-2 2.9-4.4-1.6v-2.7a10.5 10.5 0 0 0-6 0v2.7l-4.4 1.6z',
  check: 'M5.5 12.5l4.2 4.2 8.8-9.4',
  code: 'M8.5 7.5L4 12l4.5 4.5M15.5 7.5L20 12l-4.5 4.5',
  alert: 'M12 4.5l8.5 15h-17zM12 10.5v4M12 17.2v.3',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.2M12 7.8v.3',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19.5 4v4.2h-4.2',
  bolt: 'M13 3.5L5.5 13.5h5l-1 7 8-10.5h-5z',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2',
  external: 'M13.5 5H19v5.5M19 5l-8 8M16.5 13.5V19H5V7.5h5.5',
  user: 'M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.8-3.6 3.8-5.4 7.5-5.4s6.7 1.8 7.5 5.4',
  box: 'M4 8l8-4 8 4v8.5l-8 4-8-4zM4 8l8 4 8-4M12 12v8.5',
  down: 'M5.5 9l6.5 6.5L18.5 9',
  video: 'M4 7h11v10H4zM15 11l5-3v8l-5-3',
  cookie:
    'M12 3.5a8.5 8.5 0 1 0 8.5 8.5 4 4 0 0 1-4.2-4.2A4 4 0 0 1 12 3.5zM8.8 10v.3M9.5 15v.3M14.5 14v.3',
  globe:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  chevron: 'M9 5.5l6.5 6.5L9 18.5',
}

/** @typedef {keyof typeof paths} IconName */

/**
 * One icon, hidden from screen readers: the text beside it says what it means.
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
