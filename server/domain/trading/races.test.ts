import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireOrder } from '#server/protocol/trading.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { appOn, fileApp } from '#server/testing/test-app.ts'
import {
  accountEntries,
  accountOf,
  at,
  auditAfterEach,
  buy,
  orderOf,
  place,
  play,
  quote,
  sell,
} from '#server/testing/trading.ts'
import { fillOrder } from './fill-order.ts'
import { openingMinor } from './open-account.ts'

const app = await fileApp({ ORDERS_PER_SECOND: '100000' })
auditAfterEach(app.databaseUrl)
quote(app, 'NRDX', 9_999, 10_000)
const hundred = Array.from({ length: 100 }, (_, nth) => nth)

test('T5: of 100 limit orders at once at the edge of the cash, exactly those are taken that fit.', async () => {
  const person = await signedInPerson(app)
  // 37 fit, and 2,700.00 are left.
  const answers = await Promise.all(hundred.map(() => person.create('/api/orders', at(9_100, buy(30)))))
  const taken = Math.floor(openingMinor / (30 * 9_100))
  assert.equal(answers.filter(({ status }) => status === 201).length, taken)
  assert.equal(answers.filter(({ status }) => status === 409).length, 100 - taken)
  const { cashMinor, heldMinor, orders } = await accountOf(person)
  assert.deepEqual([heldMinor, cashMinor + heldMinor, orders.length], [taken * 273_000, openingMinor, taken])
})

test('T5: the same of market orders, on two nodes at once.', async (t) => {
  const other = await appOn(t, app.databaseUrl, { ORDERS_PER_SECOND: '100000' })
  quote(other, 'NRDX', 9_999, 10_000)
  const person = await signedInPerson(app)
  const there = person.via(other.port)
  const answers = await Promise.all(
    hundred.map((nth) => (nth % 2 ? person : there).create('/api/orders', buy(30))),
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 33)
  const { cashMinor, positions } = await accountOf(person)
  assert.deepEqual([cashMinor, positions[0]?.quantity], [100_000, 990])
})

test('T5: of 100 sales at once at the edge of the shares, exactly those are taken that are covered.', async () => {
  const person = await signedInPerson(app)
  await place(person, buy(100))
  const answers = await Promise.all(
    hundred.map((nth) => person.create('/api/orders', nth % 2 ? sell(3) : at(11_000, sell(3)))),
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 33)
  const { positions } = await accountOf(person)
  assert.equal((positions[0]?.quantity ?? 0) - (positions[0]?.heldQuantity ?? 0), 1)
})

test('T1: of many first touches at once one opens the account.', async () => {
  const person = await signedInPerson(app)
  const touches = hundred.slice(0, 30).map((nth) => (nth % 2 ? accountOf(person) : place(person, buy(1))))
  await Promise.all(touches)
  const opened = (await accountEntries(person)).filter(({ type }) => type === 'account.opened')
  assert.deepEqual([opened.length, opened[0]?.seq], [1, 1])
  assert.equal((await accountOf(person)).cashMinor, openingMinor - 15 * 10_000)
})

test('T8: cancelled and filled at once, each order comes to one end, and both tell the same of it.', async () => {
  const person = await signedInPerson(app)
  let filled = 0
  for (let round = 0; round < 20; round += 1) {
    quote(app, 'NRDX', 9_999, 10_000)
    const orders: WireOrder[] = []
    for (let nth = 0; nth < 5; nth += 1) orders.push(await place(person, at(9_000, buy(1))))
    const cancelling = orders.map(({ id }) => person.send('DELETE', `/api/orders/${id}`))
    quote(app, 'NRDX', 8_990, 8_995)
    for (const [nth, answer] of (await Promise.all(cancelling)).entries()) {
      const order = orders[nth]
      assert.ok(order)
      const cancelled = answer.status === 200
      const { status } = await orderOf(person, order)
      assert.equal(status, cancelled ? 'cancelled' : 'filled')
      if (cancelled) continue
      assert.equal(answer.status, 409)
      assert.equal(((await answer.json()) as { state: string }).state, 'filled')
      filled += 1
    }
  }
  assert.ok(filled > 0 && filled < 100, `${filled} of 100 were filled: the race was run`)
  const entries = await accountEntries(person)
  const ends = entries.filter(({ type }) => type === 'order.filled' || type === 'order.cancelled')
  assert.equal(ends.length, 100)
  assert.equal(entries.filter(({ type }) => type === 'order.filled').length, filled)
  assert.equal((await accountOf(person)).positions[0]?.quantity ?? 0, filled)
})

