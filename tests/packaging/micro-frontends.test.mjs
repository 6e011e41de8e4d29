// Real qiankun and wujie: the main application and a sub-application with a copy of the package each, one
// workbench, calls read from the main application's hash and posted to the window around it.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { open } from '../e2e/harness/browser.mjs'
import { serve } from './serve.mjs'

const APP = fileURLToPath(new URL('app/', import.meta.url))
const MICRO = fileURLToPath(new URL('micro/', import.meta.url))
const PLACES =
  process.env.CALLDOCK_CONSUMERS ??
  fileURLToPath(new URL('../../target/packaging', import.meta.url))
const LEGACY = join(PLACES, 'legacy')

describe('micro-frontends', () => {
  /** @type {import('../e2e/harness/browser.mjs').Browser} */
  let browser
  const built = mkdtempSync(join(tmpdir(), 'micro-frontends-'))
  before(async () => {
    const shared = /** @type {const} */ ({
      bundle: true,
      format: 'iife',
      target: 'es2019',
      nodePaths: [join(LEGACY, 'node_modules')],
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    for (const name of ['qiankun', 'wujie'])
      await build({
        ...shared,
        entryPoints: [join(MICRO, `${name}.js`)],
        outfile: join(built, `sub-${name}.js`),
      })
    await build({
      ...shared,
      entryPoints: [join(LEGACY, 'node_modules/wujie/esm/index.js')],
      globalName: 'wujieLibrary',
      outfile: join(built, 'wujie.js'),
    })
    browser = await open('chromium', {})
  })
  after(async () => {
    await browser?.close()
    rmSync(built, { recursive: true, force: true })
  })

  for (const name of ['qiankun', 'wujie'])
    for (const first of ['main', 'sub'])
      test(`${name}: the ${first} application opens the workbench first`, async () => {
        /** @type {(result: any) => void} */
        let done = () => {}
        const result = new Promise((resolve) => {
          done = resolve
        })
        const onResult = (/** @type {string} */ text) => done(JSON.parse(text))
        const { origin, stop } = await serve([built, APP, LEGACY], { onResult })
        const timer = setTimeout(() => done({ error: 'no result in 30 s' }), 30_000)
        try {
          const frame = encodeURIComponent(`main-${name}.html?first=${first}`)
          await browser.driver.get(`${origin}/parent?frame=${frame}`)
          const { agent, ...found } = await result
          assert.equal(found.error, undefined)
          assert.deepEqual(found, {
            ...{ mobile: '18800000000', followed: '18800000001', targetOrigin: origin },
            ...{ phoneNumber: '10086', sessionId: 'session-1', scripts: 1, scriptsAfter: 1 },
            ...{ status: 'free', wrong: 'INVALID_OPTION', posted: ['10086'] },
          })
        } finally {
          clearTimeout(timer)
          await stop()
        }
      })
})
