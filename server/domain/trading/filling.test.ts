import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { WireOrder } from '#server/protocol/trading.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { muteNotify } from '#server/testing/muted-notify.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { notificationsOf } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn, fileApp, testApp } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import {
  accountEntries,
  accountOf,
  at,
  audit,
  auditAfterEach,
  buy,
  orderOf,
  place,
  quote,
  sell,
} from '#server/testing/trading.ts'

const app = await fileApp({ ORDERS_PER_SECOND: '100000' })
auditAfterEach(app.databaseUrl)

test('T7: a resting order is filled whole when a price crosses it, at its limit or better, and rings the bell once.', async () => {
  quote(app, 'NRDX', 9_999, 10_000)
  const person = await signedInPerson(app)
  const bid = await place(person, at(9_500, buy(10)))
  const lower = await place(person, at(9_400, buy(10)))
  quote(app, 'NRDX', 9_499, 9_501)
  quote(app, 'NRDX', 9_489, 9_490)
  const filled = await eventually(async () => {
    const now = await orderOf(person, bid)
    return now.status === 'filled' && now
  })
  assert.deepEqual([filled.priceMinor, filled.filledQuantity], [9_490, 10])
  assert.equal((await orderOf(person, lower)).status, 'working')
  const account = await accountOf(person)
  assert.deepEqual([account.heldMinor, account.positions[0]?.costMinor], [94_000, 94_900])

  const offer = await place(person, at(9_600, sell(10)))
  quote(app, 'NRDX', 9_600, 9_601)
  await eventually(async () => (await orderOf(person, offer)).status === 'filled')
  const { items } = await notificationsOf(person)
  assert.deepEqual(
    items.map(({ kind, data }) => ({ kind, data })),
    [
      {
        kind: 'order',
        data: { orderId: offer.id, symbol: 'NRDX', side: 'sell', quantity: 10, priceMinor: 9_600 },
      },
      {
        kind: 'order',
        data: { orderId: bid.id, symbol: 'NRDX', side: 'buy', quantity: 10, priceMinor: 9_490 },
      },
    ],
  )
  assert.equal((await accountOf(person)).realisedMinor, 1_100)
  const types = (await accountEntries(person)).map(({ type }) => type)
  assert.deepEqual(types, [
    ...['account.opened', 'order.placed', 'order.placed', 'order.filled', 'order.placed', 'order.filled'],
  ])
})

test('T7: users take turns: the orders of one that a price crosses hold up another’s by no more than one of theirs.', async () => {
  quote(app, 'HELX', 9_999, 10_000)
  const [crowd, other] = [await signedInPerson(app), await signedInPerson(app)]
  const theirs: WireOrder[] = []
  for (let nth = 0; nth < 40; nth += 1) theirs.push(await place(crowd, at(9_500, buy(1, 'HELX'))))
  const mine = await place(other, at(9_500, buy(1, 'HELX')))
  await eventually(
    async () =>
      (await app.context.database.prisma.tradeOrder.count({
        where: { status: 'working', symbol: 'HELX' },
      })) === 41,
  )
  quote(app, 'HELX', 9_489, 9_490)
  const filled = await eventually(async () => {
    const now = await orderOf(other, mine)
    return now.status === 'filled' && now
  })
  const before = await app.context.database.prisma.tradeOrder.count({
    where: { userId: crowd.id, status: 'filled', endedAt: { lt: new Date(filled.endedAt ?? 0) } },
  })
  assert.ok(before <= 5, `${before} of the crowd's came first`)
  await eventually(async () => (await accountOf(crowd)).orders.length === 0)
  assert.equal(theirs.length, 40)
})

test('T7: what is filled as it is placed rings no bell.', async () => {
  const person = await signedInPerson(app)
  quote(app, 'NRDX', 9_999, 10_000)
  await place(person, buy(1))
  await place(person, at(11_000, buy(1)))
  const fence = await place(person, at(9_000, buy(1)))
  quote(app, 'NRDX', 8_000)
  await eventually(async () => (await orderOf(person, fence)).status === 'filled')
  assert.equal((await notificationsOf(person)).items.length, 1)
})

test('T7: one that was placed through another process is filled; so is one whose wake-up was lost.', async (t) => {
  const worker = await testApp(t, { ROLES: 'worker' })
  for (const mute of [false, true]) {
    if (mute) await muteNotify(worker.databaseUrl)
    const web = await appOn(t, worker.databaseUrl, { ROLES: 'web' })
    const person = await signedInPerson({ port: web.port, databaseUrl: worker.databaseUrl })
    quote(web, 'HELX', 999, 1_000)
    quote(worker, 'HELX', 999, 1_000)
    const order = await place(person, at(900, buy(3, 'HELX')))
    quote(worker, 'HELX', 890, 895)
    const filled = await eventually(async () => {
      const now = await orderOf(person, order)
      return now.status === 'filled' && now
    })
    assert.equal(filled.priceMinor, 895)
  }
  await audit(worker.databaseUrl)
})

