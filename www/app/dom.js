// @ts-check
// Elements without HTML text: children become nodes, so Trusted Types has nothing to refuse.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {string | number | boolean | undefined | ((event: any) => void)} Prop */

/**
 * Makes an element. `onclick` and its like become listeners, booleans become bare attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Prop>} [props]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  fill(element, ...children)
  return element
}

/**
 * Replaces what an element holds.
 * @param {Element} element
 * @param {Child[]} children
 */
export function fill(element, ...children) {
  const nodes = children.filter((child) => child !== null && child !== undefined && child !== false)
  element.replaceChildren(...nodes.map((child) => (child instanceof Node ? child : String(child))))
}

/**
 * A group of buttons of which one is chosen, as native radios: arrow keys work by themselves.
 * @template {string} T
 * @param {{ name: string, label: string, value: T, options: readonly { value: T, text: string, icon?: Node }[], onchange?: (value: T) => void, compact?: boolean }} options
 */
export function segmented({ name, label, value, options, onchange, compact }) {
  return h(
    'div',
    { class: compact ? 'segmented compact' : 'segmented', role: 'radiogroup', 'aria-label': label },
    ...options.map((option) =>
      h(
        'label',
        { title: option.icon && option.text },
        h('input', {
          type: 'radio',
          name,
          value: option.value,
          checked: option.value === value,
          'data-testid': `${name}-${option.value}`,
          onchange: () => onchange?.(option.value),
        }),
        h('span', {}, option.icon, option.text),
      ),
    ),
  )
}

/**
 * Moves the focus to what carries this test id: a panel that was drawn again keeps its place.
 * @param {Element} within
 * @param {string} testid
 */
export function focusIn(within, testid) {
  const found = within.querySelector(`[data-testid="${testid}"]`)
  if (found instanceof HTMLElement) found.focus()
}
