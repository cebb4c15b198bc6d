import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '#server/database/pool.ts'
import type {
  CandleInterval,
  WireCandle,
  WireCandleList,
  WireInstrument,
  WireTick,
} from '#server/protocol/trading.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { quote } from '#server/testing/trading.ts'
import { backFill, openCandles } from './back-fill.ts'
import { createCandleMaker } from './candle-maker.ts'
import { instruments } from './instruments.ts'
import { readCandles } from './read-candles.ts'
import { forgetOldCandles, storeCandles } from './store-candles.ts'

const app = await fileApp()
const { prisma } = app.context.database
const market = { seed: 1, ticksPerSecond: 300, instruments }
const firstMs = Date.now()
const before = process.cpuUsage()
const prices = await backFill({ db: prisma, ...market, nowMs: firstMs })
const { user, system } = process.cpuUsage(before)
const person = await signedInPerson(app)

test('T13: the first start fills two days of minutes, two months of hours and a year of days, with a second or two of work.', async () => {
  // CPU time of this process, not wall time: the machine may be busy.
  assert.ok(user + system < 3_000_000, `${user + system} µs`)
  const counted = await prisma.$queryRaw<{ interval: string; least: bigint; most: bigint }[]>`
    SELECT interval, min(n) AS least, max(n) AS most
    FROM (SELECT symbol, interval, count(*) AS n FROM candle GROUP BY 1, 2) c GROUP BY 1 ORDER BY 1`
  const least = new Map(counted.map((row) => [row.interval, Number(row.least)]))
  assert.ok((least.get('1m') ?? 0) >= 2_880)
  assert.ok((least.get('1h') ?? 0) >= 60 * 24)
  assert.ok((least.get('1d') ?? 0) >= 365)
  for (const { least: one, most } of counted) assert.equal(one, most)
  for (const { symbol, startMinor } of instruments) assert.equal(prices.get(symbol), startMinor)
})

test('T13: filled twice, nothing changes; another seed tells another history.', async (t) => {
  const digest = () => prisma.$queryRaw`SELECT md5(string_agg(c::text, '' ORDER BY c::text)) FROM candle c`
  const before = await digest()
  assert.deepEqual(await backFill({ db: prisma, ...market, nowMs: firstMs }), prices)
  assert.deepEqual(await digest(), before)
  const { url } = await testDatabase(t)
  const other = openDatabase(url)
  t.after(other.close)
  await backFill({ db: other.prisma, ...market, instruments: instruments.slice(0, 1), nowMs: firstMs })
  const closes = async (db: typeof prisma) => {
    const { items } = await readCandles(db, { symbol: 'NRDX', interval: '1d' })
    return items.map(({ at, closeMinor }) => [at, closeMinor])
  }
  assert.deepEqual(await closes(other.prisma), await closes(prisma))
  await other.prisma.candle.deleteMany()
  await backFill({
    db: other.prisma,
    ...market,
    seed: 2,
    instruments: instruments.slice(0, 1),
    nowMs: firstMs,
  })
  assert.notDeepEqual(await closes(other.prisma), await closes(prisma))
})

for (const [interval, width] of [
  ['1m', 60],
  ['5m', 300],
  ['15m', 900],
  ['1h', 3_600],
  ['1d', 86_400],
] as const) {
  test(`T14: candles of ${interval} come in pages, oldest first, without a gap and each once.`, async () => {
    const all = await allCandles(person, 'NRDX', interval)
    assert.ok(all.length > 150)
    for (const [nth, candle] of all.entries()) {
      assert.equal(candle.at % width, 0)
      assert.equal(candle.at, (all[0]?.at ?? 0) + nth * width)
      assert.ok(candle.lowMinor <= Math.min(candle.openMinor, candle.closeMinor))
      assert.ok(candle.highMinor >= Math.max(candle.openMinor, candle.closeMinor))
      if (nth > 0) assert.equal(candle.openMinor, all[nth - 1]?.closeMinor)
    }
    assert.equal(all.at(-1)?.closeMinor, 8_442)
  })
}

test('T14: a candle of several minutes is what its minutes were.', async () => {
  const minutes = await allCandles(person, 'HELX', '1m')
  for (const [interval, width] of [
    ['5m', 300],
    ['15m', 900],
    ['1h', 3_600],
  ] as const) {
    const whole = (await allCandles(person, 'HELX', interval)).slice(-20)
    for (const candle of whole) {
      const own = minutes.filter(({ at }) => at >= candle.at && at < candle.at + width)
      assert.deepEqual(candle, {
        at: candle.at,
        openMinor: own[0]?.openMinor,
        highMinor: Math.max(...own.map((one) => one.highMinor)),
        lowMinor: Math.min(...own.map((one) => one.lowMinor)),
        closeMinor: own.at(-1)?.closeMinor,
        volume: own.reduce((sum, one) => sum + one.volume, 0),
      })
    }
  }
})

test('T13: after a stop of minutes, of days and of a month the candles go on from the last price, without a gap.', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(url)
  t.after(database.close)
  const db = database.prisma
  const some = instruments.slice(0, 2)
  let nowMs = firstMs
  await backFill({ db, ...market, instruments: some, nowMs })
  for (const minutesAway of [3, 90, 3 * 1_440 + 17, 30 * 1_440]) {
    nowMs += minutesAway * 60_000
    const goOn = await backFill({ db, ...market, instruments: some, nowMs })
    for (const [interval, width] of [
      ['1m', 60],
      ['1h', 3_600],
      ['1d', 86_400],
    ] as const) {
      const { items } = await readCandles(db, { symbol: 'NRDX', interval })
      assert.equal(items.at(-1)?.closeMinor, goOn.get('NRDX'))
      for (const [nth, { at, openMinor }] of items.entries()) {
        if (nth === 0) continue
        assert.equal(at - (items[nth - 1]?.at ?? 0), width, `${interval} after ${minutesAway}`)
        assert.equal(openMinor, items[nth - 1]?.closeMinor)
      }
    }
  }
})

