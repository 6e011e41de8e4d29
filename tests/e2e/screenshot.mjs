// Makes docs/images/host-page.png, the README's picture: the host page while a customer calls.
// `cargo xtask build && cargo build -p calldock-server -p calldock-edge -p calldock-doubles`, then
// `node tests/e2e/screenshot.mjs`.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { View } from './harness/page.mjs'
import { World } from './harness/world.mjs'

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url))
/** A README is fetched by everyone who looks at the project. */
const LIMIT = 200_000

const world = new World('chromium', { playground: true })
try {
  await world.start()
  await world.reset()
  const chromium = /** @type {import('selenium-webdriver/chrome.js').Driver} */ (world.driver)
  await chromium.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', {
    ...{ width: 1280, height: 800, deviceScaleFactor: 1, mobile: false },
  })
  await chromium.sendDevToolsCommand('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ],
  })
  await world.driver.get(`${world.playground}/?lang=en&open=1`)
  const page = new View(world.driver)
  await page.until(
    'the workbench',
    () =>
      /** @type {HTMLElement | null} */ (document.querySelector('[data-testid=connection]'))
        ?.dataset.phase === 'ready',
  )
  await world.doubles.control('ring', { mobile: '13800000001', nickName: 'Mr Liu' })
  await page.until('the ringing call', () =>
    document
      .querySelector('calldock-inspector')
      ?.shadowRoot?.querySelector('[data-name="event.incoming"]'),
  )
  await page.until('the answer button', () =>
    document.querySelector('t3c-sdk')?.shadowRoot?.querySelector('[data-testid=tccc-answer]'),
  )
  const picture = Buffer.from(await world.driver.takeScreenshot(), 'base64')
  assert.ok(picture.length < LIMIT, `expected less than ${LIMIT} bytes, found ${picture.length}`)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}host-page.png`, picture)
  console.log(`docs/images/host-page.png: ${picture.length} bytes`)
} finally {
  await world.stop()
}
