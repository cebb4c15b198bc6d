import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import pg from 'pg'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import type { AccountEntryData, WireAccount, WireMovementList, WireOrder } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import type { Person } from './person.ts'
import type { TestApp } from './test-app.ts'

/** Sets an instrument's price on a node that makes no prices itself (`TICKS_PER_SECOND` 0). */
export function quote(
  { context }: Pick<TestApp, 'context'>,
  symbol: string,
  bidMinor: number,
  askMinor = bidMinor + 2,
) {
  context.prices.set([symbol, bidMinor, askMinor, bidMinor, 100])
}

export const buy = (quantity: number, symbol = 'NRDX'): OrderTicket => ({
  ...{ symbol, side: 'buy', type: 'market', quantity },
})
export const sell = (quantity: number, symbol = 'NRDX'): OrderTicket => ({
  ...{ symbol, side: 'sell', type: 'market', quantity },
})
/** The same with a limit. */
export const at = (limitPriceMinor: number, { symbol, side, quantity }: OrderTicket): OrderTicket => ({
  ...{ symbol, side, type: 'limit', quantity, limitPriceMinor },
})

/** Places an order that must be accepted. */
export async function place(person: Person, ticket: OrderTicket, key?: string): Promise<WireOrder> {
  return answered(await person.create('/api/orders', ticket, key), 201)
}

export async function accountOf(person: Person): Promise<WireAccount> {
  return answered(await person.get('/api/account'), 200)
}

export async function orderOf(person: Person, { id }: Pick<WireOrder, 'id'>): Promise<WireOrder> {
  return answered(await person.get(`/api/orders/${id}`), 200)
}

export async function historyOf(person: Person, query = ''): Promise<WireMovementList> {
  return answered(await person.get(`/api/account/history${query}`), 200)
}

async function answered<T>(answer: Response, status: number): Promise<T> {
  const text = await answer.text()
  assert.equal(answer.status, status, text)
  return JSON.parse(text) as T
}

export type AccountEntry = {
  [Type in keyof AccountEntryData]: WireEntry<AccountEntryData[Type]> & { type: Type }
}[keyof AccountEntryData]

/** All entries of a person's account stream after a cursor, or from its start. */
export async function accountEntries(person: Person, after?: string): Promise<AccountEntry[]> {
  const entries: AccountEntry[] = []
  for (let place = after; ; ) {
    const path = `/api/streams/account${place === undefined ? '' : `?after=${place}`}`
    const page = await answered<WirePage>(await person.get(path), 200)
    entries.push(...(page.entries as AccountEntry[]))
    if (!page.more) return entries
    place = page.next
  }
}

/** An account's state after its entries, as a browser would play them on a snapshot. */
export function play(account: WireAccount, entries: readonly AccountEntry[]): Omit<WireAccount, 'cursor'> {
  const { cursor: _, ...state } = structuredClone(account)
  for (const { data } of entries) {
    state.cashMinor = data.cashMinor
    state.heldMinor = data.heldMinor
    if ('realisedMinor' in data) state.realisedMinor = data.realisedMinor
    if (!('order' in data)) continue
    const { order, position } = data
    state.orders = state.orders.filter(({ id }) => id !== order.id)
    if (order.status === 'working') state.orders.unshift(order)
    if (!position) continue
    state.positions = state.positions.filter(({ symbol }) => symbol !== position.symbol)
    if (position.quantity > 0) state.positions.push(position)
  }
  state.positions.sort((one, other) => (one.symbol < other.symbol ? -1 : 1))
  return state
}

/** Audits the whole ledger after each test of the file. */
export function auditAfterEach(databaseUrl: string): void {
  afterEach(() => audit(databaseUrl))
}

const rules = {
  'Each unit sums to zero': `
    SELECT unit, sum(amount) FROM ledger_line GROUP BY unit HAVING sum(amount) <> 0`,
  'Each transfer sums to zero in each unit': `
    SELECT transfer, unit FROM ledger_line GROUP BY transfer, unit HAVING sum(amount) <> 0`,
  'A balance is the sum of its lines, and not below zero': `
    SELECT * FROM ledger_balance b FULL JOIN (
      SELECT account, unit, sum(amount) AS lines FROM ledger_line WHERE account <> 'market' GROUP BY account, unit
    ) l USING (account, unit)
    WHERE coalesce(b.amount, 0) <> coalesce(l.lines, 0) OR b.amount < 0`,
  'What is held is what working orders need': `
    SELECT * FROM (
      SELECT CASE side WHEN 'buy' THEN 'held:' ELSE 'held-shares:' END || "userId" AS account,
        CASE side WHEN 'buy' THEN 'EUR' ELSE symbol END AS unit,
        sum(CASE side WHEN 'buy' THEN quantity::bigint * "limitPriceMinor" ELSE quantity END) AS needed
      FROM trade_order WHERE status = 'working' GROUP BY 1, 2
    ) w FULL JOIN (SELECT * FROM ledger_balance WHERE account LIKE 'held%' AND amount <> 0) b USING (account, unit)
    WHERE needed IS DISTINCT FROM amount`,
  'A filled order is in the ledger once, at its price': `
    SELECT o.id FROM trade_order o LEFT JOIN ledger_line l ON l.transfer = 'fill:' || o.id
      AND l.account = 'market' AND l.unit = 'EUR'
    WHERE (o.status = 'filled') <> (l.id IS NOT NULL)
      OR abs(l.amount) <> o.quantity::bigint * o."priceMinor"`,
  'An order is filled at its limit or better': `
    SELECT id FROM trade_order WHERE status = 'filled' AND type = 'limit'
      AND CASE side WHEN 'buy' THEN "priceMinor" > "limitPriceMinor" ELSE "priceMinor" < "limitPriceMinor" END`,
  'Who has no shares has no cost, and cash is what was spent and earned': `
    SELECT p."userId" FROM trade_position p WHERE "costMinor" <> 0 AND NOT EXISTS (
      SELECT FROM ledger_balance b WHERE b.account IN ('shares:' || p."userId", 'held-shares:' || p."userId")
        AND b.unit = p.symbol AND b.amount > 0
    )
    UNION ALL
    SELECT u FROM (
      SELECT substr(account, strpos(account, ':') + 1) AS u, sum(amount) AS cash FROM ledger_balance
      WHERE unit = 'EUR' GROUP BY 1
    ) c LEFT JOIN (
      SELECT "userId" AS u, sum("realisedMinor" - "costMinor") AS made FROM trade_position GROUP BY 1
    ) p USING (u)
    JOIN ledger_line o ON o.transfer = 'opening:' || u AND o.account <> 'market'
    WHERE cash <> o.amount + coalesce(made, 0)`,
}

/** Asserts that the whole ledger obeys its rules. */
export async function audit(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const [rule, offenders] of Object.entries(rules)) {
      const { rows } = await client.query(offenders)
      assert.deepEqual(rows, [], rule)
    }
  } finally {
    await client.end()
  }
}
