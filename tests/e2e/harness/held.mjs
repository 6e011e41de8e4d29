// What a page holds, for tests that do very much of something: nothing more than after a few.

/**
 * What a page holds beside its heap. It needs timers.js or clock.js before its scripts, and capture.js for the
 * core's memory.
 * @param {import('./page.mjs').View} page
 */
export const held = (page) =>
  page.run(() => ({
    memory: window.core?.memory?.buffer.byteLength,
    nodes: document.getElementsByTagName('*').length,
    listeners: bench.listeners(),
    timers: window.timers?.() ?? window.clock.timers(),
    errors: bench.errors,
  }))
