import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openingMinor } from '#server/domain/trading/open-account.ts'
import type { WireOrder, WireOrderList } from '#server/protocol/trading.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'
import {
  accountEntries,
  accountOf,
  at,
  auditAfterEach,
  buy,
  historyOf,
  orderOf,
  place,
  quote,
  sell,
} from '#server/testing/trading.ts'

const app = await fileApp({ ORDERS_PER_SECOND: '100000' })
auditAfterEach(app.databaseUrl)
quote(app, 'NRDX', 8_441, 8_443)
quote(app, 'ZNTH', 985, 986)

const limit = { symbol: 'NRDX', side: 'buy', type: 'limit', quantity: 1, limitPriceMinor: 100 }
const market = { symbol: 'NRDX', side: 'buy', type: 'market', quantity: 1 }

/** JSON text, because `JSON.stringify` cannot produce it. */
const hostileNumbers = [
  ...['NaN', 'Infinity', '-Infinity', '1e400', '-1e400', '0x10', '01', '1_000', '.5', '1.'],
  ...['0', '-0', '-1', '0.5', '1e-7', '1.0000000001', '9007199254740993', '-9007199254740993', '1e300'],
  ...['2147483648', '4294967297', '1000000000000000000000', '"1"', '""', '"NaN"', '"1e3"', '" 1"', 'null'],
  ...['true', 'false', '[]', '[1]', '{}', '{"valueOf":1}', '{"__proto__":1}', '"\\u0000"', '"１"', '[[1]]'],
  ...['100000001', '1e9'],
]

test('T5: 40 hostile quantities and 40 hostile prices are refused, and move nothing.', async () => {
  const person = await signedInPerson(app)
  assert.equal(hostileNumbers.length, 40)
  const before = await accountOf(person)
  for (const number of hostileNumbers) {
    for (const member of ['quantity', 'limitPriceMinor'] as const) {
      const text = JSON.stringify({ ...limit, [member]: 'HERE' }).replace('"HERE"', number)
      const answer = await person.send('POST', '/api/orders', text, {
        'idempotency-key': crypto.randomUUID(),
      })
      const { type } = (await answer.json()) as { type: string }
      assert.match(type, /\/(validation|malformed-json)$/, `${member}: ${number}`)
      assert.equal(answer.status, type.endsWith('validation') ? 422 : 400)
    }
  }
  assert.deepEqual(await accountOf(person), before)
})

test('T5: a ticket that is not one of ours is refused: names, sides, types, more or less members.', async () => {
  const person = await signedInPerson(app)
  const { limitPriceMinor: _, ...withoutPrice } = limit
  const { quantity: __, ...withoutQuantity } = market
  const bad = [
    ...[null, [], '"buy"', 1, {}, withoutPrice, withoutQuantity],
    ...[
      { ...market, limitPriceMinor: 100 },
      { ...market, clientOrderId: 'x' },
      { ...market, price: 1 },
    ],
    ...[
      { ...market, side: 'short' },
      { ...market, side: ['buy'] },
      { ...market, type: 'stop' },
    ],
    ...['', 'nrdx', 'NRDX ', 'TOOLONGNAME', 'NR\u0000X', null, ['NRDX'], 'NOPE', 'XXXX'].map((symbol) => ({
      ...market,
      symbol,
    })),
    ...[
      JSON.stringify(market).replace('{', '{"__proto__":{"quantity":2},'),
      JSON.stringify(market).replace('{', '{"constructor":1,'),
    ],
  ]
  for (const ticket of bad) {
    const answer = await person.create('/api/orders', ticket)
    const { errors } = await expectProblem(answer, 422, 'validation')
    assert.ok(errors && errors.length > 0, JSON.stringify(ticket))
  }
  const without = await person.send('POST', '/api/orders', market)
  await expectProblem(without, 400, 'idempotency-key-required')
  assert.deepEqual((await accountOf(person)).cashMinor, openingMinor)
})

