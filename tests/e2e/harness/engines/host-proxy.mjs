// Leads host names to servers of this machine, for the engines that have no option for it. Every other
// host is refused: no test asks the network for anything.

import http from 'node:http'
import net from 'node:net'

/**
 * @param {import('../browser.mjs').Hosts} hosts
 * @returns {Promise<{ port: number, stop: () => void }>}
 */
export async function startHostProxy(hosts) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set()
  /** @param {string} authority */
  const target = (authority) => {
    const { hostname, port } = new URL(`http://${authority}`)
    const to = hosts[hostname]
    if (!to) return undefined
    const [host = '', own] = to.split(':')
    return { host, port: Number(own ?? (port || 80)) }
  }
  const server = http.createServer((request, response) => {
    const { host = '' } = request.headers
    const to = target(host)
    if (!to) {
      response.writeHead(502).end()
      return
    }
    const { pathname, search } = new URL(request.url ?? '/', `http://${host}`)
    const { method, headers } = request
    const onward = http.request({ ...to, method, headers, path: pathname + search })
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.once('error', () => response.destroy())
    request.pipe(onward)
  })
  server.on('connect', (request, socket, head) => {
    const to = target(request.url ?? '')
    if (!to) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const onward = net.connect(to, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.write(head)
      onward.pipe(socket)
      socket.pipe(onward)
    })
    onward.once('error', () => socket.destroy())
    socket.once('error', () => onward.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port, stop }
}
