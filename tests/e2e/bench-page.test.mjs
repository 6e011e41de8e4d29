// The benchmark of the page still runs; how fast anything was is no matter here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NETWORKS } from '../../bench/chat/terms.js'
import { measure } from '../../bench/page/measure.mjs'
import { summarise } from '../../bench/page/run.mjs'
import { KINDS, waysOf } from '../../bench/page/terms.js'
import { wanted } from './harness/browser.mjs'

test('the benchmark of the page gives figures of every page and step in every engine', async () => {
  // Those that `cargo xtask bench page` measures.
  const names = wanted().filter((name) => name !== 'webkit')
  const engines = await measure({ openings: 1, changes: 2, batches: 2, batch: 20 }, names)
  assert.equal(engines.length, names.length)
  for (const measured of engines) {
    const { browser, openMs, bootMs, deliveredMs, readMicroseconds } = summarise(measured)
    assert.deepEqual(
      bootMs.map(({ network, boot }) => `${network}, ${boot}`),
      NETWORKS.flatMap(({ name }) => KINDS.map((boot) => `${name}, ${boot}`)),
    )
    for (const { boot, ways } of bootMs)
      assert.deepEqual(
        Object.keys(ways),
        waysOf(boot).map(([way]) => way),
      )
    const all = [
      ...openMs.flatMap(({ calldock, started, hand }) => [calldock, started, hand]),
      ...bootMs.flatMap(({ ways }) => Object.values(ways)),
      ...[deliveredMs, readMicroseconds.calldock, readMicroseconds.hand],
    ]
    for (const { least, median, most } of all) {
      assert.ok(least > 0 && least <= median && median <= most, `${browser}: ${least}`)
      assert.ok(Number.isFinite(most), browser)
    }
    // A connection, the page, and a request of the page: a round trip for each. Timers may be 1 ms early.
    for (const [at, { roundTrip }] of NETWORKS.entries())
      for (const { ways } of bootMs.slice(at * KINDS.length, (at + 1) * KINDS.length))
        for (const { least } of Object.values(ways))
          assert.ok(least > 2.9 * roundTrip, `${browser}: ${least} ms over ${roundTrip} ms`)
  }
})
