// Opens the pages in browsers, over each network.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Guide } from '../../tests/e2e/cec/guide.mjs'
import { LOGIN } from '../../tests/e2e/cec/visitor.mjs'
import { withoutCookies } from '../../tests/e2e/harness/cookies.mjs'
import { View } from '../../tests/e2e/harness/page.mjs'
import { World } from '../../tests/e2e/harness/world.mjs'
import { nameOf } from '../report.mjs'
import { html, JQUERY, jquery, lay } from './build.mjs'
import { CompressingProxy } from './compressing-proxy.mjs'
import { NetworkProxy } from './network-proxy.mjs'
import { NETWORKS, WAYS } from './terms.js'

/** @typedef {import('./terms.js').Way} Way */

/** Every page has this path: the guide's sample names its libraries relative to it. */
const PAGE = '/guide/shop'

/**
 * One opening: ms from the navigation until the chat client stood in the page, and what went over the network until
 * then, headers included.
 * @typedef {{ ms: number, down: number, up: number, connections: number, requests: number }} Opening
 */
/** @typedef {{ network: string, ways: Record<Way, Opening[]> }} OverNetwork */
/** @typedef {{ browser: string, networks: OverNetwork[] }} InEngine */

/**
 * @param {number} rounds @param {readonly import('../../tests/e2e/harness/browser.mjs').Engine[]} engines
 * @param {(what: string) => void} [progress] @returns {Promise<InEngine[]>}
 */
export async function measure(rounds, engines, progress = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), 'calldock-bench-'))
  try {
    await lay(folder)
    const found = []
    for (const engine of engines) found.push(await inEngine(engine, folder, rounds, progress))
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {import('../../tests/e2e/harness/browser.mjs').Engine} engine @param {string} folder
 * @param {number} rounds @param {(what: string) => void} progress
 */
async function inEngine(engine, folder, rounds, progress) {
  const world = new World(engine, {})
  world.site.playground = folder
  try {
    await world.start()
    const shop = new Shop(world, await jquery())
    const networks = []
    for (const network of NETWORKS) {
      const ways = await shop.over(network, rounds, (done) =>
        progress(`${engine}, ${network.name}, round ${done} of ${rounds}`),
      )
      networks.push({ network: network.name, ways })
    }
    return { browser: await nameOf(world.driver), networks }
  } finally {
    await world.stop()
  }
}

class Shop {
  #html = ''

  /** @param {World} world @param {string} jquery */
  constructor(world, jquery) {
    this.world = world
    const guide = new Guide()
    world.site.own = (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site')
      if (pathname === PAGE) {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.#html)
        return true
      }
      if (pathname === JQUERY) {
        response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(jquery)
        return true
      }
      return guide.answer(request, response)
    }
  }

  /** @param {import('./terms.js').Network} network @param {number} rounds @param {(done: number) => void} progress */
  async over(network, rounds, progress) {
    const compressing = new CompressingProxy(this.world.site.port)
    await compressing.start()
    const proxy = new NetworkProxy(compressing.port, network)
    await proxy.start()
    const ways = /** @type {Record<Way, Opening[]>} */ ({})
    for (const way of WAYS) ways[way] = []
    try {
      // A first opening of each is not counted: it fills what the servers keep.
      for (const way of WAYS) await this.#open(way, compressing, proxy)
      for (let round = 0; round < rounds; round++) {
        for (const way of round % 2 ? [...WAYS].reverse() : WAYS)
          ways[way].push(await this.#open(way, compressing, proxy))
        progress(round + 1)
      }
      return ways
    } finally {
      proxy.stop()
      compressing.stop()
    }
  }

  /** @param {Way} way @param {CompressingProxy} compressing @param {NetworkProxy} proxy @returns {Promise<Opening>} */
  async #open(way, compressing, proxy) {
    const { driver, site, name } = this.world
    const origin = `http://localhost:${proxy.port}`
    await withoutCookies(this.world)
    await driver.get('about:blank')
    const answer = await fetch(`${site.origin}${LOGIN.token}`, { method: 'POST' })
    this.#html = html(way, origin, await answer.json())
    proxy.take()
    const before = compressing.requests
    await driver.get(origin + PAGE)
    const view = new View(driver)
    // Its own realm has the promise.
    view.evaluates = name === 'firefox'
    const ms = await view.run(() => /** @type {any} */ (window).stands)
    return { ms, ...proxy.take(), requests: compressing.requests - before }
  }
}
