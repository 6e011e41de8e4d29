/** Runs in a page: what stands in it. Two of these are equal where nothing was left behind. */
export function standing() {
  const elements = [...document.querySelectorAll('*')].map(({ tagName }) => tagName)
  return { globals: Object.keys(window).sort(), elements, listeners: bench.listeners() }
}

/** Runs in a page before that: the globals of the tests are there from the start. */
export function keep() {
  Object.assign(window, { kept: undefined, failed: undefined })
}
