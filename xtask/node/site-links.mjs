// Every link within the made documentation site leads to a file, and every anchor to an element of that page.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const site = process.argv[2] ?? ''
const base = process.env.CALLDOCK_DOCS_BASE ?? '/'

const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  // rustdoc checks its own.
  .filter((file) => file.endsWith('.html') && !file.startsWith('rust/'))
  .map((file) => join(site, file))

/** @type {Map<string, { links: string[], ids: Set<string> }>} */
const read = new Map()
/** @param {string} file */
function page(file) {
  let found = read.get(file)
  if (!found) {
    const text = readFileSync(file, 'utf8')
    const all = (/** @type {RegExp} */ pattern) =>
      [...text.matchAll(pattern)].map(([, value = '']) => value)
    found = { links: all(/<a\b[^>]*\shref="([^"]*)"/g), ids: new Set(all(/\sid="([^"]*)"/g)) }
    read.set(file, found)
  }
  return found
}

const broken = []
let checked = 0
for (const file of pages) {
  const at = new URL(`${base}${relative(site, file)}`, 'http://site.invalid')
  for (const link of page(file).links) {
    const { origin, pathname, hash } = new URL(link.replaceAll('&amp;', '&'), at)
    if (origin !== at.origin) continue
    checked += 1
    let target = join(site, decodeURIComponent(pathname.slice(base.length)))
    if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html')
    if (!existsSync(target)) broken.push(`${relative(site, file)}: nothing is at ${link}`)
    else if (hash.length > 1 && target.endsWith('.html') && !pathname.startsWith(`${base}rust/`)) {
      const id = decodeURIComponent(hash.slice(1))
      if (!page(target).ids.has(id)) broken.push(`${relative(site, file)}: no element is ${link}`)
    }
  }
}
for (const line of broken) console.error(line)
if (checked < 1000) console.error(`expected more than 1000 links, found ${checked}`)
if (broken.length > 0 || checked < 1000) process.exit(1)
console.log(`${checked} links of ${pages.length} pages lead somewhere`)