test('T13: ticks make candles of a minute, an hour and a day, which go on after a restart.', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(url)
  t.after(database.close)
  const db = database.prisma
  const noonMs = Date.UTC(2026, 10, 24, 12)
  const tick = (last: number, size: number): WireTick => ['NRDX', last - 1, last + 1, last, size]
  const first = createCandleMaker()
  first.add(tick(100, 1), noonMs)
  first.add(tick(90, 2), noonMs + 30_000)
  first.add(tick(120, 3), noonMs + 59_999)
  first.add(tick(110, 4), noonMs + 60_000)
  const taken = first.take()
  assert.deepEqual(first.take(), [])
  assert.equal(taken.length, 4)
  first.giveBack(taken.slice(0, 1))
  assert.deepEqual(first.take(), taken.slice(0, 1), 'what could not be stored is taken again')
  await storeCandles(db, taken)

  const second = createCandleMaker()
  for (const candle of await openCandles(db, noonMs + 70_000)) second.resume(candle)
  second.add(tick(80, 5), noonMs + 75_000)
  await storeCandles(db, second.take())
  const minutes = (await readCandles(db, { symbol: 'NRDX', interval: '1m' })).items
  const at = noonMs / 1_000
  assert.deepEqual(minutes, [
    { at, openMinor: 100, highMinor: 120, lowMinor: 90, closeMinor: 120, volume: 6 },
    { at: at + 60, openMinor: 110, highMinor: 110, lowMinor: 80, closeMinor: 80, volume: 9 },
  ])
  for (const interval of ['1h', '1d'] as const) {
    const { items } = await readCandles(db, { symbol: 'NRDX', interval })
    const [open] = items
    assert.deepEqual(
      [items.length, open?.openMinor, open?.highMinor, open?.lowMinor, open?.closeMinor, open?.volume],
      [1, 100, 120, 80, 80, 15],
    )
  }
  await forgetOldCandles(db)
  assert.equal(
    (await readCandles(db, { symbol: 'NRDX', interval: '1m' })).items.length,
    noonMs > Date.now() - 7 * 86_400_000 ? 2 : 0,
  )
})

test('T14: the instruments come with their price, that of a day ago, and the last hour.', async () => {
  quote(app, 'HELX', 21_000, 21_004)
  const answer = await person.get('/api/instruments')
  const list = (await answer.json()) as WireInstrument[]
  assert.deepEqual(
    list.map(({ symbol }) => symbol),
    instruments.map(({ symbol }) => symbol),
  )
  const minutes = await allCandles(person, 'HELX', '1m')
  const helx = list.find(({ symbol }) => symbol === 'HELX')
  assert.ok(helx)
  const { recent, openMinor, ...now } = helx
  assert.deepEqual(now, {
    ...{ symbol: 'HELX', name: 'Helix Bio', currency: 'EUR', tickMinor: 1 },
    ...{ bidMinor: 21_000, askMinor: 21_004, lastMinor: 21_000, size: 100 },
  })
  assert.deepEqual(
    recent,
    minutes.slice(-60).map(({ closeMinor }) => closeMinor),
  )
  const aDayAgo = minutes.filter(({ at }) => at >= Date.now() / 1_000 - 86_400)[0]
  assert.ok(
    [aDayAgo?.openMinor, minutes[minutes.indexOf(aDayAgo as WireCandle) - 1]?.openMinor].includes(openMinor),
  )
  const nrdx = list[0]
  assert.deepEqual(
    [nrdx?.bidMinor, nrdx?.askMinor, nrdx?.lastMinor],
    [8_442, 8_443, 8_442],
    'before the first tick',
  )
})

test('T14: what is no interval, no moment or no instrument is refused; a moment before all history has no candles.', async () => {
  const path = '/api/instruments/NRDX/candles'
  for (const query of [
    '',
    '?interval=2m',
    '?interval=1m&before=x',
    '?interval=1m&before=-1',
    '?interval=1m&before=1e9',
  ]) {
    await expectProblem(await person.get(path + query), 400, 'invalid-parameter')
  }
  for (const symbol of ['NOPE', 'nrdx', '%00', 'NRDX%20']) {
    await expectProblem(await person.get(`/api/instruments/${symbol}/candles?interval=1m`), 404, 'not-found')
  }
  for (const before of ['0', '1', '99999999999']) {
    const answer = await person.get(`${path}?interval=15m&before=${before}`)
    assert.equal(answer.status, 200)
    const { items } = (await answer.json()) as WireCandleList
    assert.equal(items.length > 0, before === '99999999999')
  }
  const stranger = await fetch(`http://127.0.0.1:${app.port}/api/instruments`)
  await expectProblem(stranger, 401, 'unauthenticated')
})

async function allCandles(reader: Person, symbol: string, interval: CandleInterval): Promise<WireCandle[]> {
  const all: WireCandle[] = []
  for (let before = ''; ; ) {
    const answer = await reader.get(`/api/instruments/${symbol}/candles?interval=${interval}${before}`)
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    const { items, nextBefore } = JSON.parse(text) as WireCandleList
    assert.ok(items.length <= 300)
    all.unshift(...items)
    if (nextBefore === null) return all
    before = `&before=${nextBefore}`
  }
}
