import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '#server/testing/test-database.ts'

const rule = (code: string) => (error: unknown) => error instanceof pg.DatabaseError && error.code === code
const integrity = rule('23000')
const check = rule('23514')
const unique = rule('23505')

/** Writes lines given as `account unit amount`, in one statement and hence one transaction. */
async function ledgerOf(t: TestContext) {
  const { url } = await testDatabase(t)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  const write = (transfer: string, ...lines: string[]) =>
    client.query(
      `INSERT INTO ledger_line (transfer, kind, account, unit, amount)
       SELECT $1, 'opening', split_part(line, ' ', 1), split_part(line, ' ', 2), split_part(line, ' ', 3)::bigint
       FROM unnest($2::text[]) AS line`,
      [transfer, lines],
    )
  const balance = async (account: string, unit = 'EUR') => {
    const { rows } = await client.query(
      'SELECT amount FROM ledger_balance WHERE account = $1 AND unit = $2',
      [account, unit],
    )
    return rows[0]?.amount
  }
  return { client, write, balance }
}

test('T4: a transfer whose lines do not sum to zero in each unit is refused at its commit.', async (t) => {
  const { client, write, balance } = await ledgerOf(t)
  await assert.rejects(write('one', 'cash:a EUR 5'), check)
  await assert.rejects(write('two', 'cash:a EUR 5', 'market EUR -4'), check)
  await assert.rejects(write('three', 'cash:a EUR 5', 'market NRDX -5'), check)
  await write('four', 'cash:a EUR 5', 'market EUR -5')
  await assert.rejects(write('four', 'cash:b EUR 1'), check, 'nothing is added to a transfer that is done')
  await client.query('BEGIN')
  await write('five', 'cash:b EUR 1')
  await write('five', 'market EUR -1')
  await client.query('COMMIT')
  assert.deepEqual([await balance('cash:a'), await balance('cash:b')], ['5', '1'])
})

test('T4: nobody but the market goes below zero, nor beyond what can be counted exactly.', async (t) => {
  const { write, balance } = await ledgerOf(t)
  await assert.rejects(write('one', 'cash:a EUR -1', 'market EUR 1'), check)
  await write('two', 'cash:a EUR 5', 'market EUR -5')
  await assert.rejects(write('three', 'cash:a EUR -6', 'cash:b EUR 6'), check)
  await write('four', 'cash:a EUR -5', 'cash:b EUR 5')
  const largest = String(Number.MAX_SAFE_INTEGER)
  await assert.rejects(write('five', `cash:b EUR ${largest}`, `market EUR -${largest}`), check)
  await write('six', `cash:a EUR ${largest}`, `market EUR -${largest}`)
  assert.deepEqual([await balance('cash:a'), await balance('cash:b')], [largest, '5'])
})

test('T4: a line is never changed and never goes.', async (t) => {
  const { client, write } = await ledgerOf(t)
  await write('one', 'cash:a EUR 5', 'market EUR -5')
  for (const change of [
    'UPDATE ledger_line SET amount = amount * 2',
    `UPDATE ledger_line SET kind = 'buy'`,
    'DELETE FROM ledger_line',
    'TRUNCATE ledger_line',
    'TRUNCATE ledger_line CASCADE',
  ]) {
    await assert.rejects(client.query(change), integrity, change)
  }
})

test('T4: what happens once has one transfer: a second of its name is refused.', async (t) => {
  const { write, balance } = await ledgerOf(t)
  await write('fill:O-1', 'cash:a EUR 5', 'market EUR -5')
  await assert.rejects(write('fill:O-1', 'cash:a EUR 5', 'market EUR -5'), unique)
  assert.equal(await balance('cash:a'), '5')
})

test('T4: a hundred writers to the same accounts at once are counted one after the other.', async (t) => {
  const { url } = await testDatabase(t)
  // The isolation level that our own sessions set.
  const options = '-c default_transaction_isolation=read\\ committed'
  const pool = new pg.Pool({ connectionString: url, max: 8, options })
  const insert = `INSERT INTO ledger_line (transfer, kind, account, unit, amount)
    VALUES ($1, 'opening', 'cash:a', 'EUR', 3), ($1, 'opening', 'market', 'EUR', -3)`
  await pool.query(insert, ['first'])
  await Promise.all(Array.from({ length: 100 }, (_, nth) => pool.query(insert, [`writer-${nth}`])))
  const { rows } = await pool.query('SELECT account, amount FROM ledger_balance')
  await pool.end()
  assert.deepEqual(rows, [{ account: 'cash:a', amount: '303' }])
})
