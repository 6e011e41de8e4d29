// Links of the documents, which are written for a checkout, as the site has them.

import { posix } from 'node:path'

/** Files that the site serves as they are: docs/openapi.json and docs/schemas/. */
const FILES = /^docs\/(openapi\.json|schemas\/.+\.json)$/

/**
 * Where a link of a page leads on the site, or nothing where it stays as it is.
 * @param {string} page the page's path on the site, which begins with its language
 * @param {string} href
 * @param {string} repository the address of the repository's files
 */
export function siteLink(page, href, repository) {
  if (/^([a-z][a-z+.-]*:|#|\/)/i.test(href)) return undefined
  const [language, folder, ...rest] = page.split('/')
  if (folder === 'api') return undefined
  // The vendors' pages stand beneath each language on the site, beside them in a checkout.
  const original = folder === 'vendor' ? ['vendor', ...rest].join('/') : page
  const [path = '', hash = ''] = href.split(/(?=#)/)
  const target = posix.join('docs', posix.dirname(original), path)
  const [, file] = FILES.exec(target) ?? []
  if (file) return { href: `/${file}`, target: '_self' }
  if (target.startsWith('docs/vendor/'))
    return { href: `/${language}/${target.slice('docs/'.length)}${hash}` }
  if (/^docs\/(en|zh)\//.test(target)) return { href: `/${target.slice('docs/'.length)}${hash}` }
  return { href: `${repository}/${target}${hash}` }
}

/**
 * A heading's anchor as GitHub makes it, so that one link works in both places. The pages that typedoc writes
 * have anchors of their own beside the headings.
 * @param {string} heading
 * @param {string} page the page's path on the site
 */
export function anchor(heading, page) {
  if (/^\w+\/api\//.test(page)) return `heading-${anchor(heading, '')}`
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}
