// Every site of the tests, over TLS in one server: the shops, the contact centre, an attacker.

import { readFileSync } from 'node:fs'
import https from 'node:https'
import { certificateFor } from '../harness/certificate.mjs'
import { TENANTS } from './builds.mjs'

/** Where the guide has the script (CEC guide, chapter 3). */
const SCRIPT = '/service-cloud/resource.root/cobrowse/sdk/cobrowse.js'

/** Runs ahead of everything else in a page: what is complained of can be read from it. */
const RECORDER = `window.logged = []
const { error } = console
console.error = (...words) => { window.logged.push(words.join(' ')); error(...words) }`

export class Sites {
  /** What every page is sent with. */
  csp = ''
  /** What the outer page shows. */
  frame = ''
  /** What the contact centre answers; a page is what misled proxies answer. */
  answer = /** @type {'script' | 'other script' | 'missing' | 'page'} */ ('script')
  /** Scripts asked for, as host and path. @type {string[]} */
  requested = []
  port = 0
  #server = https.createServer(certificateFor('shop.test'), (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'https://site')
    const host = request.headers.host?.split(':')[0] ?? ''
    /** @param {string} type @param {string} body */
    const send = (type, body, status = 200) => {
      const policy = this.csp && type === 'html' ? { 'content-security-policy': this.csp } : {}
      response.writeHead(status, { 'content-type': `text/${type}; charset=utf-8`, ...policy })
      response.end(body)
    }
    if (pathname === '/recorder.js') return send('javascript', RECORDER)
    if (pathname === '/') {
      const inner = host === 'workbench.test' ? `<iframe src="${this.frame}"></iframe>` : ''
      const head = '<meta charset="utf-8"><link rel="icon" href="data:,"><title>a site</title>'
      return send('html', `<!doctype html>${head}<script src="/recorder.js"></script>${inner}`)
    }
    this.requested.push(host + pathname)
    if (pathname !== SCRIPT || this.answer === 'missing') return send('plain', 'not found', 404)
    if (this.answer === 'page') return send('html', '<!doctype html><p>Please log in')
    if (this.answer === 'other script') return send('javascript', 'window.chat = {}')
    return send('javascript', readFileSync(TENANTS, 'utf8'))
  })

  start() {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        this.port = typeof address === 'object' && address ? address.port : 0
        resolve(undefined)
      })
    })
  }

  stop() {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  reset() {
    this.csp = ''
    this.frame = ''
    this.answer = 'script'
    this.requested = []
  }
}
