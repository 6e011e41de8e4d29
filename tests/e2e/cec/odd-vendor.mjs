// A CEC that answers what the doubles never would: nothing, half a script, no call of the page.

import http from 'node:http'

/** @typedef {{ status?: number, type?: string, body?: string, hang?: boolean, cut?: boolean, after?: string }} Odd */
// `after` names a script: the answer waits until that one is requested.

export class OddVendor {
  /** By the script's name. @type {Record<string, Odd>} */
  #answers = {}
  origin = ''
  /** The scripts that were requested since the answers were set. @type {Set<string>} */
  #requested = new Set()
  /** Called when a script is requested, by its name. @type {Map<string, () => void>} */
  #waiting = new Map()
  #server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://cec')
    const name = pathname.slice(pathname.lastIndexOf('/') + 1)
    const { status = 200, type = 'application/javascript', ...odd } = this.#answers[name] ?? {}
    request.resume()
    this.#requested.add(name)
    this.#waiting.get(name)?.()
    if (odd.hang) return
    const { after } = odd
    if (after && !this.#requested.has(after))
      await new Promise((resolve) => this.#waiting.set(after, () => resolve(undefined)))
    const { body = '', cut } = odd
    response.writeHead(status, {
      'content-type': type,
      // WebKit takes a body of no announced length that breaks off for the whole.
      ...(cut && { 'content-length': 2 * body.length }),
    })
    if (cut) response.write(body, () => setTimeout(() => response.destroy(), 20))
    else response.end(body)
  })

  /** @param {Record<string, Odd>} answers */
  set answers(answers) {
    this.#answers = answers
    this.#requested.clear()
  }

  /** @returns {Promise<void>} */
  start() {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        this.origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
        resolve()
      })
    })
  }

  stop() {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
