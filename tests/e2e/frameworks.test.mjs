// React and Vue: the examples as they are built and as they are developed, and what components that
// come and go must not do.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { basename, dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createElement } from 'react'
import { renderToString as renderReact } from 'react-dom/server'
import { createServer } from 'vite'
import { renderToString as renderVue } from 'vue/server-renderer'
import { bundle, layOut, serve, WATCH } from './harness/applications.mjs'
import { allReceived, View } from './harness/page.mjs'
import { inEachBrowser, NO_VENDOR_PAGE, VENDOR_HOST } from './harness/world.mjs'

const LOGIN = '/calldock/v1/tccc/login'
const POP = '#?mobile=13812345678&nickName=%E5%88%98%E5%85%88%E7%94%9F&type=phone&status='

/** The edit of a developer, in the file that is edited. */
const edits = {
  react: ['src/desk.tsx', '<h1>Calldock · React</h1>', '<h1>Edited</h1>'],
  vue: ['src/AgentDesk.vue', '<h1>Calldock · Vue</h1>', '<h1>Edited</h1>'],
}

const NAMES = /** @type {const} */ (['react', 'vue'])

inEachBrowser('frameworks', (world) => {
  /** The built applications, by the name they are served under. @type {Record<string, string>} */
  const built = {}
  let lab = ''

  before(async () => {
    for (const name of NAMES)
      built[name] = await bundle(layOut(`examples/${name}`, world.name), name)
    lab = layOut('tests/e2e/frameworks', world.name)
    built.lab = await bundle(lab, 'lab')
    built.strict = await bundle(lab, 'strict', 'development')
  })

  /** @param {string} path */
  async function open(path) {
    world.site.own = serve(built)
    await world.driver.get(`${world.site.origin}/${path}`)
    const page = new View(world.driver)
    if (/^(lab|strict)\//.test(path)) await page.until('the lab', () => window.lab)
    return page
  }

  const logins = () => world.site.requested.filter((path) => path === LOGIN).length

  /** @param {View} page @param {string} status */
  const reach = (page, status) =>
    page.until(
      status,
      (status) => document.querySelector('[data-status]')?.getAttribute('data-status') === status,
      status,
    )

  /** @param {View} page @param {string} selector */
  const click = (page, selector) =>
    page.run((selector) => {
      const found = document.querySelector(selector)
      if (found instanceof HTMLElement) found.click()
    }, selector)

  /** @param {View} page @param {string} text */
  const shows = (page, text) =>
    page.until(text, (text) => document.body.textContent?.includes(text), text)

  /** The core came as WebAssembly and nothing else: the bundler has found it by itself. */
  const assertCore = () => {
    const core = world.site.requested.filter((path) => /(frame|host)[^/]*\.wasm(\.js)?$/.test(path))
    assert.deepEqual([core.length, core[0]?.includes('host')], [1, true], core.join())
    assert.ok(core[0]?.endsWith('.wasm'), core.join())
  }

  /** @param {View} page */
  const assertQuiet = async (page) =>
    assert.deepEqual(await page.run(() => [...window.complaints, ...bench.errors]), [])

  for (const name of NAMES) {
    test(`${name}: a call is listed, answered and hung up`, async () => {
      const page = await open(`${name}/index.html`)
      await reach(page, 'open')
      await shows(page, 'agent@example.com')
      await world.doubles.control('ring', { mobile: '13812345678' })
      await page.until('the call', () => document.querySelector('li[data-state=ringing]'))
      await shows(page, '13812345678')
      await click(page, 'li[data-state=ringing] .first')
      await page.until('connected', () => document.querySelector('li[data-state=connected]'))
      await click(page, 'li[data-state=connected] .end')
      await page.until('the end', () => !document.querySelector('li[data-state=connected]'))
      assert.equal(logins(), 1, 'one login, whatever StrictMode mounts')
      assertCore()
      await assertQuiet(page)
    })

    test(`${name}: a click calls a number`, async () => {
      const page = await open(`${name}/index.html`)
      await reach(page, 'open')
      await click(page, '.dial')
      // The far end answers by itself.
      await page.until('connected', () => document.querySelector('li[data-state=connected]'))
    })

    const framed = world.cannot(NO_VENDOR_PAGE)
    test(`${name}: a screen pop shows the call, its change, and calls back`, framed, async () => {
      world.site.own = serve(built)
      const frame = `${world.site.origin}/${name}/pop.html${POP}100`
      world.site.pages.set('/', { entry: 'none', frame })
      await world.driver.get(`https://${VENDOR_HOST}/`)
      const outer = new View(world.driver)
      const page = new View(world.driver, ['#inner'])
      await page.until('the call', () => document.querySelector('[data-state=ringing]'))
      await shows(page, '13812345678')
      await shows(page, '刘先生')
      await page.run((hash) => {
        location.hash = hash
      }, `${POP}200`)
      await page.until('the change', () => document.querySelector('[data-state=connected]'))
      await click(page, '.first')
      await page.until('an answer', () => document.querySelector('[role=status]'))
      await allReceived(outer, page)
      const requested = await outer.run(() => bench.messages.map(({ data }) => data))
      assert.equal(requested.length, 1)
      assert.match(JSON.stringify(requested), /"callOut".*"13812345678"/)
      await assertQuiet(page)
    })

    test(`${name}: a screen pop without a call, then with a value that cannot be decoded`, async () => {
      const page = await open(`${name}/pop.html`)
      await shows(page, 'No call yet')
      await page.run(() => {
        location.hash = '#?mobile=%C3%28&status=100'
      })
      await page.until('the call', () => document.querySelector('[data-state=ringing]'))
      await shows(page, 'Unknown')
      assert.deepEqual(await page.run(() => bench.errors), [])
    })

    test(`${name}: what a server renders is hydrated without a word`, async () => {
      const { app } = await import(pathToFileURL(join(lab, `${name}-panel.js`)).href)
      const source = { login: () => assert.fail('a server asked for a login') }
      const html = await (name === 'react' ? renderReact(app(source)) : renderVue(app(source)))
      assert.match(html, /data-status="opening"/)
      assert.match(html, /nobody.*no call/)
      const page = await open(`lab/${name}.html${POP}100`)
      await page.run((html) => window.lab.hydrate(html, { login: bench.login() }), html)
      await reach(page, 'open')
      await shows(page, '13812345678')
      await assertQuiet(page)
    })

    test(`${name}: a login that fails is a state, and a retry fixes it`, async () => {
      const page = await open(`lab/${name}.html`)
      await page.run((name) => {
        const given = bench.login()
        let requested = 0
        const login = () => (requested++ ? given() : Promise.reject(new Error('no')))
        const options = { attempts: 1 }
        window.lab.mount(name === 'react' ? { login, options } : { login, ...options })
      }, name)
      await reach(page, 'failed')
      await shows(page, 'LOGIN_FAILED')
      await click(page, '#retry')
      await reach(page, 'open')
    })

    test(`${name}: a workbench that is closed is a state, and options of no use are`, async () => {
      const page = await open(`lab/${name}.html`)
      const userId = await page.run(async () => {
        const login = bench.login()
        window.lab.mount({ login })
        const mine = window.lab.shareWorkbench({ login })
        const workbench = await mine.workbench
        mine.release()
        const { agentId: userId } = workbench
        workbench.close()
        return userId
      })
      assert.equal(userId, 'agent@example.com')
      await reach(page, 'closed')
      await page.run(() => {
        window.lab.unmount()
        window.lab.mount({ login: bench.login() })
      })
      await reach(page, 'open')
      await page.run(() => {
        window.lab.unmount()
        window.lab.mount({
          workbench: () => {
            throw new Error('no use')
          },
        })
      })
      await reach(page, 'failed')
      assert.equal(await page.run(() => bench.logins), 2)
      assert.deepEqual(await page.run(() => bench.errors), [])
    })

    test(`${name}: what is on Object.prototype is neither a workbench nor an option`, async () => {
      const page = await open(`lab/${name}.html`)
      const found = await page.run(async () => {
        let called = 0
        const workbench = async () => {
          called += 1
        }
        Object.assign(Object.prototype, { workbench, window: {} })
        const status = () => document.getElementById('panel')?.dataset.status
        try {
          window.lab.mount({ login: bench.login() })
          await bench.until(() => status() !== 'opening')
          return [status(), called, bench.errors]
        } finally {
          for (const name of ['workbench', 'window']) Reflect.deleteProperty(Object.prototype, name)
        }
      })
      assert.deepEqual(found, ['open', 0, []])
    })

    test(`${name}: a workbench that is lost is a state, and a retry fixes it`, async () => {
      const page = await open(`lab/${name}.html`)
      await page.run(() => {
        /** @type {any[]} */
        const fakes = [window.lab.fakeWorkbench(), window.lab.fakeWorkbench()]
        window.kept = [...fakes]
        window.lab.mount({ workbench: () => fakes.shift().open() })
      })
      await reach(page, 'open')
      await page.run(() => window.kept[0].expire())
      await reach(page, 'closed')
      await shows(page, 'TOKEN_EXPIRED')
      await click(page, '#retry')
      await reach(page, 'open')
      await page.run(() => window.kept[1].ring())
      await shows(page, 'ringing')
      await page.run(async () => (await window.kept[1].open()).close())
      await reach(page, 'closed')
      const left = await page.run(() => document.querySelector('i')?.textContent)
      assert.equal(left, '')
    })

    test(`${name}: 1,000 components come and go with one login, and leave nothing`, async () => {
      const page = await open(`lab/${name}.html`)
      const found = await page.run(async () => {
        const { lab } = window
        const login = bench.login()
        const status = () => document.getElementById('panel')?.dataset.status
        const count = () => ({ ...bench.left(), timers: window.timers() })
        // React keeps the listeners of its root, so the place is taken once before.
        lab.mount({ workbench: lab.fakeWorkbench().open })
        lab.unmount()
        await new Promise((resolve) => setTimeout(resolve))
        const before = count()
        lab.mount({ login })
        await bench.until(() => status() === 'open')
        const open = count()
        for (let i = 0; i < 1000; i++) {
          lab.unmount()
          lab.mount({ login: () => login() })
          if (i % 100 === 0) await bench.until(() => status() === 'open')
        }
        await bench.until(() => status() === 'open')
        const still = count()
        lab.unmount()
        await bench.until(() => bench.left().scripts === 0)
        return { before, open, still, after: count(), logins: bench.logins }
      })
      assert.equal(found.logins, 1)
      assert.equal(found.open.scripts, 1)
      // The vendor's script goes on: what it set, it keeps until it has fired.
      const { before, open: opened, still, after } = found
      assert.deepEqual({ ...still, timers: 0 }, { ...opened, timers: 0 })
      assert.deepEqual(after.listeners, before.listeners)
      for (const { timers } of [still, after])
        assert.ok(timers <= opened.timers, JSON.stringify(found))
      await assertQuiet(page)
    })

    test(`${name}: a developer's edit keeps the login`, async () => {
      const [file, from, to] = /** @type {[string, string, string]} */ (edits[name])
      const root = layOut(`examples/${name}`, world.name)
      // A server of its own for Vite's socket, which listens before Vite tells the page of it.
      const socket = http.createServer()
      await new Promise((resolve) => socket.listen(0, '127.0.0.1', () => resolve(undefined)))
      const { port } = /** @type {import('node:net').AddressInfo} */ (socket.address())
      const vite = await createServer({
        root,
        logLevel: 'error',
        server: { middlewareMode: true, ws: { server: socket, clientPort: port }, proxy: {} },
        plugins: [
          {
            name: 'watch',
            transformIndexHtml: (html) => html.replace('<head>', `<head>${WATCH}`),
          },
        ],
      })
      try {
        world.site.own = (request, response) => {
          if (/^\/(calldock|pages)\//.test(request.url ?? '')) return false
          vite.middlewares(request, response)
          return true
        }
        await world.driver.get(`${world.site.origin}/index.html`)
        const page = new View(world.driver)
        await reach(page, 'open')
        assertCore()
        const requested = logins()
        await page.run(() => {
          window.kept = 'the same page'
        })
        const path = join(root, file)
        // What changes before Vite watches is not seen.
        const watched = () => vite.watcher.getWatched()[dirname(path)]?.includes(basename(path))
        while (!watched()) await new Promise((resolve) => setTimeout(resolve, 25))
        writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
        await shows(page, 'Edited')
        await reach(page, 'open')
        assert.equal(await page.run(() => window.kept), 'the same page')
        assert.equal(logins(), requested)
        await world.doubles.control('ring')
        await page.until('the call', () => document.querySelector('li[data-state=ringing]'))
      } finally {
        await vite.close()
        socket.close()
        socket.closeAllConnections()
      }
    })
  }

  test('react: StrictMode mounts twice and asks for one login', async () => {
    const page = await open('strict/react.html')
    await page.run(() => window.lab.mount({ login: bench.login() }, { strict: true }))
    await reach(page, 'open')
    assert.equal(await page.run(() => bench.logins), 1)
    await assertQuiet(page)
  })

  test('react: StrictMode opens once by a function, and shows that it failed', async () => {
    const page = await open('strict/react.html')
    await page.run(() => {
      const fake = /** @type {any} */ (window.lab.fakeWorkbench())
      fake.failOpen('LOGIN_FAILED')
      window.kept = { fake, opened: 0 }
      const workbench = () => {
        window.kept.opened += 1
        return fake.open()
      }
      window.lab.mount({ workbench }, { strict: true })
    })
    await reach(page, 'failed')
    await shows(page, 'LOGIN_FAILED')
    await click(page, '#retry')
    await reach(page, 'open')
    assert.equal(await page.run(() => window.kept.opened), 2)
    await page.run(() => window.kept.fake.expire())
    await reach(page, 'closed')
    await click(page, '#retry')
    await reach(page, 'open')
    assert.equal(await page.run(() => window.kept.opened), 3)
    await assertQuiet(page)
  })

  for (const place of ['onBeforeMount', 'onMounted', 'store'])
    test(`vue: composables that are used first in a hook start all the same: ${place}`, async () => {
      const page = await open(`lab/vue.html${POP}100`)
      await page.run((place) => window.lab.mount({ login: bench.login() }, place), place)
      await reach(page, 'open')
      await shows(page, '13812345678')
      await world.doubles.control('ring')
      await page.until('the call', () => document.querySelector('i')?.textContent === 'ringing')
      // A store outlives the component.
      if (place === 'store') return
      await page.run(() => window.lab.unmount())
      await page.until('the end', () => bench.left().scripts === 0)
    })

  test('react: the login function of the latest render is the one asked', async () => {
    const page = await open('lab/react.html')
    await page.run(async () => {
      const login = bench.login()
      window.kept = { old: 0, latest: 0 }
      window.lab.mount({
        login: () => {
          window.kept.old += 1
          return Promise.reject(new Error('no'))
        },
        options: { attempts: 1 },
      })
      await bench.until(() => window.kept.old === 1)
      window.lab.mount({
        login: () => {
          window.kept.latest += 1
          return login()
        },
        options: { attempts: 1 },
      })
    })
    await reach(page, 'failed')
    assert.deepEqual(await page.run(() => window.kept), { old: 1, latest: 0 })
    await click(page, '#retry')
    await reach(page, 'open')
    assert.deepEqual(await page.run(() => window.kept), { old: 1, latest: 1 })
  })

  test('react: without a provider a hook says what is missing', async () => {
    const { useWorkbench } = await import(
      pathToFileURL(join(lab, 'node_modules/calldock/react.js')).href
    )
    assert.throws(() => renderReact(createElement(() => useWorkbench().status)), {
      code: 'INVALID_OPTION',
      message: /expected a <WorkbenchProvider> above/,
    })
  })
})
