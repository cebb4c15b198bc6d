import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPriceFlow } from './price-flow.ts'

test('prices and batches a second are the mean over the last ten seconds', () => {
  const flow = createPriceFlow(0)
  for (let atMs = 0; atMs < 20_000; atMs += 50) flow.count(15, atMs)
  const { pricesPerSecond, batchesPerSecond, prices, batches } = flow.read(19_999)
  assert.deepEqual([pricesPerSecond, batchesPerSecond], [300, 20])
  assert.deepEqual([prices.length, prices.at(-1), batches.at(-1)], [100, 30, 2])
})

test('before ten seconds have passed, the mean is over those that have', () => {
  const flow = createPriceFlow(1_000_000)
  for (let atMs = 0; atMs < 2_000; atMs += 50) flow.count(15, 1_000_000 + atMs)
  assert.equal(flow.read(1_002_000).pricesPerSecond, 300)
})

test('what is older than ten seconds is forgotten, also after a silence', () => {
  const flow = createPriceFlow(0)
  flow.count(500, 10)
  assert.equal(flow.read(9_900).pricesPerSecond > 0, true)
  assert.equal(flow.read(10_100).pricesPerSecond, 0)
  flow.count(100, 500_000)
  assert.equal(flow.read(500_050).pricesPerSecond, 10)
})

test('the newest tenth of a second stands last', () => {
  const flow = createPriceFlow(0)
  flow.count(1, 12_340)
  flow.count(2, 12_440)
  assert.deepEqual(flow.read(12_440).prices.slice(-2), [1, 2])
})
