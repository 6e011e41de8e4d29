// Builds elements by DOM calls only: the host page may be under Trusted Types.

const SVG = 'http://www.w3.org/2000/svg'

/** An element with attributes (`on` holds listeners, `text` its text) and children. */
export function el(tag, { on = {}, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value))
    }
  }
  for (const [name, listener] of Object.entries(on)) {
    element.addEventListener(name, listener)
  }
  if (text !== undefined) {
    element.textContent = text
  }
  element.append(...children)
  return element
}

/** A drawing of one path, 24 × 24, that screen readers pass over. */
export function drawing(path) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', 'icon')
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}
