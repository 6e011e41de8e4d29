// `cargo xtask bench bytes`: what pages download, as `cargo xtask size` weighs it, as a table and as a picture.

import { readFile } from 'node:fs/promises'
import { bars } from '../plot.mjs'
import { number, table } from '../report.mjs'

/** Bytes, and as the best static server would compress them. @typedef {{ raw: number, gzip: number, brotli: number }} Weight */
/** As `cargo xtask size --json` has it. @typedef {{ page: string, total: Weight, limit?: number }} Page */

/** @param {string | undefined} file what `cargo xtask bench` has measured */
export async function bytes(file) {
  if (!file)
    throw new Error('--bytes: expected the file that `cargo xtask bench` writes, found none')
  /** @type {Page[]} */
  const pages = JSON.parse(await readFile(file, 'utf8'))
  const rows = pages.map(({ page, total: { raw, gzip, brotli }, limit }) => [
    ...[page, number(raw), number(gzip), number(brotli)],
    limit === undefined ? '' : number(limit),
  ])
  /** @param {number} bytes */
  const exact = (bytes) => ({ least: bytes, median: bytes, most: bytes })
  return {
    found: pages,
    text: table(['page, bytes in all', 'raw', 'gzip', 'brotli', 'limit of brotli'], rows),
    picture: bars(
      'What a page downloads',
      pages.map(({ page, total: { raw, gzip, brotli } }) => ({
        ...{ title: page, unit: 'bytes' },
        ways: { brotli: exact(brotli), gzip: exact(gzip), raw: exact(raw) },
      })),
    ),
  }
}
