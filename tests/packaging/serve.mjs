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

/** The page around the application; it keeps what the application posts. */
const PARENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A parent</title>
<link rel="icon" href="data:,"><script>
  window.posted = []
  addEventListener('message', ({ data }) => data?.source === 'ccc-sdk' && posted.push(data.payload))
</script>`

/**
 * Serves `folders`, the first that has the file, on a port of its own choice.
 * @param {string[]} folders
 * @returns {Promise<{ origin: string, stop: () => void }>}
 */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    if (pathname === '/parent') {
      response.writeHead(200, { 'content-type': TYPES['.html'] ?? '' }).end(PARENT)
      return
    }
    for (const folder of folders) {
      const bytes = await readFile(join(folder, normalize(pathname))).catch(() => null)
      if (!bytes) continue
      const type = TYPES[extname(pathname)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type }).end(bytes)
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
