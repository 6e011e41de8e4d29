// The vendor's sample pages as a site of the integrator's serves them, with the libraries they want.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CHANNEL, SECRET_KEY, signed, TENANT } from './visitor.mjs'

const FOLDER = fileURLToPath(new URL('guide/', import.meta.url))
const { resolve } = createRequire(import.meta.url)
/** @param {string} name */
const library = (name) => dirname(resolve(`${name}/package.json`))

/** As the sample pages ask for them. @type {Record<string, string>} */
const LIBRARIES = {
  '/guide/jquery.js': join(library('jquery'), 'dist/jquery.js'),
  '/guide/js/jquery-1.8.3.js': join(library('jquery-1.8'), 'tmp/jquery.js'),
  '/guide/js/axios.min.js': join(library('axios'), 'dist/axios.min.js'),
}

/** What a page is filled with. @typedef {Record<string, string>} Filling */

export class Guide {
  /** @type {Filling} */
  filling = {}

  /**
   * Answers what is the guide's, and says whether it was.
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    if (pathname === '/webchat/authorizationService') {
      this.#sign(request, response)
      return true
    }
    const file = LIBRARIES[pathname]
    if (file) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' })
      response.end(readFileSync(file))
      return true
    }
    if (!pathname.startsWith('/guide/')) return false
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(this.page(pathname.slice(7)))
    return true
  }

  /** A sample page, filled in. @param {string} name */
  page(name) {
    /** @type {Filling} */
    const filling = { tenant: TENANT, channel: CHANNEL, secretKey: SECRET_KEY, ...this.filling }
    // As a template engine fills in texts of a script: quoted, and no end tag in it.
    const quoted = (/** @type {string} */ text) =>
      JSON.stringify(text).slice(1, -1).replaceAll('<', '\\u003c')
    return readFileSync(join(FOLDER, name), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, member) =>
      quoted(filling[member] ?? `no ${member}`),
    )
  }

  /** The integrator's signing service, to which the sample sends its key. */
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  #sign(request, response) {
    let body = ''
    request.on('data', (bytes) => {
      body += bytes
    })
    request.on('end', () => {
      const { thirdUserName, thirdUserId, secretKey } = JSON.parse(body)
      const login = signed(thirdUserName, thirdUserId, secretKey)
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end('authorization' in login ? login.authorization : '')
    })
  }
}
