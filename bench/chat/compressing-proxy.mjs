// A proxy of a site that compresses texts and wasm and forbids caches.

import { createHash } from 'node:crypto'
import http from 'node:http'
import { gzipSync } from 'node:zlib'

const COMPRESSED = /^(text\/|application\/(json|javascript|wasm))/
/** What is of one connection, or of the body as it was. */
const DROPPED = [
  ...['connection', 'content-encoding', 'content-length', 'etag', 'keep-alive'],
  ...['last-modified', 'transfer-encoding'],
]

export class CompressingProxy {
  port = 0
  /** How many requests have been answered. */
  requests = 0
  /** Compressed once, as a site's files are. @type {Map<string, Buffer>} */
  #packed = new Map()
  #agent = new http.Agent({ keepAlive: true })
  #server

  /** @param {number} port of the site, on this machine */
  constructor(port) {
    this.#server = http.createServer((request, response) => this.#forward(port, request, response))
    // A connection ends with its page, not because it is idle.
    this.#server.keepAliveTimeout = 0
  }

  /** @returns {Promise<void>} */
  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const address = this.#server.address()
    this.port = typeof address === 'object' && address ? address.port : 0
  }

  stop() {
    this.#server.close()
    this.#server.closeAllConnections()
    this.#agent.destroy()
  }

  /** @param {number} port @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  #forward(port, request, response) {
    const { method, url } = request
    const headers = { ...request.headers, 'accept-encoding': 'identity' }
    const to = { host: '127.0.0.1', port, agent: this.#agent, method, headers, path: url }
    const onward = http.request(to, async (answer) => {
      const parts = []
      for await (const part of answer) parts.push(part)
      this.requests += 1
      this.#answer(Buffer.concat(parts), answer, response)
    })
    onward.once('error', () => response.destroy())
    request.pipe(onward)
  }

  /** @param {Buffer} body @param {http.IncomingMessage} answer @param {http.ServerResponse} response */
  #answer(body, { statusCode = 502, headers }, response) {
    const kept = Object.entries(headers).filter(([name]) => !DROPPED.includes(name))
    /** @type {http.OutgoingHttpHeaders} */
    const own = { ...Object.fromEntries(kept), 'cache-control': 'no-store' }
    const compressed = COMPRESSED.test(headers['content-type'] ?? '') && body.length > 0
    const bytes = compressed ? this.#pack(body) : body
    if (compressed) own['content-encoding'] = 'gzip'
    response.writeHead(statusCode, { ...own, 'content-length': bytes.length }).end(bytes)
  }

  /** @param {Buffer} body */
  #pack(body) {
    const key = createHash('sha256').update(body).digest('base64')
    const packed = this.#packed.get(key) ?? gzipSync(body, { level: 9 })
    this.#packed.set(key, packed)
    return packed
  }
}
