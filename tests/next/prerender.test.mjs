// The example with Next.js: what `next build` has rendered, and what becomes of it in a browser.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve } from '../e2e/harness/applications.mjs'
import { View } from '../e2e/harness/page.mjs'
import * as places from '../e2e/harness/places.mjs'
import { inEachBrowser } from '../e2e/harness/world.mjs'

const POP = '#?mobile=13812345678&nickName=%E5%88%98%E5%85%88%E7%94%9F&type=phone&status='

test('the pages are rendered beforehand, in the state of a server', () => {
  const page = readFileSync(join(places.next(), 'index.html'), 'utf8')
  assert.match(page, /<section data-status="opening"><p role="status">Connecting…/)
  assert.match(readFileSync(join(places.next(), 'pop.html'), 'utf8'), /No call yet\./)
})

inEachBrowser('next', (world) => {
  /** @param {string} path */
  async function open(path) {
    world.site.own = serve({}, places.next())
    await world.driver.get(`${world.site.origin}/${path}`)
    return new View(world.driver)
  }

  /** @param {View} page */
  const assertQuiet = async (page) =>
    assert.deepEqual(await page.run(() => [...window.complaints, ...bench.errors]), [])

  test('the agent’s page hydrates, opens the workbench and takes a call', async () => {
    const page = await open('')
    await page.until('open', () => document.querySelector('[data-status=open]'))
    await world.doubles.control('ring', { mobile: '13812345678' })
    await page.until('the call', () => document.querySelector('li[data-state=ringing]'))
    await page.run(() => document.querySelector('button')?.click())
    await page.until('connected', () => document.querySelector('li[data-state=connected]'))
    const requested = world.site.requested.filter((path) => path.endsWith('/tccc/login'))
    assert.equal(requested.length, 1)
    assert.ok(world.site.requested.some((path) => path.endsWith('.wasm')))
    await assertQuiet(page)
  })

  test('the screen pop hydrates without a call and shows the one of the hash', async () => {
    const page = await open(`pop.html${POP}100`)
    await page.until('the call', () => document.querySelector('main[data-state=ringing]'))
    assert.match(await page.run(() => document.body.innerText), /刘先生 · 13812345678/)
    await assertQuiet(page)
  })
})
