// A page that mounts, hydrates and unmounts what vue-panel.js shows.

import { shareWorkbench } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { app, late } from './vue-panel.js'

const place = () => /** @type {HTMLElement} */ (document.getElementById('app'))
/** @type {import('vue').App | undefined} */
let mounted

window.lab = {
  fakeWorkbench,
  shareWorkbench,
  /** @param {any} options @param {any} [first] where the composables are used first */
  mount(options, first) {
    place().innerHTML = ''
    mounted = first ? late(options, first) : app(options)
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
