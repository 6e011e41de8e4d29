// The benchmark of the growth still runs; how fast anything was is no matter here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure } from '../../bench/growth/measure.mjs'
import { perDoubling, summarise } from '../../bench/growth/run.mjs'
import { DIMENSIONS } from '../../bench/growth/terms.js'

test('the benchmark of the growth gives figures of every dimension', async () => {
  const { dimensions } = await measure(1, (sizes) => sizes.slice(0, 2))
  assert.deepEqual(
    dimensions.map(({ name }) => name),
    Object.keys(DIMENSIONS),
  )
  for (const { name, points } of dimensions.map(summarise)) {
    assert.deepEqual(
      points.map(({ size }) => size),
      DIMENSIONS[name].sizes.slice(0, 2),
    )
    for (const { size, start, step } of points)
      for (const { least, median, most } of [start, step]) {
        assert.ok(least > 0 && least <= median && median <= most, `${name}, ${size}: ${least}`)
        assert.ok(Number.isFinite(most), `${name}, ${size}`)
      }
  }
})

test('what grows per doubling is told from two sizes', () => {
  const point = (/** @type {number} */ size, /** @type {number} */ median) => {
    const step = { least: median, median, most: median }
    return { size, step, start: step, heap: 0 }
  }
  assert.equal(perDoubling(point(10, 3), point(1000, 3)), 1)
  assert.equal(perDoubling(point(10, 3), point(20, 6)), 2)
  assert.equal(perDoubling(point(1, 1), point(4, 16)), 4)
})