test('T7: filled by many at once, an order is filled once.', async () => {
  const person = await signedInPerson(app)
  quote(app, 'NRDX', 9_999, 10_000)
  const { id } = await place(person, at(9_000, buy(7)))
  const { log, tradingDeps } = app.context
  const order = { id, userId: person.id, priceMinor: 8_995 }
  const fills = await Promise.all(
    hundred.slice(0, 20).map(() => log.transact((tx) => fillOrder(tradingDeps, tx, order))),
  )
  assert.deepEqual(
    fills.filter((one) => one !== undefined).map((one) => one.id),
    [id],
  )
  assert.equal((await accountOf(person)).positions[0]?.quantity, 7)
})

test('T11: a snapshot and what the stream carries after it make the account, at every moment.', async () => {
  const person = await signedInPerson(app)
  quote(app, 'NRDX', 9_999, 10_000)
  await place(person, buy(50))
  let trading = true
  const trade = async (nth: number) => {
    const kinds = [at(9_000, buy(1)), sell(1), at(11_000, sell(1)), buy(1)]
    for (let round = 0; round < 8; round += 1) {
      const order = await place(person, kinds[(nth + round) % 4] ?? buy(1))
      if (order.status === 'working' && round % 2) await person.send('DELETE', `/api/orders/${order.id}`)
    }
  }
  const snapshots: Awaited<ReturnType<typeof accountOf>>[] = []
  const looking = (async () => {
    while (trading) snapshots.push(await accountOf(person))
  })()
  await Promise.all([0, 1, 2, 3].map(trade))
  trading = false
  await looking
  assert.ok(snapshots.length > 3)
  const { cursor: _, ...now } = await accountOf(person)
  for (const snapshot of snapshots) {
    const entries = await accountEntries(person, snapshot.cursor)
    const played = play(snapshot, entries)
    const byId = (orders: WireOrder[]) => orders.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    assert.deepEqual({ ...played, orders: byId(played.orders) }, { ...now, orders: byId(now.orders) })
  }
})

test('A fill that would hold more than can be counted is rejected, and gives the shares back.', async () => {
  const person = await signedInPerson(app)
  quote(app, 'NRDX', 9_999, 10_000)
  await place(person, buy(10))
  const order = await place(person, at(11_000, sell(10)))
  const { cashMinor } = await accountOf(person)
  const gift = Number.MAX_SAFE_INTEGER - cashMinor
  const { prisma } = app.context.database
  await prisma.$executeRaw`
    INSERT INTO ledger_line (transfer, kind, account, unit, amount) VALUES
      ('gift', 'opening', ${`cash:${person.id}`}, 'EUR', ${gift}), ('gift', 'opening', 'market', 'EUR', ${-gift})`
  quote(app, 'NRDX', 11_001)
  await eventually(async () => (await orderOf(person, order)).status === 'rejected')
  const account = await accountOf(person)
  assert.deepEqual([account.cashMinor, account.positions[0]?.heldQuantity], [Number.MAX_SAFE_INTEGER, 0])
  assert.equal((await accountEntries(person)).at(-1)?.type, 'order.rejected')
  const sale = await person.create('/api/orders', sell(1))
  assert.equal(sale.status, 422)
  // The audit after the test expects the opening balance, so the gift is returned.
  await prisma.$executeRaw`
    INSERT INTO ledger_line (transfer, kind, account, unit, amount) VALUES
      ('back', 'opening', ${`cash:${person.id}`}, 'EUR', ${-gift}), ('back', 'opening', 'market', 'EUR', ${gift})`
})
