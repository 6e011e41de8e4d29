// @ts-check
// The shop's goods, drawn: each a few shapes in the colours of its card.

const SVG = 'http://www.w3.org/2000/svg'

/**
 * `a` fills with the strong tone, `b` with the soft one.
 * @typedef {[element: string, attributes: Record<string, string | number>]} Shape
 */

/** @type {Record<'headset' | 'speaker' | 'phone' | 'cable', Shape[]>} */
const shapes = {
  headset: [
    ['path', { class: 'line', d: 'M24 66V56a36 36 0 0 1 72 0v10' }],
    ['rect', { class: 'a', x: 16, y: 60, width: 18, height: 32, rx: 8 }],
    ['rect', { class: 'a', x: 86, y: 60, width: 18, height: 32, rx: 8 }],
    ['path', { class: 'line thin', d: 'M95 92c0 12-10 14-26 14' }],
    ['rect', { class: 'a', x: 56, y: 101, width: 16, height: 9, rx: 4.5 }],
  ],
  speaker: [
    ['path', { class: 'b', d: 'M18 88c4-34 20-50 42-50s38 16 42 50z' }],
    ['rect', { class: 'a', x: 14, y: 84, width: 92, height: 14, rx: 7 }],
    ['circle', { class: 'a', cx: 60, cy: 64, r: 12 }],
    ['circle', { class: 'b', cx: 60, cy: 64, r: 5 }],
    ['path', { class: 'line thin', d: 'M36 72c2-10 6-16 12-20M84 72c-2-10-6-16-12-20' }],
  ],
  phone: [
    ['rect', { class: 'b', x: 20, y: 50, width: 80, height: 52, rx: 10 }],
    ['rect', { class: 'a', x: 14, y: 30, width: 92, height: 18, rx: 9 }],
    ['rect', { class: 'a', x: 30, y: 60, width: 26, height: 16, rx: 3 }],
    ['path', { class: 'line dots', d: 'M66 62h24M66 74h24M66 86h24M30 88h26' }],
  ],
  cable: [
    ['path', { class: 'line', d: 'M34 62c0 42 52 42 52 4s-34-34-34 0 52 34 52-14' }],
    ['rect', { class: 'a', x: 25, y: 32, width: 18, height: 32, rx: 4 }],
    ['rect', { class: 'b', x: 29, y: 22, width: 10, height: 12, rx: 2 }],
    ['rect', { class: 'a', x: 95, y: 26, width: 18, height: 28, rx: 4 }],
  ],
}

/** @param {'headset' | 'speaker' | 'phone' | 'cable'} name */
export function drawing(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 120 120')
  svg.setAttribute('aria-hidden', 'true')
  for (const [tag, attributes] of shapes[name]) {
    const shape = document.createElementNS(SVG, tag)
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value))
    svg.append(shape)
  }
  return svg
}
