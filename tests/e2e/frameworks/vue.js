// A page that mounts, hydrates and unmounts what vue-panel.js shows.

import { shareWorkbench } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { app } from './vue-panel.js'

const place = () => /** @type {HTMLElement} */ (document.getElementById('app'))
/** @type {import('vue').App | undefined} */
let mounted

window.lab = {
  fakeWorkbench,
  shareWorkbench,
  /** @param {any} options */
  mount(options) {
    place().innerHTML = ''
    mounted = app(options)
    mounted.mount(place())
  },
  unmount() {
    mounted?.unmount()
  },
  /** @param {string} html what the server rendered @param {any} options */
  hydrate(html, options) {
    place().innerHTML = html
    mounted = app(options)
    mounted.mount(place())
  },
}
