// A page that mounts, hydrates and unmounts what react-panel.js shows.

import { shareWorkbench } from 'calldock/tccc'
import { fakeWorkbench } from 'calldock/testing'
import { createElement as h, StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { app } from './react-panel.js'

const place = () => /** @type {HTMLElement} */ (document.getElementById('app'))
/** @type {import('react-dom/client').Root | undefined} */
let root

window.lab = {
  fakeWorkbench,
  shareWorkbench,
  /** @param {any} source */
  mount(source, { strict = false } = {}) {
    root ??= createRoot(place())
    const shown = strict ? h(StrictMode, null, app(source)) : app(source)
    flushSync(() => root?.render(shown))
  },
  unmount() {
    flushSync(() => root?.unmount())
    root = undefined
  },
  /** @param {string} html what the server rendered @param {any} source */
  hydrate(html, source) {
    place().innerHTML = html
    root = hydrateRoot(place(), app(source))
  },
}
