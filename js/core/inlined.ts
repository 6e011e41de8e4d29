// Modules that are in the script itself, as base64.

import { settings } from './load.js'
import type { RoleName } from './role.js'

/** Lets a role take its module from the script. */
export function inline(role: RoleName, base64: string): void {
  settings.sources.set(role, async () => ['buffer', await compile(decode(base64))])
}

/**
 * Compiles at once where the browser does: the page waits for it, and compiling beside the page costs turns of
 * its event loop.
 */
async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return new WebAssembly.Module(bytes)
  } catch {
    // Older Chromium compiles no more than 4 KiB on the page's thread.
    return WebAssembly.compile(bytes)
  }
}

/** Decodes base64. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  // Thirty times faster than Uint8Array.from with a function.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
