import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireOrder } from '#server/protocol/trading.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { notifiedBy } from '#server/testing/muted-notify.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { at, audit, buy, orderOf, place, sell } from '#server/testing/trading.ts'
import { sessionClock } from './create-market.ts'
import { instruments } from './instruments.ts'
import { pace } from './price-service.ts'

const moves = { TICKS_PER_SECOND: '300' }
const ticks = ({ context }: Pick<TestApp, 'context'>) => context.prices.ticks()
const ticking = (app: Pick<TestApp, 'context'>, more = 100) => {
  const from = ticks(app)
  return eventually(() => ticks(app) > from + more)
}

test('T12: a pace is kept over time, however late its timer is, and a standstill is not made up for.', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let nowMs = 0
  let acts = 0
  const { stop } = pace(
    300,
    () => (acts += 1),
    () => nowMs,
  )
  for (let slice = 0; slice < 1_000; slice += 1) {
    nowMs += slice % 3 === 0 ? 25 : 7.5
    t.mock.timers.tick(10)
  }
  const expected = (nowMs * 300) / 1_000
  assert.ok(Math.abs(acts - expected) <= 1, `${acts} of ${expected}`)
  nowMs += 60_000
  t.mock.timers.tick(10)
  assert.ok(acts - expected <= 151)
  stop()
  nowMs += 1_000
  t.mock.timers.tick(1_000)
  assert.ok(acts - expected <= 151)
})

test('T12: the session clock knows hours, also over midnight; without hours it never closes.', () => {
  const moment = (hour: number, minute = 0) => Date.UTC(2026, 10, 24, hour, minute)
  const day = sessionClock({ from: 8 * 60, to: 22 * 60 })
  assert.deepEqual(
    [day(moment(7, 59)), day(moment(8)), day(moment(21, 59)), day(moment(22))],
    [false, true, true, false],
  )
  const night = sessionClock({ from: 22 * 60, to: 6 * 60 })
  assert.deepEqual(
    [night(moment(23)), night(moment(5, 59)), night(moment(6)), night(moment(21))],
    [true, true, false, false],
  )
  assert.ok(sessionClock()(moment(3)))
})

test('T2: one process makes the prices, the other has them from it; when that one goes, the other makes them.', async (t) => {
  const first = await testApp(t, moves)
  await ticking(first)
  const second = await appOn(t, first.databaseUrl, moves)
  await ticking(second)
  const prices = second.context.prices
  for (const symbol of prices.symbols) {
    const here = await eventually(() => prices.tickOf(symbol))
    assert.equal(here.length, 5)
  }
  const last = first.context.prices.tickOf('NRDX')?.[3] ?? 0
  await first.drain()
  await ticking(second, 500)
  const now = prices.tickOf('NRDX')?.[3] ?? 0
  assert.ok(Math.abs(now - last) < last / 20, 'it goes on from there')
  const person = await signedInPerson({ port: second.port, databaseUrl: first.databaseUrl })
  assert.equal((await place(person, buy(1))).status, 'filled')
})

test('T2: a killed process is followed by another, and the prices go on where they were.', async (t) => {
  const { url } = await testDatabase(t)
  const child = await childApp(t, url, moves)
  const second = await appOn(t, url, moves)
  await ticking(second)
  const before = second.context.prices.tickOf('TSLM')?.[3] ?? 0
  await child.end('SIGKILL')
  await ticking(second, 1_000)
  const after = second.context.prices.tickOf('TSLM')?.[3] ?? 0
  assert.ok(Math.abs(after - before) < before / 20)
})

test('T2: while nobody else wants prices, none are published; and none are asked for where they stand.', async (t) => {
  const app = await testApp(t, moves)
  await ticking(app)
  const alone = await publishedBy(app.databaseUrl, 'prices', () => ticking(app, 300))
  assert.equal(alone.length, 0)
  const wanted = await publishedBy(app.databaseUrl, 'prices', async () => {
    await ticking(await appOn(t, app.databaseUrl, { ...moves, ROLES: 'web,gateway' }))
  })
  assert.ok(wanted.length > 0)
  const still = await testApp(t)
  const asked = await publishedBy(still.databaseUrl, 'prices-wanted', async () => {
    await appOn(t, still.databaseUrl, { ROLES: 'web,gateway' })
  })
  assert.deepEqual(asked, [])
})

test('T2: while Postgres is away the prices go on, and when it is back the candles do.', async (t) => {
  const cluster = await testCluster(t)
  const app = await appOn(t, cluster.url, moves)
  await ticking(app)
  await cluster.stop()
  await ticking(app, 1_000)
  await cluster.start()
  await ticking(app, 1_000)
  const { prisma } = app.context.database
  const lastCandle = () =>
    prisma.$queryRaw<{ at: Date; closeMinor: number }[]>`
      SELECT at, "closeMinor" FROM candle WHERE symbol = 'NRDX' AND interval = '1m' ORDER BY at DESC LIMIT 1`
  const before = await eventually(() => lastCandle().catch(() => false as const))
  await eventually(async () => JSON.stringify(await lastCandle()) !== JSON.stringify(before))
})

test('T12: at 2,000 ticks a second the rate is kept, and the work for it is a small part of a core.', async (t) => {
  const app = await testApp(t, { TICKS_PER_SECOND: '2000' })
  await ticking(app)
  const [from, beganAt, cpu] = [ticks(app), performance.now(), process.cpuUsage()]
  await ticking(app, 6_000)
  const seconds = (performance.now() - beganAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const rate = (ticks(app) - from) / seconds
  assert.ok(rate > 1_500 && rate < 2_100, `${rate} a second`)
  assert.ok((user + system) / 1e6 / seconds < 0.35, `${(user + system) / 1e4 / seconds} % of a core`)
})

test('T7: at moving prices an order just off the market is soon filled, and a new start goes on from the last price.', async (t) => {
  const { url } = await testDatabase(t)
  const settings = { TICKS_PER_SECOND: '2000', ORDERS_PER_SECOND: '1000' }
  const app = await appOn(t, url, settings)
  await ticking(app)
  const person = await signedInPerson({ port: app.port, databaseUrl: url })
  const { prices } = app.context
  const orders: WireOrder[] = []
  for (const { symbol } of instruments) {
    await place(person, buy(1, symbol))
    const [, bid, ask] = prices.tickOf(symbol) ?? ['', 0, 0]
    orders.push(
      await place(person, at(ask - 1, buy(1, symbol))),
      await place(person, at(bid + 1, sell(1, symbol))),
    )
  }
  await eventually(async () => {
    const now = await Promise.all(orders.map((order) => orderOf(person, order)))
    return now.filter(({ status }) => status === 'filled').length > 10
  })
  const last = prices.tickOf('NRDX')?.[3] ?? 0
  await app.drain()
  await audit(url)
  const again = await appOn(t, url, settings)
  const first = await eventually(() => again.context.prices.tickOf('NRDX')?.[3])
  assert.ok(Math.abs(first - last) <= 20, `${last}, then ${first}`)
})

/** The notifications on a backplane channel that a database's nodes send while `work` runs. */
async function publishedBy(url: string, channel: string, work: () => Promise<unknown>): Promise<string[]> {
  const payloads = await notifiedBy(url, 'wireside_backplane', work)
  return payloads.filter((payload) => payload.includes(`["${channel}",`))
}