test('T7: of two processes that see the price cross, one fills.', async (t) => {
  const other = await appOn(t, app.databaseUrl)
  quote(app, 'ORBT', 999, 1_000)
  quote(other, 'ORBT', 999, 1_000)
  const person = await signedInPerson(app)
  const orders: WireOrder[] = []
  for (let nth = 0; nth < 30; nth += 1) orders.push(await place(person, at(900, buy(1, 'ORBT'))))
  for (const node of [app, other]) quote(node, 'ORBT', 890, 895)
  await eventually(async () => (await accountOf(person)).orders.length === 0)
  const fills = (await accountEntries(person)).filter(({ type }) => type === 'order.filled')
  assert.equal(fills.length, 30)
  assert.equal((await notificationsOf(person)).unread, 30)
})

test('T7: an order that rested before the start is filled after it.', async (t) => {
  const { url } = await testDatabase(t)
  const first = await appOn(t, url)
  const person = await signedInPerson({ port: first.port, databaseUrl: url })
  quote(first, 'NRDX', 9_999, 10_000)
  const order = await place(person, at(9_000, buy(1)))
  await first.drain()
  const second = await appOn(t, url)
  quote(second, 'NRDX', 8_000, 8_001)
  const there = { ...person, ...person.via(second.port) }
  await eventually(async () => (await orderOf(there, order)).status === 'filled')
  await audit(url)
})

test('P1: while Postgres is away orders are answered with 503; what was crossed meanwhile is filled when it is back.', async (t) => {
  const cluster = await testCluster(t)
  const node = await appOn(t, cluster.url, { ORDERS_PER_SECOND: '1000' })
  const person = await signedInPerson({ port: node.port, databaseUrl: cluster.url })
  quote(node, 'NRDX', 9_999, 10_000)
  const resting = await place(person, at(9_500, buy(10)))
  await cluster.stop()
  quote(node, 'NRDX', 9_489, 9_490)
  const key = 'while-it-is-away'
  await expectProblem(await person.create('/api/orders', buy(1), key), 503, 'unavailable')
  await expectProblem(await person.send('DELETE', `/api/orders/${resting.id}`), 503, 'unavailable')
  await expectProblem(await person.get('/api/account'), 503, 'unavailable')
  await expectProblem(await person.get('/api/instruments/NRDX/candles?interval=1m'), 503, 'unavailable')
  await cluster.start()
  await eventually(async () => (await person.get(`/api/orders/${resting.id}`)).status === 200)
  await eventually(async () => (await orderOf(person, resting)).status === 'filled')
  await eventually(async () => (await person.create('/api/orders', buy(1), key)).status === 201)
  const { positions } = await accountOf(person)
  assert.equal(positions[0]?.quantity, 11)
  await audit(cluster.url)
})

test('T9: orders through three kill -9: each key placed one order, and the books are right.', async (t) => {
  const { url } = await testDatabase(t)
  const child = await childApp(t, url, { ORDERS_PER_SECOND: '100000', TICKS_PER_SECOND: '500' })
  const person = await signedInPerson(child)
  const tickets = [buy(1), at(1, buy(1))]
  const placed = new Map<string, string>()
  let up = Promise.resolve()
  const keys = Array.from({ length: 90 }, (_, nth) => `order-${nth}`)

  async function placeSurely(key: string, nth: number): Promise<void> {
    await up
    try {
      const answer = await person.create('/api/orders', tickets[nth % 2], key)
      const text = await answer.text()
      if (answer.status !== 201) return await placeSurely(key, nth)
      placed.set(key, (JSON.parse(text) as WireOrder).id)
    } catch {
      return placeSurely(key, nth)
    }
  }
  async function client() {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) await placeSurely(key, keys.length)
  }
  const done = Promise.all([client(), client(), client(), client()])
  for (const moment of [15, 40, 65]) {
    await eventually(() => placed.size >= moment)
    const ended = child.end('SIGKILL')
    up = ended.then(() => child.start())
    await up
  }
  await done
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  const { rows } = await db.query<{ id: string; key: string }>(
    'SELECT id, "clientOrderId" AS key FROM trade_order',
  )
  await db.end()
  assert.deepEqual(new Map(rows.map(({ id, key }) => [key, id])), placed)
  assert.equal(rows.length, 90)
  await audit(url)
})
