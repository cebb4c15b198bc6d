import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { LocalTimeScale } from './candle-chart.ts'
import { candleTime } from './candle-time.ts'

const zoneBefore = process.env.TZ
before(() => {
  process.env.TZ = 'America/New_York'
})
after(() => {
  if (zoneBefore === undefined) delete process.env.TZ
  else process.env.TZ = zoneBefore
})

const day = 86_400
const hour = 3_600
const midnight = Date.UTC(2026, 10, 30) / 1_000

test("A day's candle has its own date, west of Greenwich too.", () => {
  assert.equal(candleTime(midnight, '1d'), '30 Nov 2026')
  assert.equal(candleTime(midnight + day, '1d'), '1 Dec 2026')
})

test("An hour's candle is on the reader's clock.", () => {
  assert.equal(candleTime(midnight, '1h'), '29 Nov 19:00')
})

for (const [name, from] of [
  ['a day', midnight],
  ['the day on which clocks go back', Date.UTC(2026, 10, 1) / 1_000],
] as const) {
  test(`The mark of ${name} stands at the reader's midnight.`, () => {
    const scale = new LocalTimeScale()
    const points = Array.from({ length: 24 }, (_, nth) => ({
      time: scale.convertHorzItemToInternal((from + nth * hour) as never),
      timeWeight: 0 as never,
      originalTime: from + nth * hour,
    }))
    scale.fillWeightsForPoints(points.slice(0, 3), 0)
    scale.fillWeightsForPoints(points, 3)
    const heaviest = points.slice(1).reduce((one, other) => (other.timeWeight > one.timeWeight ? other : one))
    assert.equal(new Date(heaviest.originalTime * 1_000).getHours(), 0)
  })
}
