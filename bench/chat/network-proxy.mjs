// A slow network, as a proxy of TCP connections: they share the bandwidth, and every byte arrives half of a round trip
// later. It is made of timers in this process, so every engine meets the same one.

import net from 'node:net'

/** What is sent at once, in bytes: as much as a packet of an Ethernet carries. */
const SEGMENT = 1460

/** One way through the network. Its connections send a segment each, in turn. */
class Direction {
  bytes = 0
  /** What each connection has still to send; an empty segment ends it. @type {Map<net.Socket, Buffer[]>} */
  #waiting = new Map()
  /** When the last segment has been sent, in ms. */
  #free = 0
  #sending = false
  #kbits
  #delay

  /** @param {number} kbits a second, that is bits in one ms @param {number} delay in ms */
  constructor(kbits, delay) {
    this.#kbits = kbits
    this.#delay = delay
  }

  /** @param {net.Socket} to @param {Buffer} bytes */
  send(to, bytes) {
    const segments = this.#waiting.get(to) ?? []
    for (let at = 0; at < bytes.length; at += SEGMENT)
      segments.push(bytes.subarray(at, at + SEGMENT))
    this.#waiting.set(to, segments)
    this.#send()
  }

  /** @param {net.Socket} to */
  end(to) {
    this.#waiting.set(to, [...(this.#waiting.get(to) ?? []), Buffer.alloc(0)])
    this.#send()
  }

  #send() {
    if (this.#sending) return
    this.#free = performance.now()
    this.#next()
  }

  #next() {
    for (;;) {
      const [next] = this.#waiting
      this.#sending = Boolean(next)
      if (!next) return
      const [to, segments] = next
      this.#waiting.delete(to)
      const segment = segments.shift() ?? Buffer.alloc(0)
      if (segments.length > 0) this.#waiting.set(to, segments)
      this.#free += (8 * segment.length) / this.#kbits
      const ms = this.#free - performance.now()
      if (ms > 0) {
        setTimeout(() => {
          this.#carry(to, segment)
          this.#next()
        }, ms)
        return
      }
      this.#carry(to, segment)
    }
  }

  /** @param {net.Socket} to @param {Buffer} segment */
  #carry(to, segment) {
    if (this.#delay) setTimeout(() => this.#arrive(to, segment), this.#delay)
    else this.#arrive(to, segment)
  }

  /** @param {net.Socket} to @param {Buffer} segment */
  #arrive(to, segment) {
    if (to.destroyed) return
    this.bytes += segment.length
    if (segment.length > 0) to.write(segment)
    else to.end()
  }
}

export class NetworkProxy {
  port = 0
  /** @type {Direction} */
  #down
  /** @type {Direction} */
  #up
  #port
  #connections = 0
  /** @type {Set<net.Socket>} */
  #sockets = new Set()
  #server

  /** @param {number} port of the server behind it, on this machine @param {import('./terms.js').Network} network */
  constructor(port, network) {
    this.#port = port
    this.network = network
    this.#down = new Direction(network.down, network.roundTrip / 2)
    this.#up = new Direction(network.up, network.roundTrip / 2)
    this.#server = net.createServer((browser) => this.#connect(browser))
  }

  /** @returns {Promise<void>} */
  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const address = this.#server.address()
    this.port = typeof address === 'object' && address ? address.port : 0
  }

  /** What has been carried since the last call, and ends all connections: the next page gets new ones. */
  take() {
    const taken = { down: this.#down.bytes, up: this.#up.bytes, connections: this.#connections }
    for (const socket of this.#sockets) socket.destroy()
    this.#down = new Direction(this.network.down, this.network.roundTrip / 2)
    this.#up = new Direction(this.network.up, this.network.roundTrip / 2)
    this.#connections = 0
    return taken
  }

  stop() {
    this.#server.close()
    this.take()
  }

  /** @param {net.Socket} browser */
  #connect(browser) {
    const [down, up] = [this.#down, this.#up]
    const server = net.connect(this.#port, '127.0.0.1')
    for (const socket of [browser, server]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    browser.once('error', () => server.destroy())
    server.once('error', () => browser.destroy())
    server.on('data', (bytes) => down.send(browser, bytes))
    server.once('end', () => down.end(browser))
    // The system accepts at once; over a network the first byte waits until the connection has been answered.
    if (this.network.roundTrip) {
      browser.pause()
      setTimeout(() => browser.resume(), this.network.roundTrip)
    }
    browser.on('data', (bytes) => up.send(server, bytes))
    browser.once('end', () => up.end(server))
    // A connection that a browser opens in advance and never uses does not count.
    browser.once('data', () => {
      if (up === this.#up) this.#connections += 1
    })
  }
}
