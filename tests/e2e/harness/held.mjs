// What a page holds, for tests that do very much of something: nothing more than after a few.

import assert from 'node:assert/strict'

/**
 * What a page holds beside its heap. It needs timers.js or clock.js before its scripts, and capture.js, and
 * the core must have started.
 * @param {import('./page.mjs').View} page
 */
export async function held(page) {
  const found = await page.run(() => ({
    memory: window.core.instances.map(({ memory }) => memory.buffer.byteLength),
    nodes: document.getElementsByTagName('*').length,
    listeners: bench.listeners(),
    timers: window.timers?.() ?? window.clock.timers(),
    errors: bench.errors,
  }))
  assert.ok(found.memory.length > 0, 'the core has started, and capture.js sees it')
  return found
}
