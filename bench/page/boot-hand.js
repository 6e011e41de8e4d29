// A screen-pop page by hand: notes when its first call is there, in ms since the navigation.

import { reader } from './hand.js'

const read = reader()
const hear = () => {
  if (read(location.hash)) /** @type {any} */ (window).booted ??= performance.now()
}
addEventListener('hashchange', hear)
hear()
