// Opens the pages in a browser and lets them measure.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VENDOR_HOST } from '../../tests/e2e/harness/site.mjs'
import { bundle } from '../bundle.mjs'
import { visit } from '../visit.mjs'
import { HEAD, ISOLATED, measureBoots } from './boots.mjs'
import { KINDS, waysOf } from './terms.js'

const TOKEN = '0123456789abcdef0123456789abcdef'
const LOGIN = {
  ...{ token: TOKEN, sdkAppId: 1400000000, userId: 'agent@example.com' },
  sdkUrl: `https://${VENDOR_HOST}/sdk/tcccSdk.js?sdkAppId=1400000000&token=${TOKEN}`,
}
/** How long, in ms, the server takes for a login: nothing, and as one that requests it from the vendor. */
const WAITS = [0, 50]

/** How much is measured. @typedef {{ openings: number, changes: number, batches: number, batch: number }} Terms */

/** @param {string} folder */
async function lay(folder) {
  const names = new Set(['page'])
  for (const [, { script }] of KINDS.flatMap(waysOf)) if (script) names.add(script)
  const scripts = Object.fromEntries([...names].map((name) => [name, `page/${name}.js`]))
  await bundle(folder, scripts, ['frame', 'host'])
  await writeFile(join(folder, 'empty.js'), '')
}

/**
 * @param {Terms} terms @param {readonly import('../../tests/e2e/harness/browser.mjs').Engine[]} engines
 * @param {(what: string) => void} [progress]
 */
export async function measure(terms, engines, progress = () => {}) {
  const found = []
  for (const engine of engines)
    found.push(await inEngine(engine, terms, (what) => progress(`${engine}, ${what}`)))
  return found
}

/**
 * @param {import('../../tests/e2e/harness/browser.mjs').Engine} engine @param {Terms} terms
 * @param {(what: string) => void} progress
 */
function inEngine(engine, { openings, changes, batches, batch }, progress) {
  return visit(
    lay,
    async (visit) => {
      const { site, driver, view } = visit
      // A login takes as long as this server takes to respond, and `wait` more; the vendor's script is empty.
      let wait = 0
      site.own = ({ url, headers }, response) => {
        const known = url === '/login' || headers.host?.startsWith(VENDOR_HOST)
        if (!known) return false
        const type = url === '/login' ? 'application/json' : 'text/javascript'
        response.writeHead(200, {
          'content-type': type,
          'cross-origin-resource-policy': 'cross-origin',
        })
        const answer = () => response.end(url === '/login' ? JSON.stringify(LOGIN) : '')
        if (url === '/login' && wait) setTimeout(answer, wait)
        else answer()
        return true
      }
      const fresh = async () => {
        await driver.get('about:blank')
        site.pages.set('/', {
          ...{ entry: 'none', headers: ISOLATED },
          body: `${HEAD}<script type="module" src="/page.js"></script>`,
        })
        await driver.get(`${site.origin}/`)
        await view.until('the page', () => 'page' in window)
      }
      const opened = WAITS.map((wait) => ({
        wait,
        calldock: /** @type {number[]} */ ([]),
        warm: /** @type {number[]} */ ([]),
        hand: /** @type {number[]} */ ([]),
      }))
      const ways = /** @type {const} */ (['calldock', 'warm', 'hand'])
      for (let turn = 0; turn < openings; turn++) {
        progress(`opening ${turn + 1} of ${openings}`)
        for (const [way, times] of opened.flatMap((times) =>
          (turn % 2 ? [...ways].reverse() : ways).map((way) => /** @type {const} */ ([way, times])),
        )) {
          await fresh()
          wait = times.wait
          const ms = await view.run(async (way) => {
            const { page } = /** @type {any} */ (window)
            if (way === 'warm') await page.ready({ roles: ['host'] })
            return page.opened(way === 'hand' ? 'hand' : 'calldock', '/login')
          }, way)
          times[way].push(ms)
        }
      }
      wait = 0
      const booted = await measureBoots(visit, openings, progress)
      await fresh()
      /** @type {number[]} */
      const delivered = await view.run(
        (changes) => /** @type {any} */ (window).page.delivered(changes),
        changes,
      )
      /** @type {{ calldock: number[], hand: number[] }} */
      const read = await view.run(
        (batches, batch) => /** @type {any} */ (window).page.read(batches, batch),
        batches,
        batch,
      )
      return { opened, booted, delivered, read }
    },
    [VENDOR_HOST],
    engine,
  )
}
