// What pages, measurement and report of the page have agreed upon.

/**
 * The pages that are opened with nothing cached. Of each: until when, and the ways. A way has a script of its own or
 * stands in the HTML, and may name a file in the head for the browser to request at once.
 */
export const BOOTS = /** @type {const} */ ({
  screenPop: {
    until: 'the first call of a screen-pop page',
    ways: {
      calldock: { script: 'boot-calldock' },
      preloaded: { script: 'boot-calldock', preload: '/frame.wasm' },
      inline: { script: 'boot-inline' },
      hand: { script: 'boot-hand' },
    },
  },
  workbench: {
    until: "the request of the workbench's script",
    ways: {
      calldock: { script: 'boot-open-calldock' },
      preloaded: { script: 'boot-open-calldock', preload: '/host.wasm' },
      hand: {},
    },
  },
})

/** @typedef {keyof typeof BOOTS} Boot */
/** @typedef {'calldock' | 'preloaded' | 'inline' | 'hand'} Way */
/** @typedef {{ script?: string, preload?: string }} How */

export const KINDS = /** @type {Boot[]} */ (Object.keys(BOOTS))

/** @param {Boot} boot */
export const waysOf = (boot) =>
  /** @type {[Way, How][]} */ (/** @type {unknown} */ (Object.entries(BOOTS[boot].ways)))
