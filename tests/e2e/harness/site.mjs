// The site of the test pages: blank pages with whatever policy a test wants, the packed package
// beside them, the real server behind `/calldock/` and the real edge behind `/service-cloud/`, so that logins
// are real and same-origin.

import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { extname, join, normalize } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { certificateFor } from './certificate.mjs'

const OWN = fileURLToPath(new URL('pages/', import.meta.url))
/** The vendor's workbench in China: a page of this very origin can be shown to a frame. */
export const VENDOR_HOST = 'tccc.qcloud.com'

/**
 * A page to serve. `entry` is how it imports the package; `before` names scripts of `pages/` that run
 * ahead of it; `frame` is the address of an iframe in it. `fresh`: it asks for every script of the package, as
 * if the browser had seen none.
 * @typedef {{
 *   fresh?: boolean, csp?: string, nonce?: string, entry?: 'module' | 'inline' | 'global' | 'cec' | 'none',
 *   before?: string[], frame?: string, lang?: string, headers?: Record<string, string>, body?: string,
 * }} Page
 */

/**
 * How the core's wasm is served: its type, and until when it is held back.
 * @typedef {{ type?: string, status?: number, held?: Promise<void> }} Wasm
 */

/**
 * A request of a page to CEC.
 * @typedef {{ method: string, path: string, headers: http.IncomingHttpHeaders, body: string }} Sent
 */

/** The beginning of a fresh page's addresses. */
const FRESH = /^\/fresh\/\d+\//

/** @type {Record<string, string>} */
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
}

export class Site {
  /** By path. @type {Map<string, Page>} */
  pages = new Map()
  /** @type {Wasm} */
  wasm = {}
  /** Answers instead of the real server. @type {http.RequestListener | undefined} */
  login
  /** Answers before all else, and says whether it did. @type {((...requested: Parameters<http.RequestListener>) => boolean) | undefined} */
  own
  /** The paths asked for, in their order. @type {string[]} */
  requested = []
  /** What pages asked of CEC, in its order. @type {Sent[]} */
  sent = []
  /** Where the real server is. */
  backend = ''
  /** Where the real edge is. */
  edge = ''
  /** Answers for CEC instead of the real edge. */
  cec = ''
  port = 0
  securePort = 0
  /** How many pages had scripts of their own addresses. */
  #fresh = 0
  /** The package's scripts, read once: they stay the same while tests run. @type {Map<string, Buffer>} */
  #scripts = new Map()
  /** @type {http.Server[]} */
  #servers = []

  /** @param {string} playground the folder whose `node_modules/calldock` is the package */
  constructor(playground) {
    this.playground = playground
  }

  get origin() {
    return `http://localhost:${this.port}`
  }

  /** The same pages from another site. */
  get otherOrigin() {
    return `http://127.0.0.1:${this.port}`
  }

