// Faults of a connection, made in the server so that every engine meets the same ones.

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** The origin of a host name that does not resolve (RFC 6761): no engine's proxy sees a request for it. */
export const UNRESOLVED = 'https://nowhere.invalid'

/** A good response. @typedef {{ body: string | Buffer, type: string }} Good */

/**
 * What a server does instead of responding well. Each gets the request, the response, and the good response.
 * @type {Record<string, (request: Request, response: Response, good: Good) => void>}
 */
export const WIRE = {
  reset: (request) => request.socket.resetAndDestroy(),
  'closed without an answer': (request) => request.socket.destroy(),
  'not HTTP': (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  'HTTP 401': (_, response) => response.writeHead(401).end(),
  'HTTP 404': (_, response) => response.writeHead(404).end(),
  'HTTP 500': (_, response) => response.writeHead(500).end(),
  'HTTP 429 with Retry-After': (_, response) =>
    response.writeHead(429, { 'retry-after': '1' }).end(),
  'HTTP 200 without a body': (_, response) => response.writeHead(200).end(),
  'a web page': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Sign in'),
  'a script that throws': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/javascript' }).end('throw new Error("broken")'),
  'another content type': (_, response, { body }) =>
    response
      .writeHead(200, { 'content-type': 'image/png', 'x-content-type-options': 'nosniff' })
      .end(body),
  'no content type': (_, response, { body }) => response.writeHead(200).end(body),
  'half of the body, then closed': (request, response, { body, type }) => {
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy())
  },
  'half of a chunked body, then closed': (request, response, { body, type }) => {
    response.writeHead(200, { 'content-type': type })
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy())
  },
  'a redirect to itself': (request, response) =>
    response.writeHead(302, { location: request.url ?? '/' }).end(),
  'no headers, ever': () => {},
  'headers, and a body that never ends': (_, response, { body, type }) => {
    response.writeHead(200, { 'content-type': type })
    response.write(body.slice(0, body.length / 2))
  },
}

/** What is slow, or odd, and right. @type {typeof WIRE} */
export const HARMLESS = {
  'headers after 400 ms': (_, response, { body, type }) => {
    setTimeout(() => response.writeHead(200, { 'content-type': type }).end(body), 400)
  },
  'a body in ten pieces': (_, response, { body, type }) => {
    response.writeHead(200, { 'content-type': type })
    const size = Math.ceil(body.length / 10)
    const write = (/** @type {number} */ from) => {
      if (from < body.length) {
        response.write(body.slice(from, from + size))
        setTimeout(write, 40, from + size)
      } else response.end()
    }
    write(0)
  },
  'a byte-order mark before the body': (_, response, { body, type }) =>
    response.writeHead(200, { 'content-type': type }).end(`\ufeff${body}`),
}
