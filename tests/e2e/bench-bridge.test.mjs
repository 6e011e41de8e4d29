// The benchmark of the bridge still runs; how fast anything was is no matter here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure } from '../../bench/bridge/measure.mjs'
import { summarise } from '../../bench/bridge/summary.mjs'
import { WAYS } from '../../bench/bridge/terms.js'

test('the benchmark of the bridge gives figures of every way', async () => {
  const terms = { batches: 1, batch: 5, bursts: 1, burst: 5 }
  const { rounds } = await measure(2, terms)
  assert.equal(rounds.length, 2)
  const ways = summarise(rounds, terms.burst)
  for (const way of WAYS)
    for (const what of /** @type {const} */ (['first', 'each', 'perSecond'])) {
      const { least, median, most } = ways[way][what]
      assert.ok(least > 0 && least <= median && median <= most, `${way}, ${what}`)
      assert.ok(Number.isFinite(most), `${way}, ${what}`)
    }
})
