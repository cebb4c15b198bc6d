import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'
import {
  type AccountEntry,
  accountOf,
  at,
  auditAfterEach,
  buy,
  place,
  play,
  quote,
  sell,
} from '#server/testing/trading.ts'

const app = await fileApp({ ORDERS_PER_SECOND: '100000' })
auditAfterEach(app.databaseUrl)
quote(app, 'NRDX', 8_441, 8_443)

test('T9: a key that was used at one door gets the same order at the other, and places no second.', async (t) => {
  const person = await signedInPerson(app)
  const client = await socketClient(person, app)
  t.after(client.close)
  const sent = await client.done('order:place', { ...at(8_000, buy(3)), clientOrderId: 'first' })
  const retry = await person.create('/api/orders', at(8_000, buy(3)), 'first')
  assert.equal(retry.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual([retry.status, await retry.json()], [201, sent.order])
  const order = await place(person, buy(2), 'second')
  const again = await client.done('order:place', { ...buy(2), clientOrderId: 'second' })
  assert.deepEqual(again.order, order)
  assert.deepEqual([again.id, again.status], [order.id, 'filled'])
  const other = await client.command('order:place', { ...buy(1), clientOrderId: 'first' })
  assert.ok(!other.ok && other.problem.type.endsWith('/idempotency-key-reused'))
  const cancelled = await client.done('order:cancel', { orderId: sent.id })
  assert.equal(cancelled.order.status, 'cancelled')
  const late = await client.command('order:cancel', { orderId: sent.id })
  assert.ok(!late.ok && late.problem.type.endsWith('/invalid-state'))
  const poor = await client.command('order:place', { ...sell(3), clientOrderId: 'third' })
  assert.ok(!poor.ok && poor.problem.type.endsWith('/insufficient-funds'))
  assert.equal((await accountOf(person)).positions[0]?.quantity, 2)
})

test('T11: an account that is followed over the socket from its snapshot is at every entry what it says.', async (t) => {
  const person = await signedInPerson(app)
  await place(person, buy(10))
  const snapshot = await accountOf(person)
  const client = await socketClient(person, app)
  t.after(client.close)
  const offer = await place(person, at(8_500, sell(4)))
  const { stream } = await client.done('follow', { stream: 'account', after: snapshot.cursor })
  assert.equal(stream, `account:${person.id}`)
  await Promise.all([place(person, sell(2)), place(person, at(8_000, buy(5))), place(person, buy(1))])
  quote(app, 'NRDX', 8_500, 8_502)
  const entries = () => client.entries(stream) as AccountEntry[]
  await eventually(() =>
    entries().some(
      ({ type, data }) => type === 'order.filled' && 'order' in data && data.order.id === offer.id,
    ),
  )
  const { cursor, ...now } = await accountOf(person)
  assert.deepEqual(play(snapshot, entries()), now)
  assert.equal(client.all('entries').at(-1)?.next, cursor)
})
