// The benchmark of the chat still runs; how fast anything was is no matter here.

import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { CompressingProxy } from '../../bench/chat/compressing-proxy.mjs'
import { measure } from '../../bench/chat/measure.mjs'
import { NetworkProxy } from '../../bench/chat/network-proxy.mjs'
import { summarise } from '../../bench/chat/run.mjs'
import { NETWORKS, WAYS } from '../../bench/chat/terms.js'
import { wanted } from './harness/browser.mjs'

test('the benchmark of the chat gives figures of every page over every network', async () => {
  // Those that `cargo xtask bench chat` measures.
  const names = wanted().filter((name) => name !== 'webkit')
  const engines = await measure(1, names)
  assert.equal(engines.length, names.length)
  for (const { browser, networks } of engines) {
    assert.deepEqual(
      networks.map(({ network }) => network),
      NETWORKS.map(({ name }) => name),
    )
    for (const { network, ways } of networks.map(summarise)) {
      for (const way of WAYS)
        for (const [what, { least, median, most }] of Object.entries(ways[way])) {
          const place = `${browser}, ${network}, ${way}, ${what}: ${median}`
          assert.ok(least > 0 && least <= median && median <= most, place)
          assert.ok(Number.isFinite(most), place)
        }
      const { calldock, preloaded, given } = ways
      assert.equal(preloaded.requests.median, calldock.requests.median, 'nothing requested twice')
      assert.equal(given.requests.median, calldock.requests.median - 1, 'no login requested')
    }
  }
})

test('the network carries every byte of all connections in its order, counts them, and is as slow as it says', async () => {
  const answer = Buffer.from(Array.from({ length: 100_000 }, (_, at) => `${at} `).join(''))
  const site = http.createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(answer)
    })
  })
  await new Promise((resolve) => site.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (site.address())
  const compressing = new CompressingProxy(port)
  await compressing.start()
  const network = new NetworkProxy(compressing.port, {
    name: 'a test',
    roundTrip: 4,
    down: 80_000,
    up: 80_000,
  })
  try {
    await network.start()
    const begun = performance.now()
    const bodies = await Promise.all(
      [1, 2, 3].map(() => compressed(network.port, 'x'.repeat(10_000))),
    )
    for (const body of bodies) assert.ok(gunzipSync(body).equals(answer))
    const ms = performance.now() - begun
    const { down, up, connections } = network.take()
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0)
    assert.ok(down > bytes && down < bytes + 3000, `${down} of ${bytes}`)
    assert.ok(up > 30_000 && up < 33_000, String(up))
    assert.deepEqual([connections, compressing.requests], [3, 3])
    // Two round trips, and the bandwidth: the clocks of Node count in whole ms.
    const least = 2 * 4 + (8 * bytes) / 80_000 - 4
    assert.ok(ms > least, `${ms} ms, at least ${least} expected`)
  } finally {
    network.stop()
    compressing.stop()
    site.close()
    site.closeAllConnections()
  }
})

/** The body as it came over the network. @param {number} port @param {string} sent @returns {Promise<Buffer>} */
function compressed(port, sent) {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip' }
    const to = { host: '127.0.0.1', port, method: 'POST', headers, agent: false }
    const request = http.request(to, async (response) => {
      const parts = []
      for await (const part of response) parts.push(part)
      resolve(Buffer.concat(parts))
    })
    request.once('error', reject)
    request.end(sent)
  })
}
