// The packed package in tiny applications: each is built by its tool without extra configuration, opened in
// Chromium, and must start the core, read one hash and post one call.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { logging } from 'selenium-webdriver'
import { open } from '../e2e/harness/browser.mjs'
import { CONSUMERS } from './consumers.mjs'
import { serve } from './serve.mjs'

const APP = fileURLToPath(new URL('app/', import.meta.url))
/** Where the tools and the packed package are installed: `modern/` and `legacy/`. */
const PLACES =
  process.env.CALLDOCK_CONSUMERS ??
  fileURLToPath(new URL('../../target/packaging', import.meta.url))
const HASH = '#?mobile=18800000000&type=phone&status=100'

/** @typedef {import('./consumers.mjs').Consumer} Consumer */

/** Lays out the application beside its tools. @param {Consumer} consumer */
function layOut({ name, tools }) {
  const folder = join(PLACES, tools, 'apps', name.toLowerCase().replace(/[^a-z0-9]+/g, '-'))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(APP, folder, { recursive: true })
  return folder
}

/** Builds it with the tool's own command. @param {Consumer} consumer @param {string} folder */
function build({ build, tools, name }, folder) {
  if (!build) return
  const [program = '', ...args] = build
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(PLACES, tools, program), ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      // webpack 4 hashes with MD4, which newer OpenSSL refuses.
      env: {
        ...process.env,
        ...(tools === 'legacy' && { NODE_OPTIONS: '--openssl-legacy-provider' }),
      },
    },
  )
  assert.equal(status, 0, `${name}\n${stdout}\n${stderr}`)
}

/** Starts the tool's own development server. @param {string} tool @param {string} root */
async function develop(tool, root) {
  const require = createRequire(join(PLACES, 'modern/package.json'))
  const entry = join(require.resolve(`${tool}/package.json`), '../dist/node/index.js')
  const { createServer } = await import(pathToFileURL(entry).href)
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false },
    plugins: [{ name: 'parent', configureServer: addParent }],
  })
  await server.listen()
  const { port } = server.httpServer.address()
  return { origin: `http://127.0.0.1:${port}`, stop: () => server.close() }
}

/** The page around the application, from the development server's own origin. @param {any} server */
function addParent(server) {
  server.middlewares.use('/parent', async (/** @type {any} */ _, /** @type {any} */ response) => {
    const { origin, stop } = await serve([])
    const page = await (await fetch(`${origin}/parent`)).text()
    stop()
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(page)
  })
}

describe('packaging', () => {
  /** @type {import('../e2e/harness/browser.mjs').Browser} */
  let browser
  before(async () => {
    browser = await open('chromium', {})
  })
  after(() => browser?.close())

  for (const consumer of CONSUMERS) {
    test(consumer.name, async () => {
      const folder = layOut(consumer)
      build(consumer, folder)
      const output = join(folder, consumer.output ?? '')
      const { origin, stop } = consumer.serve
        ? await develop(consumer.serve, folder)
        : await serve([output, folder, join(PLACES, consumer.tools)])
      try {
        const { driver } = browser
        await driver.manage().logs().get(logging.Type.BROWSER)
        await driver.get(`${origin}/parent`)
        const found = await driver.executeAsyncScript(
          `const [address, done] = arguments
          const frame = document.createElement('iframe')
          frame.src = address
          frame.onload = async () => {
            try {
              const { contentWindow } = frame
              // A development server may reload the page once it has found the dependencies.
              for (let tries = 0; !contentWindow.result && tries < 200; tries++)
                await new Promise((resolve) => setTimeout(resolve, 25))
              done({ result: await contentWindow.result, posted: window.posted })
            } catch (error) {
              done({ error: String(error) })
            }
          }
          document.body.append(frame)`,
          `/${consumer.page}${HASH}`,
        )
        assert.equal(found.error, undefined)
        const { engine, warned = false } = consumer
        assert.deepEqual(found.result, {
          engine,
          ...{ mobile: '18800000000', status: 'ringing', targetOrigin: origin },
        })
        assert.equal(found.posted.length, 1)
        assert.equal(found.posted[0].message.phoneNumber, '10086')
        const entries = await driver.manage().logs().get(logging.Type.BROWSER)
        const advice = entries.filter(({ message }) => /calldock\/inline/.test(message))
        assert.equal(advice.length, warned ? 1 : 0, JSON.stringify(entries))
      } finally {
        await stop()
      }
    })
  }
})
