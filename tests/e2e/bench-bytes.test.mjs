// The table of what pages download.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytes } from '../../bench/bytes/run.mjs'

test('every page that was weighed has a row, with its limit where it has one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calldock-bytes-'))
  try {
    const file = join(folder, 'pages.json')
    const total = { raw: 60_000, gzip: 24_000, brotli: 22_144 }
    const pages = [
      { page: 'screen-pop page', parts: [], total, limit: 22_528 },
      { page: 'inline', parts: [], total: { raw: 3000, gzip: 2000, brotli: 1000 } },
    ]
    await writeFile(file, JSON.stringify(pages))
    const { found, text, picture } = await bytes(file)
    assert.deepEqual(found, pages)
    assert.deepEqual(text.split('\n').slice(2), [
      '| screen-pop page | 60,000 | 24,000 | 22,144 | 22,528 |',
      '| inline | 3,000 | 2,000 | 1,000 |  |',
    ])
    assert.ok(picture.includes('screen-pop page') && picture.includes('>22,144<'), picture)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('without the weights it says who writes them', async () => {
  await assert.rejects(
    bytes(undefined),
    /--bytes: expected the file that `cargo xtask bench` writes/,
  )
})
