// The shop's pages, and the guide's page as a site of an integrator's serves it.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { Guide } from '../../tests/e2e/cec/guide.mjs'
import { bundle } from '../bundle.mjs'
import { CLIENT } from './terms.js'

/** Puts Calldock's script and core into a folder. @param {string} folder */
export const lay = (folder) => bundle(folder, { shop: 'chat/shop.js' }, ['cec'])

/** The path of the guide's page for jQuery. */
export const JQUERY = '/guide/js/jquery-1.8.3.js'

/** jQuery as a site delivers it: the guide names the readable file, which is three times as long. */
export async function jquery() {
  const folder = dirname(createRequire(import.meta.url).resolve('jquery-1.8/package.json'))
  const source = await readFile(join(folder, 'tmp/jquery.js'), 'utf8')
  return (await transform(source, { minify: true, charset: 'utf8', legalComments: 'none' })).code
}

/** Runs first in each page: notes when the chat client stands there, in ms since the navigation. @param {string} id */
function watch(id) {
  const stands = new Promise((resolve, reject) => {
    new MutationObserver((_, observer) => {
      if (!document.getElementById(id)) return
      observer.disconnect()
      resolve(performance.now())
    }).observe(document, { childList: true, subtree: true })
    addEventListener('error', ({ message }) => reject(new Error(message)))
    addEventListener('unhandledrejection', ({ reason }) => reject(reason))
  })
  Object.assign(window, { stands })
}

const WATCH = `<script>(${watch})('${CLIENT}')</script>`

/** What the script will request, in its order. */
const PRELOADS = [
  '<link rel="preload" as="fetch" crossorigin href="/cec.wasm">',
  '<link rel="preload" as="script" href="/service-cloud/resource.root/cobrowse/sdk/cobrowse.js">',
  '<link rel="preload" as="script" href="/service-cloud/webclient/chat_client/js/cobrowseCommon.js">',
]

/** @param {boolean} preloaded @param {object} [login] */
function shop(preloaded, login) {
  const text = JSON.stringify(login)?.replaceAll('<', '\\u003c')
  const given = text ? `<script type="application/json" id="login">${text}</script>` : ''
  return [
    '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>在线客服</title>',
    `<link rel="icon" href="data:,">${WATCH}<script type="module" src="/shop.js"></script>`,
    ...(preloaded ? PRELOADS : []),
    `</head><body>${given}</body></html>`,
  ].join('\n')
}

/** What the guide's page has for the tests alone. */
const PROBES = /<script src="\/pages\/[\w-]+\.js"><\/script>\s*/g

/** @param {string} site the page's own origin @param {import('calldock/cec').CecLogin} login */
function sample(site, login) {
  const guide = new Guide()
  const { thirdUserId: id, thirdUserName: name } = login
  guide.filling = { site, id, name, token: 'token' in login ? login.token : '' }
  const page = guide.page('token.html')
  const bare = page.replace(PROBES, '')
  const watched = bare.replace('<link rel="icon"', (icon) => WATCH + icon)
  if (bare === page || watched === bare)
    throw new Error('token.html: expected scripts of /pages/ and an icon, found none')
  return watched
}

/**
 * The HTML of a page. @param {import('./terms.js').Way} way @param {string} site
 * @param {import('calldock/cec').CecLogin} login
 */
export function html(way, site, login) {
  if (way === 'guide') return sample(site, login)
  return shop(way !== 'calldock', way === 'given' ? login : undefined)
}
