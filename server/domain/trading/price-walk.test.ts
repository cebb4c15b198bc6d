import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireTick } from '#server/protocol/trading.ts'
import { candleHistory } from './candle-history.ts'
import { instruments } from './instruments.ts'
import { createPriceWalk } from './price-walk.ts'
import { createRandom } from './random.ts'

function ticksOf(seed: number, count: number, more: { lastMinor?: Map<string, number> } = {}): WireTick[] {
  const walk = createPriceWalk({ seed, ticksPerSecond: 300, instruments, ...more })
  return Array.from({ length: count }, () => walk.next())
}

test('T12: the same seed gives the same ticks, another seed others, and another beginning others too.', () => {
  const ticks = ticksOf(1, 5_000)
  assert.deepEqual(ticksOf(1, 5_000), ticks)
  assert.notDeepEqual(ticksOf(2, 5_000), ticks)
  const lastMinor = new Map([['NRDX', 8_442]])
  assert.notDeepEqual(ticksOf(1, 5_000, { lastMinor }), ticks)
})

test('T12: the first ticks of seed 1 are these, on every machine.', () => {
  assert.deepEqual(ticksOf(1, 3), [
    ['EMBR', 1_460, 1_461, 1_461, 210],
    ['NRDX', 8_441, 8_443, 8_443, 417],
    ['ARGO', 1_872, 1_873, 1_873, 3_365],
  ])
})

test('T12: a tick is whole: bid below ask, the last between them, all at least 2, a size of at least 1.', () => {
  const cheap = instruments.map((instrument) => ({ ...instrument, startMinor: 3 }))
  for (const market of [instruments, cheap]) {
    const walk = createPriceWalk({ seed: 7, ticksPerSecond: 10, instruments: market })
    for (let nth = 0; nth < 100_000; nth += 1) {
      const [, ...numbers] = walk.next()
      const [bid, ask, last, size] = numbers
      assert.ok(numbers.every(Number.isSafeInteger))
      assert.ok(bid >= 2 && bid < ask && last >= bid && last <= ask && size >= 1, String(numbers))
    }
  }
})

test('T12: a day is as volatile at 10 ticks a second as at 100, and as volatile as the instrument is said to be.', () => {
  for (const ticksPerSecond of [10, 100]) {
    const ratios = instruments.slice(0, 6).map((instrument) => {
      const returns = minuteReturns(instrument, ticksPerSecond, 8 * 60)
      const deviation = Math.sqrt(mean(returns.map((one) => one * one)) * 1_440)
      return deviation / instrument.volatility
    })
    const ratio = mean(ratios)
    assert.ok(ratio > 0.7 && ratio < 1.4, `${ticksPerSecond} ticks a second: ${ratio}`)
  }
})

test('T12: volatility clusters: squared returns of minutes go together with those before, returns do not.', () => {
  const both = instruments.slice(0, 8).map((instrument) => {
    const returns = minuteReturns(instrument, 4, 48 * 60)
    return { plain: correlation(returns), squared: correlation(returns.map((one) => one * one)) }
  })
  const squared = mean(both.map((one) => one.squared))
  const plain = mean(both.map((one) => one.plain))
  assert.ok(squared > 0.1, `squared: ${squared}`)
  assert.ok(Math.abs(plain) < 0.05, `plain: ${plain}`)
})

test('T12: the spread widens when the price moves more, and sizes are skewed as a log-normal is.', () => {
  const [nrdx] = instruments
  assert.ok(nrdx)
  const walk = createPriceWalk({ seed: 3, ticksPerSecond: 1, instruments: [nrdx] })
  const ticks = Array.from({ length: 200_000 }, () => walk.next())
  const windows = Array.from({ length: 1_000 }, (_, nth) => ticks.slice(nth * 200, (nth + 1) * 200)).map(
    (some) => ({
      spread: mean(some.map(([, bid, ask]) => ask - bid)),
      moved: mean(some.slice(1).map(([, bid], nth) => Math.abs(bid - (some[nth]?.[1] ?? bid)))),
    }),
  )
  const [calm, hot] = halves(windows.toSorted((one, other) => one.moved - other.moved))
  assert.ok(mean(hot.map((one) => one.spread)) > 1.2 * mean(calm.map((one) => one.spread)))
  const sizes = ticks.map(([, , , , size]) => size).sort((one, other) => one - other)
  const median = sizes[sizes.length / 2] ?? 0
  assert.ok(median > 0.7 * nrdx.typicalSize && median < 1.5 * nrdx.typicalSize, `median ${median}`)
  assert.ok(mean(sizes) > 1.2 * median)
})

