// The forms for old browsers in a real Chromium 78, without a bundler.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { unpack } from './chromium-78.mjs'
import { serve } from './serve.mjs'

const APP = fileURLToPath(new URL('app/', import.meta.url))
const PLACES =
  process.env.CALLDOCK_CONSUMERS ??
  fileURLToPath(new URL('../../target/packaging', import.meta.url))
const LEGACY = join(PLACES, 'legacy')
/** How long the browser may take to start and to run a page, in ms. */
const PATIENCE = 60_000

/** What a policy without `'wasm-unsafe-eval'` leaves: the JavaScript form. */
const STRICT = "script-src 'self' 'nonce-n0nce'; object-src 'none'"

/** @type {{ name: string, page: string, csp?: string, expected: Record<string, unknown> }[]} */
const rows = [
  { name: 'global.js', page: 'old-global.html', expected: { engine: 'streaming' } },
  { name: 'calldock/legacy', page: 'old-legacy.html', expected: { engine: 'buffer' } },
  {
    name: 'global.js where wasm is refused',
    page: 'old-global.html',
    csp: STRICT,
    expected: { engine: 'js' },
  },
  {
    name: 'calldock/legacy where wasm is refused',
    page: 'old-legacy.html',
    csp: STRICT,
    expected: { engine: 'js' },
  },
]

describe('Chromium 78', () => {
  /** @type {Awaited<ReturnType<typeof unpack>>} */
  let chromium
  before(async () => {
    chromium = await unpack(join(LEGACY, 'node_modules'))
  })
  after(() => chromium?.remove())

  for (const { name, page, csp, expected } of rows)
    test(name, async () => {
      /** @type {(result: any) => void} */
      let done = () => {}
      const result = new Promise((resolve) => {
        done = resolve
      })
      const options = {
        ...(csp && { headers: { 'content-security-policy': csp } }),
        onResult: (/** @type {string} */ text) => done(JSON.parse(text)),
      }
      const { origin, stop } = await serve([APP, LEGACY], options)
      const browser = chromium.open(`${origin}/parent?frame=${page}`)
      const timer = setTimeout(() => done({ error: browser.output() }), PATIENCE)
      try {
        const { agent, ...found } = await result
        assert.equal(found.error, undefined)
        assert.match(agent, /Chrome\/78\./)
        assert.deepEqual(found, {
          ...{ engine: '', mobile: '+8613800000000', status: 'ringing', unreadable: ['nickName'] },
          ...{ dialled: '10086', sessionId: 'session-1', unsupported: 'UNSUPPORTED_BROWSER' },
          ...{ refused: 'INVALID_OPTION', cause: 'a cause', posted: ['10086'], ...expected },
        })
      } finally {
        clearTimeout(timer)
        await browser.end()
        await stop()
      }
    })

  test('what is served is what is packed', async () => {
    const manifest = await readFile(join(LEGACY, 'node_modules/calldock/package.json'), 'utf8')
    const { main, module } = JSON.parse(manifest)
    assert.deepEqual({ main, module }, { main: './cjs/index.js', module: './index' })
  })
})
