// A service worker that takes the logins and the core's wasm files of its site. How it responds is in its address.

const worker = /** @type {any} */ (globalThis)
let how = new URL(worker.location.href).searchParams.get('how') ?? ''
const page = { headers: { 'content-type': 'text/html' } }
/** @type {Record<string, (request: Request) => Response | Promise<Response>>} */
const answers = {
  'passes requests on': (request) => fetch(request),
  'responds with HTTP 500': () => new Response(null, { status: 500 }),
  'responds with a web page': () => new Response('<!doctype html><p>Offline', page),
  fails: () => Response.error(),
}

worker.addEventListener('install', () => worker.skipWaiting())
worker.addEventListener('activate', (/** @type {any} */ event) =>
  event.waitUntil(worker.clients.claim()),
)
worker.addEventListener('message', (/** @type {MessageEvent} */ { data, ports }) => {
  how = data
  ports[0]?.postMessage(how)
})
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { pathname } = new URL(event.request.url)
  if (/^\/own\/login$|\.wasm$/.test(pathname)) event.respondWith(answers[how]?.(event.request))
})
