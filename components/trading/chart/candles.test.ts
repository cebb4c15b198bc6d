import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireCandle } from '#server/protocol/trading.ts'
import { candleAfter, mergedLast, withNewest, withOlder } from './candles.ts'

test('a trade moves the candle of its interval', () => {
  const after = candleAfter(candle(600, 100), { atMs: 659_999, priceMinor: 130, size: 5 }, 60)
  assert.deepEqual(after, {
    at: 600,
    openMinor: 100,
    highMinor: 130,
    lowMinor: 90,
    closeMinor: 130,
    volume: 15,
  })
})

test('the first trade of the next interval begins a candle where the last one closed', () => {
  const after = candleAfter(candle(600, 100), { atMs: 660_000, priceMinor: 80, size: 5 }, 60)
  assert.deepEqual(after, {
    at: 660,
    openMinor: 100,
    highMinor: 100,
    lowMinor: 80,
    closeMinor: 80,
    volume: 5,
  })
})

test('a trade that is older than the newest candle moves nothing', () => {
  assert.equal(candleAfter(candle(600, 100), { atMs: 599_999, priceMinor: 80, size: 5 }, 60), undefined)
})

test('what the server tells of the newest replaces what ticks made of them', () => {
  const known = { items: [candle(0, 1), candle(60, 2), candle(120, 3)], nextBefore: 'c' }
  const newest = { items: [candle(60, 20), candle(120, 30), candle(180, 40)], nextBefore: 'd' }
  const { items, nextBefore } = withNewest(known, newest)
  assert.deepEqual(
    items.map(({ at, openMinor }) => [at, openMinor]),
    [
      [0, 1],
      [60, 20],
      [120, 30],
      [180, 40],
    ],
  )
  assert.equal(nextBefore, 'c')
})

test('after so long a time that candles are missing between, only the newest are left', () => {
  const known = { items: [candle(0, 1), candle(60, 2)], nextBefore: 'c' }
  const newest = { items: [candle(6_000, 20)], nextBefore: 'd' }
  assert.deepEqual(withNewest(known, newest), newest)
})

test('older ones stand before what is known, each once', () => {
  const known = { items: [candle(120, 3)], nextBefore: 'c' }
  const { items, nextBefore } = withOlder(known, {
    items: [candle(60, 2), candle(120, 9)],
    nextBefore: null,
  })
  assert.deepEqual([items.map(({ at }) => at), nextBefore], [[60, 120], null])
})

test('of the newest candle, neither what the server saw nor what came since is lost', () => {
  const live = { at: 60, openMinor: 5, highMinor: 150, lowMinor: 95, closeMinor: 149, volume: 4 }
  assert.deepEqual(mergedLast(candle(60, 100), live), {
    at: 60,
    openMinor: 100,
    highMinor: 150,
    lowMinor: 90,
    closeMinor: 149,
    volume: 10,
  })
})

function candle(at: number, openMinor: number): WireCandle {
  return { at, openMinor, highMinor: 120, lowMinor: 90, closeMinor: openMinor, volume: 10 }
}
