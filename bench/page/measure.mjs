// Opens the pages in a browser and lets them measure.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VENDOR_HOST } from '../../tests/e2e/harness/site.mjs'
import { bundle } from '../bundle.mjs'
import { visit } from '../visit.mjs'

const TOKEN = '0123456789abcdef0123456789abcdef'
const LOGIN = {
  ...{ token: TOKEN, sdkAppId: 1400000000, userId: 'agent@example.com' },
  sdkUrl: `https://${VENDOR_HOST}/sdk/tcccSdk.js?sdkAppId=1400000000&token=${TOKEN}`,
}
/** An isolated page's clock counts in 5 µs instead of 100. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** How long, in ms, the server takes for a login: nothing, and as one that requests it from the vendor. */
const WAITS = [0, 50]

/**
 * The screen-pop pages that are opened: their script, and what their head names for the browser to request at
 * once.
 */
export const BOOTS = /** @type {const} */ ({
  calldock: { script: 'calldock', preload: '' },
  preloaded: { script: 'calldock', preload: '/frame.wasm' },
  inline: { script: 'inline', preload: '' },
  hand: { script: 'hand', preload: '' },
})
/** @typedef {keyof typeof BOOTS} Boot */
const PAGES = /** @type {Boot[]} */ (Object.keys(BOOTS))

/** A screen pop as the vendor's console writes it. */
const HASH =
  '#?status=100&type=phone&mobile=13800000000&userId=u-42&nickName=%E5%88%98%E5%85%88%E7%94%9F'

/** How much is measured. @typedef {{ openings: number, changes: number, batches: number, batch: number }} Terms */

/** @param {string} folder */
async function lay(folder) {
  const names = ['page', ...new Set(PAGES.map((way) => `boot-${BOOTS[way].script}`))]
  const scripts = Object.fromEntries(names.map((name) => [name, `page/${name}.js`]))
  await bundle(folder, scripts, ['frame', 'host'])
  await writeFile(join(folder, 'empty.js'), '')
}

/** @param {Terms} terms @param {(what: string) => void} [progress] */
export function measure({ openings, changes, batches, batch }, progress = () => {}) {
  return visit(
    lay,
    async ({ site, driver, view }) => {
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
      const head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
      const fresh = async () => {
        await driver.get('about:blank')
        site.pages.set('/', {
          ...{ entry: 'none', headers: ISOLATED },
          body: `${head}<script type="module" src="/page.js"></script>`,
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
      progress('screen-pop pages')
      /** ms from the navigation to the first call; this site's files are never cached. */
      /** @type {Record<Boot, number[]>} */
      const booted = { calldock: [], preloaded: [], inline: [], hand: [] }
      for (let turn = 0; turn < 2 * openings; turn++)
        for (const way of turn % 2 ? [...PAGES].reverse() : PAGES) {
          const { script, preload } = BOOTS[way]
          const link = preload && `<link rel="preload" as="fetch" crossorigin href="${preload}">`
          await driver.get('about:blank')
          site.pages.set('/boot', {
            ...{ entry: 'none', headers: ISOLATED },
            body: `${head}${link}<script type="module" src="/boot-${script}.js"></script>`,
          })
          await driver.get(`${site.origin}/boot${HASH}`)
          await view.until('the first call', () => 'booted' in window)
          booted[way].push(await view.run(() => /** @type {any} */ (window).booted))
        }
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
  )
}
