// Applications that are built with Vite around the packed package, as an integrator builds them, and
// served by the site of the tests.

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as places from './places.mjs'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))

/** @type {Record<string, string>} */
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
}

/** What watches over a page from its first moment on. */
export const WATCH = ['probe.js', 'console.js', 'timers.js']
  .map((name) => `<script src="/pages/${name}"></script>`)
  .join('')

/**
 * Lays out an application with the package beside it, beneath the checkout's `node_modules`.
 * @param {string} from a folder of the checkout
 * @param {string} engine whose tests it is for: Vue's plugin remembers the texts of a path in its process
 */
export function layOut(from, engine) {
  const folder = join(root, 'target/applications', engine, from.replaceAll('/', '-'))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, from), folder, { recursive: true })
  const calldock = 'node_modules/calldock'
  cpSync(join(places.playground(), calldock), join(folder, calldock), { recursive: true })
  return folder
}

/**
 * Builds a laid-out application by its own settings, to be served beneath `/<name>/`.
 * @param {string} folder
 * @param {string} name
 * @param {'production' | 'development'} mode in development React's StrictMode mounts twice
 */
export async function bundle(folder, name, mode = 'production') {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const out = `dist-${mode}`
  const options = ['--base', `/${name}/`, '--outDir', out, '--mode', mode]
  // A process of its own: a build declares the whole process to be production.
  await run(process.execPath, [vite, 'build', ...options], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: mode },
  })
  return join(folder, out)
}

/**
 * Answers for what is beneath `/<name>/`, for `site.own`; pages are watched.
 * @param {Record<string, string>} folders by name
 * @param {string} [whole] what has the rest of the site, but for the server's and the tests' own
 * @returns {(...requested: Parameters<import('node:http').RequestListener>) => boolean}
 */
export function serve(folders, whole) {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    const [, name = '', ...rest] = pathname.split('/')
    const own = name === 'calldock' || name === 'pages'
    const folder = folders[name] ?? (own ? undefined : whole)
    if (!folder) return false
    const requested = folders[name] ? rest.join('/') : pathname.slice(1)
    const path = join(folder, normalize(`/${requested || 'index.html'}`))
    const headers = { 'content-type': TYPES[extname(path)] ?? '', 'cache-control': 'no-store' }
    try {
      const bytes = readFileSync(path)
      const page = path.endsWith('.html')
      response.writeHead(200, headers)
      response.end(page ? bytes.toString().replace('<head>', `<head>${WATCH}`) : bytes)
    } catch {
      response.writeHead(404).end()
    }
    return true
  }
}