test('T13: history is the same each time, without a gap, and ends at the price at which the walk begins.', () => {
  const [instrument] = instruments
  assert.ok(instrument)
  const toAt = 1_795_525_980
  const fromAt = toAt - (toAt % 86_400) - 365 * 86_400
  const span = { seed: 1, instrument, fromAt, toAt, ticksPerSecond: 30, lastMinor: 8_442 }
  const candles = [...candleHistory(span)]
  assert.deepEqual([...candleHistory(span)], candles)
  assert.equal(candles[0]?.at, fromAt)
  assert.equal(candles.at(-1)?.closeMinor, 8_442)
  for (const [nth, candle] of candles.entries()) {
    const { openMinor, highMinor, lowMinor, closeMinor, volume } = candle
    const width = { '1m': 60, '1h': 3_600, '1d': 86_400 }[candle.interval]
    assert.equal(candle.at % width, 0)
    assert.equal(candle.at + width, candles[nth + 1]?.at ?? toAt)
    assert.ok(lowMinor >= 2 && lowMinor <= Math.min(openMinor, closeMinor))
    assert.ok(highMinor >= Math.max(openMinor, closeMinor) && volume > 0)
    assert.equal(openMinor, candles[nth - 1]?.closeMinor ?? openMinor)
  }
  const minutes = candles.filter(({ interval }) => interval === '1m').length
  assert.ok(minutes >= 2_880 && minutes < 2_940)
})

test('Chance that is none: evenly spread and normal numbers, the same for the same seed.', () => {
  const random = createRandom('seed')
  const [even, normal] = [[], []] as [number[], number[]]
  for (let nth = 0; nth < 100_000; nth += 1) {
    even.push(random.uniform())
    normal.push(random.normal())
  }
  assert.ok(even.every((one) => one >= 0 && one < 1))
  assert.ok(Math.abs(mean(even) - 0.5) < 0.005)
  assert.ok(Math.abs(mean(normal)) < 0.02)
  assert.ok(Math.abs(mean(normal.map((one) => one * one)) - 1) < 0.02)
  assert.ok(Math.abs(mean(normal.map((one) => one ** 4)) - 3) < 0.2)
  assert.ok(Math.abs(correlation(normal)) < 0.02)
})

/** From the mid price, so that bid-ask bounce does not count. */
function minuteReturns(
  instrument: (typeof instruments)[number],
  ticksPerSecond: number,
  minutes: number,
): number[] {
  // Fine-grained, so that rounding to cents does not count either.
  const fine = { ...instrument, startMinor: instrument.startMinor * 1_000 }
  const walk = createPriceWalk({ seed: 5, ticksPerSecond, instruments: [fine] })
  const returns: number[] = []
  let before = fine.startMinor
  for (let minute = 0; minute < minutes; minute += 1) {
    let middle = before
    for (let nth = 0; nth < 60 * ticksPerSecond; nth += 1) {
      const [, bid, ask] = walk.next()
      middle = (bid + ask) / 2
    }
    returns.push(Math.log(middle / before))
    before = middle
  }
  return returns
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}

/** Lag-1 autocorrelation. */
function correlation(numbers: readonly number[]): number {
  const middle = mean(numbers)
  const off = numbers.map((one) => one - middle)
  const together = off.slice(1).reduce((sum, one, nth) => sum + one * (off[nth] ?? 0), 0)
  return together / off.reduce((sum, one) => sum + one * one, 0)
}

function halves<T>(list: readonly T[]): [T[], T[]] {
  return [list.slice(0, list.length / 2), list.slice(list.length / 2)]
}
