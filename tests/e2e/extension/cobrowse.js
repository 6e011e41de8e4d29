// A stand-in for a tenant's cobrowse.js: it says in the page where it ran from and what it was asked.
// One name is lexical, the other global: the extension must serve a script that has either.
// @ts-nocheck: a vendor's script is no module, and its names are for others.
// biome-ignore-all lint/correctness/noUnusedVariables: the same.

var cobrowseSource = document.currentScript?.src ?? 'the extension'

const CoBrowse = {
  initFromUrl() {
    const { dataset } = document.documentElement
    dataset.started = String(Number(dataset.started ?? 0) + 1)
    dataset.source = window.cobrowseSource
  },
}
