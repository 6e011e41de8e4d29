// A server that goes away and comes back under the same address, as a connection does.

import http from 'node:http'

export class Intermittent {
  #port = 0
  #server = http.createServer()
  #respond

  /** @param {() => { body: string, type: string }} respond what each request gets */
  constructor(respond) {
    this.#respond = respond
  }

  get origin() {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens, at the port it had before. @returns {Promise<void>} */
  start() {
    this.#server = http.createServer((request, response) => {
      request.resume()
      const { body, type } = this.#respond()
      response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' })
      response.end(body)
    })
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#port, '127.0.0.1', () => {
        const address = this.#server.address()
        if (typeof address === 'object' && address) this.#port = address.port
        resolve()
      })
    })
  }

  /** Refuses connections from now on. @returns {Promise<void>} */
  stop() {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}
