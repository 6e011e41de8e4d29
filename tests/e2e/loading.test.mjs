// How a module is loaded: from where, of which build, in which form, and what the page is told.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { build } from 'esbuild'
import * as places from './harness/places.mjs'
import { inEachBrowser } from './harness/world.mjs'

const PACKAGE = `${places.playground()}/node_modules/calldock`
// A name too: the minifier writes a hash that begins with a letter without quotes.
const OLD = 'a00000000000'

/** The build's hash, as the glue has it. */
async function buildOf() {
  const glue = await readFile(`${PACKAGE}/glue/frame.js`, 'utf8')
  return /export const build = '([0-9a-f]{12})'/.exec(glue)?.[1] ?? assert.fail('no build')
}

/** A file of the package as another build would have it. @param {string} file */
async function ofAnotherBuild(file) {
  const bytes = await readFile(`${PACKAGE}/${file}`)
  const text = bytes.toString('latin1')
  assert.ok(text.includes(await buildOf()), `${file} carries its build`)
  return Buffer.from(text.replaceAll(await buildOf(), OLD), 'latin1')
}

inEachBrowser('loading', (world) => {
  test('a cached module of another build is fetched again, past the cache', async () => {
    const old = await ofAnotherBuild('core/roles/frame.wasm')
    /** @type {(string | undefined)[]} */
    const requests = []
    world.site.own = ({ url, headers }, response) => {
      if (!url?.endsWith('/frame.wasm')) return false
      requests.push(headers['cache-control'])
      if (headers['cache-control']) return false
      response.writeHead(200, { 'content-type': 'application/wasm' }).end(old)
      return true
    }
    const page = await world.open()
    const found = await page.run(async () => {
      const engine = await sdk.ready({ roles: ['frame'] })
      return { engine, other: bench.entries.filter(({ name }) => name === 'core.otherBuild') }
    })
    assert.equal(found.engine, 'streaming')
    assert.deepEqual(requests, [undefined, 'no-cache'])
    assert.deepEqual(
      found.other.map(({ detail }) => detail),
      [{ role: 'frame', found: OLD }],
    )
  })

  test('a bundle that is no module has no address, and takes the JavaScript form', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { ready, setLogger } from '${PACKAGE}/index.js'; export * from '${PACKAGE}/tccc.js'`,
        resolveDir: PACKAGE,
      },
      ...{ bundle: true, format: 'iife', globalName: 'bundled', write: false, logLevel: 'silent' },
    })
    world.site.own = ({ url }, response) => {
      if (url !== '/bundled.js') return false
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputFiles[0]?.contents)
      return true
    }
    const page = await world.open({ hash: '#?mobile=1&status=100' })
    const found = await page.run(async () => {
      const script = document.createElement('script')
      script.src = '/bundled.js'
      document.body.append(script)
      const { bundled } = /** @type {any} */ (
        await bench.until(() => 'bundled' in window && window)
      )
      return {
        engine: await bundled.ready({ roles: ['frame'] }),
        call: await bundled.currentCall(),
      }
    })
    assert.equal(found.engine, 'js')
    assert.equal(found.call.mobile, '1')
  })

  // What docs/en/guides/screen-pop.md tells pages to write.
  const reuses = world.cannot({ webkit: 'hands no preloaded response to `fetch`' })
  test('a module that the head preloads is requested once', reuses, async () => {
    const bytes = await readFile(`${PACKAGE}/core/roles/frame.wasm`)
    let requests = 0
    world.site.own = ({ url }, response) => {
      if (!url?.endsWith('/frame.wasm')) return false
      requests += 1
      // The next tests must not find it in a cache.
      const headers = { 'content-type': 'application/wasm', 'cache-control': 'no-store' }
      response.writeHead(200, headers).end(bytes)
      return true
    }
    const href = '/node_modules/calldock/core/roles/frame.wasm'
    const page = await world.open({
      body: `<link rel="preload" as="fetch" crossorigin href="${href}">`,
    })
    const engine = await page.run(() => sdk.ready({ roles: ['frame'] }))
    assert.deepEqual([engine, requests], ['streaming', 1])
  })

  test('a module of another build that stays is refused and never called', async () => {
    const old = await ofAnotherBuild('core/roles/frame.wasm')
    world.site.own = ({ url }, response) => {
      if (!url?.endsWith('/frame.wasm')) return false
      response.writeHead(200, { 'content-type': 'application/wasm' }).end(old)
      return true
    }
    const page = await world.open({ before: ['capture.js'] })
    const failure = await page.failure(() => sdk.ready({ roles: ['frame'] }))
    assert.equal(failure.code, 'NETWORK')
    assert.equal(
      failure.message,
      `frame.wasm: expected build ${await buildOf()}, found build ${OLD}`,
    )
    assert.match(failure.remedy, /one version of the package/)
    assert.equal(await page.run(() => window.core.instances.length), 0)
  })

  test('bytes of another build are refused, and can be corrected', async () => {
    const old = await ofAnotherBuild('core/roles/frame.wasm')
    const page = await world.open()
    const failure = await page.failure(
      (base64) =>
        sdk.ready({ wasm: { frame: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) } }),
      old.toString('base64'),
    )
    assert.match(failure.message, /^frame\.wasm: expected build [0-9a-f]{12}, found build a0{11}$/)
    const url = '/node_modules/calldock/core/roles/frame.wasm'
    assert.equal(await page.run((url) => sdk.ready({ wasm: { frame: url } }), url), 'streaming')
  })

  test('a JavaScript form of another build is refused', async () => {
    const old = await ofAnotherBuild('core/roles/frame.wasm.js')
    world.site.own = ({ url }, response) => {
      if (!url?.endsWith('/frame.wasm.js')) return false
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(old)
      return true
    }
    const page = await world.open()
    const failure = await page.failure(() => sdk.ready({ roles: ['frame'], engine: 'js' }))
    assert.match(
      failure.message,
      /^frame\.wasm\.js: expected build [0-9a-f]{12}, found build a0{11}/,
    )
  })

  test('a page starts only the role whose function it calls', async () => {
    const page = await world.open({ hash: '#?mobile=1&status=100' })
    const found = await page.run(async () => {
      await sdk.currentCall()
      return [sdk.engine('frame'), sdk.engine('host'), sdk.engine('cec')]
    })
    assert.deepEqual(found, ['streaming', null, null])
    const modules = world.site.requested.filter((path) => path.endsWith('.wasm'))
    assert.deepEqual(modules, ['/node_modules/calldock/core/roles/frame.wasm'])
  })

  test('a module comes from where ready is told', async () => {
    const url = '/node_modules/calldock/core/roles/frame.wasm'
    for (const [kind, engine] of /** @type {const} */ ([
      ['address', 'streaming'],
      ['url', 'streaming'],
      ['response', 'streaming'],
      ['bytes', 'buffer'],
      ['module', 'buffer'],
    ])) {
      const page = await world.open()
      const found = await page.run(
        async (kind, url) => {
          const response = await fetch(url)
          const sources = {
            address: () => url,
            url: () => new URL(url, location.href),
            response: () => response,
            bytes: () => response.arrayBuffer(),
            module: () => WebAssembly.compileStreaming(response),
          }
          const frame = await sources[kind]()
          return sdk.ready({ roles: ['frame'], wasm: { frame } })
        },
        kind,
        url,
      )
      assert.equal(found, engine, kind)
    }
  })

  test('a source of another realm is as good as one of the page’s own', async () => {
    for (const [kind, engine] of /** @type {const} */ ([
      ['url', 'streaming'],
      ['response', 'streaming'],
      ['bytes', 'buffer'],
      ['module', 'buffer'],
    ])) {
      const page = await world.open({ body: '<iframe srcdoc="a"></iframe>' })
      const found = await page.run(
        async (kind, path) => {
          const url = new URL(path, location.href)
          const other = /** @type {typeof globalThis} */ (/** @type {any} */ (frames[0]))
          const sources = {
            url: async () => new other.URL(url),
            response: () => other.fetch(url),
            bytes: async () => await (await other.fetch(url)).arrayBuffer(),
            module: async () => other.WebAssembly.compileStreaming(other.fetch(url)),
          }
          const source = await sources[kind]()
          const isForeign = !(source instanceof Object)
          return [isForeign, await sdk.ready({ roles: ['frame'], wasm: { frame: source } })]
        },
        kind,
        '/node_modules/calldock/core/roles/frame.wasm',
      )
      assert.deepEqual(found, [true, engine], kind)
    }
  })

  test('what is no source is refused at once, and null is left out', async () => {
    const page = await world.open()
    for (const source of ['5', 'true', '{}', '[]', '() => {}', 'Proxy.revocable({}, {})']) {
      const { code, where } = await page.failure((source) => {
        const given = new Function(`return (${source})`)()
        given.revoke?.()
        return sdk.ready({ roles: ['frame'], wasm: { frame: given.proxy ?? given } })
      }, source)
      assert.deepEqual([code, where], ['INVALID_OPTION', 'wasm.frame'], source)
    }
    const frame = /** @type {any} */ (null)
    const engine = await page.run((wasm) => sdk.ready({ roles: ['frame'], wasm }), { frame })
    assert.equal(engine, 'streaming')
  })

  test('a module that is not found is warned of once, and its page still works', async () => {
    const page = await world.open({
      before: ['console.js'],
      wasm: { status: 404 },
      hash: '#?mobile=1&status=100',
    })
    const found = await page.run(async () => {
      const call = await sdk.currentCall()
      await sdk.ready({ roles: ['frame'] })
      return { mobile: call?.mobile, engine: sdk.engine('frame'), complaints: window.complaints }
    })
    assert.deepEqual([found.mobile, found.engine], ['1', 'js'])
    const warnings = found.complaints.filter((text) => text.includes('frame.wasm'))
    assert.equal(warnings.length, 1, found.complaints.join('\n'))
    assert.match(String(warnings[0]), /HTTP 404.*calldock\/inline.*ready\(\{ wasm: \{ frame/)
  })

  test('where the policy refuses wasm, no module is downloaded', async () => {
    const page = await world.open({
      before: ['console.js'],
      csp: "script-src 'self'",
      hash: '#?mobile=1&status=100',
    })
    const found = await page.run(async () => {
      const call = await sdk.currentCall()
      return { mobile: call?.mobile, engine: sdk.engine('frame'), complaints: window.complaints }
    })
    assert.deepEqual([found.mobile, found.engine], ['1', 'js'])
    assert.deepEqual(
      world.site.requested.filter((path) => path.endsWith('.wasm')),
      [],
    )
    // The page's own policy is known to it: no word of ours beside the browser's.
    assert.deepEqual(
      found.complaints.filter((text) => text.startsWith('Calldock')),
      [],
    )
  })

  test('a browser without TextDecoder imports the package and is refused by the first call', async () => {
    const page = await world.open({ entry: 'none' })
    const failure = await page.failure(async () => {
      // @ts-expect-error: as in a browser that is too old
      delete window.TextDecoder
      const path = '/node_modules/calldock/tccc.js'
      /** @type {typeof import('calldock/tccc')} */
      const tccc = await import(path)
      return tccc.currentCall()
    })
    assert.equal(failure.code, 'UNSUPPORTED_BROWSER')
    assert.match(failure.message, /^the browser: expected all its APIs, found .*TextDecoder/)
  })

  test('options of ready are checked', async () => {
    const page = await world.open()
    const roles = await page.failure(() => sdk.ready({ roles: /** @type {any} */ (['chat']) }))
    assert.deepEqual([roles.code, roles.where], ['INVALID_OPTION', 'roles'])
    const engine = await page.failure(() => sdk.ready({ engine: /** @type {any} */ ('fast') }))
    assert.deepEqual([engine.code, engine.where], ['INVALID_OPTION', 'engine'])
    const wasm = await page.failure(() => sdk.ready({ wasm: /** @type {any} */ ({ all: '/x' }) }))
    assert.deepEqual([wasm.code, wasm.where], ['INVALID_OPTION', 'roles'])
    const text = await page.failure(() => sdk.ready({ wasm: /** @type {any} */ ('/frame.wasm') }))
    assert.deepEqual([text.code, text.where], ['INVALID_OPTION', 'wasm'])
  })
})
