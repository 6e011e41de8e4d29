// Elements without HTML text and without style attributes: no policy has anything to refuse.

type Child = Node | string | number | null | undefined | false
type Prop = string | number | boolean | undefined | ((event: never) => void)

/** Makes an element: functions become listeners, `true` a bare attribute. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Readonly<Record<string, Prop>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name, value as EventListener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  fill(element, ...children)
  return element
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  const nodes = children.filter((child) => child !== null && child !== undefined && child !== false)
  // Chromium 78 has no replaceChildren.
  element.textContent = ''
  element.append(...nodes.map((child) => (child instanceof Node ? child : String(child))))
}

/** 24-unit outlines, in the colour of the text beside them. */
const ICONS = {
  pause: 'M8.5 6v12M15.5 6v12',
  play: 'M8 5.5v13l10.5-6.5z',
  clear: 'M5 7h14M9.5 7V4.8h5V7M7 7l.8 12h8.4L17 7',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  save: 'M12 4.5v10M7.5 10.5L12 15l4.5-4.5M5 19.5h14',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  down: 'M5.5 9l6.5 6.5L18.5 9',
  up: 'M5.5 15l6.5-6.5L18.5 15',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
} as const

export type IconName = keyof typeof ICONS

const SVG = 'http://www.w3.org/2000/svg'

/** One icon; the words beside it say what it means. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

/** A button that is an icon: `text` is its name and its tooltip. */
export function tool(id: string, name: IconName, text: string, act: () => void): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: `tool ${id}`, 'aria-label': text, title: text, click: act },
    icon(name),
  )
}