test('T5: the largest order of all is counted exactly, and refused for want of money and of shares.', async () => {
  const person = await signedInPerson(app)
  const huge = at(100_000_000, buy(1_000_000, 'ZNTH'))
  const filled = await expectProblem(await person.create('/api/orders', huge), 409, 'insufficient-funds')
  assert.match(filled.detail ?? '', /Needs 986000000 minor/, 'what crosses is bought at the ask')
  quote(app, 'HELX', 99_999_999, 100_000_000)
  const resting = { ...at(99_999_999, buy(1_000_000, 'HELX')) }
  const refused = await expectProblem(await person.create('/api/orders', resting), 409, 'insufficient-funds')
  assert.match(refused.detail ?? '', /Needs 99999999000000 minor/)
  await expectProblem(await person.create('/api/orders', sell(1_000_000)), 409, 'insufficient-funds')
  assert.deepEqual(await accountEntries(person), [], 'a refused order does not even open the account')
})

test('T6: a market order is filled whole at once, at the ask and at the bid of this moment.', async () => {
  const person = await signedInPerson(app)
  const bought = await place(person, buy(120))
  assert.deepEqual([bought.status, bought.filledQuantity, bought.priceMinor], ['filled', 120, 8_443])
  const sold = await place(person, sell(20))
  assert.deepEqual([sold.status, sold.priceMinor], ['filled', 8_441])
  const account = await accountOf(person)
  assert.deepEqual(account.positions, [
    { symbol: 'NRDX', quantity: 100, heldQuantity: 0, costMinor: 100 * 8_443 },
  ])
  assert.equal(account.cashMinor, openingMinor - 120 * 8_443 + 20 * 8_441)
  assert.equal(account.realisedMinor, 20 * (8_441 - 8_443))
})

test('T6: cost is averaged, and the last share takes what is left of it.', async () => {
  const person = await signedInPerson(app)
  quote(app, 'KVRN', 98, 100)
  await place(person, buy(2, 'KVRN'))
  quote(app, 'KVRN', 99, 101)
  await place(person, buy(1, 'KVRN'))
  for (const left of [201, 101, 0]) {
    await place(person, sell(1, 'KVRN'))
    const [position] = (await accountOf(person)).positions
    assert.equal(position?.costMinor ?? 0, left)
  }
  assert.equal((await accountOf(person)).realisedMinor, 3 * 99 - 301)
})

test('T7: a limit that is crossed already is filled at the better market price; another rests and reserves.', async () => {
  const person = await signedInPerson(app)
  const crossed = await place(person, at(9_000, buy(10)))
  assert.deepEqual([crossed.status, crossed.priceMinor, crossed.limitPriceMinor], ['filled', 8_443, 9_000])
  const resting = await place(person, at(8_442, buy(10)))
  assert.equal(resting.status, 'working')
  const offer = await place(person, at(9_000, sell(4)))
  const account = await accountOf(person)
  assert.equal(account.heldMinor, 84_420)
  assert.equal(account.cashMinor, openingMinor - 84_430 - 84_420)
  assert.deepEqual(
    account.orders.map(({ id }) => id),
    [offer.id, resting.id],
  )
  assert.equal(account.positions[0]?.heldQuantity, 4)
  const more = await expectProblem(await person.create('/api/orders', sell(7)), 409, 'insufficient-funds')
  assert.match(more.detail ?? '', /6 available/)
})

test('T8: a cancelled order frees what it held; cancelled again, it is refused with its state.', async () => {
  const [person, other] = [await signedInPerson(app), await signedInPerson(app)]
  const order = await place(person, at(100, buy(5)))
  for (const path of [`/api/orders/${order.id}`, '/api/orders/O-0000000000', '/api/orders/nothing']) {
    await expectProblem(await other.get(path), 404, 'not-found')
    await expectProblem(await other.send('DELETE', path), 404, 'not-found')
  }
  const cancelled = await person.send('DELETE', `/api/orders/${order.id}`)
  assert.equal(cancelled.status, 200)
  const ended = (await cancelled.json()) as WireOrder
  assert.equal(ended.status, 'cancelled')
  assert.deepEqual(await orderOf(person, order), ended)
  const { cashMinor, heldMinor } = await accountOf(person)
  assert.deepEqual([cashMinor, heldMinor], [openingMinor, 0])
  const again = await expectProblem(
    await person.send('DELETE', `/api/orders/${order.id}`),
    409,
    'invalid-state',
  )
  assert.equal(again.state, 'cancelled')
  const filled = await place(person, buy(1))
  const late = await expectProblem(
    await person.send('DELETE', `/api/orders/${filled.id}`),
    409,
    'invalid-state',
  )
  assert.equal(late.state, 'filled')
})

