// Serves a built application, and the page that frames it as a workbench would.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

/**
 * The page around the application; it keeps what the application posts. With `frame` in its query it opens
 * that page, and sends the result to the server: for a browser without a driver.
 */
const PARENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A parent</title>
<link rel="icon" href="data:,"><script>
  window.posted = []
  addEventListener('message', ({ data }) => data && data.source === 'ccc-sdk' && posted.push(data.payload))
  const page = new URLSearchParams(location.search).get('frame')
  if (page) addEventListener('DOMContentLoaded', () => {
    const frame = document.createElement('iframe')
    frame.src = page
    document.body.append(frame)
    const timer = setInterval(() => {
      const { result } = frame.contentWindow
      if (!result) return
      clearInterval(timer)
      const found = { posted: posted.map(({ message }) => message.phoneNumber), agent: navigator.userAgent }
      fetch('/result', { method: 'POST', body: JSON.stringify({ ...found, ...result }) })
    }, 50)
  })
</script>`

/**
 * Serves `folders`, the first that has the file, on a port of its own choice.
 * @param {string[]} folders
 * @param {{ headers?: Record<string, string>, onResult?: (text: string) => void }} [options] headers of
 * the application's pages; what is called with a result that a page sends
 * @returns {Promise<{ origin: string, stop: () => void }>}
 */
export async function serve(folders, { headers = {}, onResult } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    if (pathname === '/result') {
      let text = ''
      for await (const bytes of request) text += bytes
      onResult?.(text)
      response.writeHead(204).end()
      return
    }
    if (pathname === '/parent') {
      response.writeHead(200, { 'content-type': TYPES['.html'] ?? '' }).end(PARENT)
      return
    }
    for (const folder of folders) {
      const bytes = await readFile(join(folder, normalize(pathname))).catch(() => null)
      if (!bytes) continue
      const type = TYPES[extname(pathname)] ?? 'application/octet-stream'
      const more = extname(pathname) === '.html' ? headers : {}
      response.writeHead(200, { 'content-type': type, ...more }).end(bytes)
      return
    }
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not here')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${port}`, stop }
}