  async start() {
    const handle = /** @type {http.RequestListener} */ (
      (request, response) => {
        this.#answer(request, response).catch((error) => {
          response.writeHead(500).end(String(error))
        })
      }
    )
    this.port = await this.#listen(http.createServer(handle))
    this.securePort = await this.#listen(https.createServer(certificateFor(VENDOR_HOST), handle))
  }

  stop() {
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
  }

  /** @param {http.Server} server @returns {Promise<number>} */
  #listen(server) {
    this.#servers.push(server)
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async #answer(request, response) {
    const { pathname } = new URL((request.url ?? '/').replace(FRESH, '/'), 'http://site')
    this.requested.push(pathname)
    if (this.own?.(request, response)) return
    const page = this.pages.get(pathname)
    if (page) return this.#page(page, response)
    if (pathname.startsWith('/calldock/')) {
      if (this.login) return this.login(request, response)
      return this.#forward(request, response, this.backend)
    }
    // CEC's question about a token comes from the double, the rest from pages.
    if (pathname.startsWith('/rest/')) return this.#forward(request, response, this.backend)
    if (pathname.startsWith('/service-cloud/')) {
      this.#note(request)
      return this.#forward(request, response, this.cec || this.edge)
    }
    if (pathname.startsWith('/pages/')) return this.#own(request, pathname.slice(7), response)
    if (pathname.endsWith('.wasm')) return this.#wasm(pathname, response)
    const path = join(this.playground, normalize(pathname))
    // The JavaScript form of a core is asked for each time, as its wasm is: tests say whether it comes.
    const kept = pathname.startsWith('/node_modules/') && /(?<!\.wasm)\.js$/.test(pathname)
    return kept ? this.#script(response, path) : this.#file(path, response)
  }

  /** @param {Page} page @param {http.ServerResponse} response */
  #page(page, response) {
    const { csp, nonce, entry = 'module', before = [], frame, lang = 'en', body = '', fresh } = page
    const root = fresh ? `/fresh/${++this.#fresh}` : ''
    const own = nonce ? ` nonce="${nonce}"` : ''
    const scripts = ['probe.js', ...before].map(
      (name) => `<script src="/pages/${name}"${own}></script>`,
    )
    if (entry === 'global')
      scripts.push(`<script src="/node_modules/calldock/global.js"${own}></script>`)
    if (entry !== 'none')
      scripts.push(`<script type="module" src="${root}/pages/entry-${entry}.js"${own}></script>`)
    const inner = frame ? `<iframe id="inner" src="${frame}"></iframe>` : ''
    response.writeHead(200, {
      'content-type': TYPES['.html'],
      'cache-control': 'no-store',
      ...(csp ? { 'content-security-policy': csp } : {}),
      ...page.headers,
    })
    response.end(
      `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>a test page</title>` +
        `<link rel="icon" href="data:,">${scripts.join('')}<body>${body}${inner}`,
    )
  }

  /** @param {string} path @param {http.ServerResponse} response */
  async #wasm(path, response) {
    const { held, type = TYPES['.wasm'], status = 200 } = this.wasm
    await held
    await this.#file(join(this.playground, normalize(path)), response, type, status)
  }

  /** @param {string} path @param {http.ServerResponse} response @param {string} [type] */
  async #file(
    path,
    response,
    type = TYPES[extname(path)] ?? 'application/octet-stream',
    status = 200,
  ) {
    const bytes = await readFile(path).catch(() => null)
    const headers = { 'content-type': type, 'cache-control': 'no-store' }
    response.writeHead(bytes ? status : 404, { ...headers, 'x-content-type-options': 'nosniff' })
    response.end(bytes)
  }

  /**
   * A script of the tests' own; a fresh page's imports the package from fresh addresses.
   * @param {http.IncomingMessage} request @param {string} name @param {http.ServerResponse} response
   */
  async #own({ url = '' }, name, response) {
    const [root] = url.match(FRESH) ?? []
    if (!root) return this.#file(join(OWN, name), response)
    const text = await readFile(join(OWN, name), 'utf8')
    response.writeHead(200, { 'content-type': TYPES['.js'], 'cache-control': 'no-store' })
    response.end(text.replaceAll("'/node_modules/", `'${root}node_modules/`))
  }

  /**
   * A script of the package. A page asks for some seventy, and every test opens one; every browser is new and
   * sees one build of them: it asks once. @param {http.ServerResponse} response @param {string} path
   */
  async #script(response, path) {
    const bytes = this.#scripts.get(path) ?? (await readFile(path).catch(() => null))
    if (!bytes) return this.#file(path, response)
    this.#scripts.set(path, bytes)
    response.setHeader('cache-control', 'max-age=86400')
    response.setHeader('x-content-type-options', 'nosniff')
    response.writeHead(200, { 'content-type': TYPES['.js'] }).end(bytes)
  }

  /** @param {http.IncomingMessage} request */
  #note(request) {
    const { method = '', url = '', headers } = request
    const sent = { method, path: url, headers, body: '' }
    this.sent.push(sent)
    request.on('data', (bytes) => {
      sent.body += bytes
    })
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response @param {string} to */
  #forward(request, response, to) {
    const { method, headers, url } = request
    const onward = http.request(new URL(url ?? '/', to), { method, headers })
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // What breaks off there breaks off here.
      pipeline(answer, response, () => {})
    })
    onward.once('error', () => response.writeHead(502).end())
    response.once('close', () => onward.destroy())
    request.pipe(onward)
  }
}