test('T9: a key places one order, and its retry gets the very same answer; for another ticket it is refused.', async () => {
  const person = await signedInPerson(app)
  const first = await person.create('/api/orders', buy(1), 'once')
  const text = await first.text()
  const { id, clientOrderId } = JSON.parse(text) as WireOrder
  assert.equal(clientOrderId, 'once')
  assert.equal(first.headers.get('location'), `/api/orders/${id}`)
  quote(app, 'NRDX', 9_000, 9_001)
  const reordered = { quantity: 1, type: 'market', side: 'buy', symbol: 'NRDX' }
  const retry = await person.create('/api/orders', reordered, 'once')
  quote(app, 'NRDX', 8_441, 8_443)
  assert.deepEqual([retry.status, await retry.text()], [201, text])
  assert.equal(retry.headers.get('idempotent-replayed'), 'true')
  await expectProblem(await person.create('/api/orders', buy(2), 'once'), 422, 'idempotency-key-reused')
  assert.equal((await accountOf(person)).positions[0]?.quantity, 1)

  const poor = at(8_000, buy(1_000_000))
  await expectProblem(await person.create('/api/orders', poor, 'refused'), 409, 'insufficient-funds')
  assert.equal((await place(person, buy(1), 'refused')).status, 'filled', 'a refusal uses no key up')
})

test('T9: of many that place with one key at once, one order comes.', async () => {
  const person = await signedInPerson(app)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => person.create('/api/orders', buy(1), 'same')),
  )
  for (const answer of answers) assert.ok([201, 409].includes(answer.status))
  assert.ok(answers.some(({ status }) => status === 201))
  assert.equal((await accountOf(person)).positions[0]?.quantity, 1)
})

test('Orders and movements are listed newest first, in pages, each once; a status is filtered before paging.', async () => {
  const person = await signedInPerson(app)
  const resting = await place(person, at(100, buy(1)))
  const filled: string[] = []
  for (let nth = 0; nth < 55; nth += 1) filled.unshift((await place(person, buy(1, 'ZNTH'))).id)
  const pages = async (query: string) => {
    const ids: string[] = []
    for (let before = ''; ; ) {
      const page = (await (await person.get(`/api/orders?${query}${before}`)).json()) as WireOrderList
      ids.push(...page.items.map(({ id }) => id))
      if (page.nextBefore === null) return ids
      before = `&before=${page.nextBefore}`
    }
  }
  assert.deepEqual(await pages(''), [...filled, resting.id])
  assert.deepEqual(await pages('status=working'), [resting.id])
  assert.deepEqual(await pages('status=filled'), filled)

  const newest = await historyOf(person)
  const oldest = await historyOf(person, `?before=${newest.nextBefore}`)
  const movements = [...newest.items, ...oldest.items]
  assert.deepEqual(
    movements.map(({ orderId }) => orderId),
    [...filled, undefined],
  )
  assert.deepEqual([newest.items.length, oldest.nextBefore], [50, null])
  let balance = 0
  for (const { amountMinor, balanceMinor } of movements.toReversed()) {
    balance += amountMinor
    assert.equal(balanceMinor, balance)
  }
  const { cashMinor, heldMinor } = await accountOf(person)
  assert.equal(balance, cashMinor + heldMinor)
  for (const path of ['/api/orders?before=x', '/api/orders?status=gone', '/api/account/history?before=-1']) {
    await expectProblem(await person.get(path), 400, 'invalid-parameter')
  }
})

test('T3: without a price there is no trade: 503.', async () => {
  const person = await signedInPerson(app)
  const answer = await person.create('/api/orders', buy(1, 'DYNE'))
  assert.ok(answer.headers.has('retry-after'))
  await expectProblem(answer, 503, 'unavailable')
})

test('T10: more orders than a second allows are refused with 429, and so are cancels.', async (t) => {
  const strict = await testApp(t, { ORDERS_PER_SECOND: '2' })
  const person = await signedInPerson(strict)
  quote(strict, 'NRDX', 8_441)
  const answers = await Promise.all(Array.from({ length: 6 }, () => person.create('/api/orders', buy(1))))
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length >= 2)
  for (const answer of refused) assert.ok(answer.headers.has('retry-after'))
})
