// Opens pages with nothing cached, over each network, and notes when they have what they were opened for.

import { CompressingProxy } from '../chat/compressing-proxy.mjs'
import { NetworkProxy } from '../chat/network-proxy.mjs'
import { NETWORKS } from '../chat/terms.js'
import { KINDS, waysOf } from './terms.js'

/** @typedef {import('./terms.js').Boot} Boot */
/** @typedef {import('./terms.js').Way} Way */
/** ms from the navigation, one figure an opening. @typedef {Partial<Record<Way, number[]>>} Times */
/** @typedef {{ network: string, boots: Record<Boot, Times> }} OverNetwork */

/** An isolated page's clock counts in 5 µs instead of 100 in Chromium, and in 20 µs instead of 1 ms in Firefox. */
export const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

export const HEAD = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'

/** A screen pop as the vendor's console writes it. */
const HASH =
  '#?status=100&type=phone&mobile=13800000000&userId=u-42&nickName=%E5%88%98%E5%85%88%E7%94%9F'

/** Notes when the workbench's script is requested, whatever requests it. */
function watch() {
  new PerformanceObserver((list) => {
    const entry = list.getEntries().find(({ name }) => name.includes('tcccSdk.js'))
    if (entry) /** @type {any} */ (window).booted ??= entry.startTime
  }).observe({ type: 'resource', buffered: true })
}

/** The workbench's script by hand, in the page's HTML. */
async function tag() {
  const { sdkUrl } = await (await fetch('/login', { method: 'POST' })).json()
  const script = document.createElement('script')
  script.src = sdkUrl
  document.head.append(script)
}

/** @param {Boot} boot @param {import('./terms.js').How} how */
function html(boot, { script, preload }) {
  const watched = boot === 'workbench' ? `<script>(${watch})()</script>` : ''
  const link = preload ? `<link rel="preload" as="fetch" crossorigin href="${preload}">` : ''
  const own = script
    ? `<script type="module" src="/${script}.js"></script>`
    : `<script>(${tag})()</script>`
  return HEAD + watched + link + own
}

/**
 * @param {import('../visit.mjs').Visit} visit @param {number} openings of each page over each network
 * @param {(what: string) => void} progress @returns {Promise<OverNetwork[]>}
 */
export async function measureBoots(visit, openings, progress) {
  const found = []
  for (const network of NETWORKS) found.push(await over(network, visit, openings, progress))
  return found
}

/**
 * @param {import('../chat/terms.js').Network} network @param {import('../visit.mjs').Visit} visit
 * @param {number} openings @param {(what: string) => void} progress
 */
async function over(network, { site, driver, view }, openings, progress) {
  const compressing = new CompressingProxy(site.port)
  await compressing.start()
  const proxy = new NetworkProxy(compressing.port, network)
  await proxy.start()
  const boots = /** @type {Record<Boot, Times>} */ ({ screenPop: {}, workbench: {} })
  const pages = KINDS.flatMap((boot) => waysOf(boot).map(([way, how]) => ({ boot, way, how })))
  /** @param {typeof pages[number]} page @returns {Promise<number>} */
  const open = async ({ boot, how }) => {
    await driver.get('about:blank')
    site.pages.set('/boot', { entry: 'none', headers: ISOLATED, body: html(boot, how) })
    // New connections for each.
    proxy.take()
    await driver.get(`http://localhost:${proxy.port}/boot${boot === 'screenPop' ? HASH : ''}`)
    return view.until(
      `${boot} of ${how.script ?? 'the HTML'}`,
      () => /** @type {any} */ (window).booted,
    )
  }
  try {
    // A first opening of each is not counted: it fills what the servers keep.
    for (const page of pages) await open(page)
    for (let turn = 0; turn < openings; turn++) {
      progress(`pages, ${network.name}, ${turn + 1} of ${openings}`)
      for (const page of turn % 2 ? [...pages].reverse() : pages) {
        const times = boots[page.boot]
        times[page.way] ??= []
        times[page.way]?.push(await open(page))
      }
    }
    return { network: network.name, boots }
  } finally {
    proxy.stop()
    compressing.stop()
  }
}
