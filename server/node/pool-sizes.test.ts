import assert from 'node:assert/strict'
import { test } from 'node:test'
import { warnWhenShort } from '#server/database/connection-room.ts'
import { openDatabase } from '#server/database/pool.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { poolSizesOf } from './pool-sizes.ts'

const sum = (sizes: object) => Object.values(sizes).reduce((all: number, size: number) => all + size, 0)

test('A process with all roles has the connections of one that is alone; one with a single role has fewer.', () => {
  const whole = poolSizesOf(['web', 'gateway', 'worker', 'prices', 'relay'])
  assert.deepEqual(whole, { transactions: 10, statements: 8, checks: 3, long: 2, accounts: 4, jobs: 5 })
  for (const role of ['web', 'gateway', 'worker', 'prices', 'relay'] as const) {
    assert.ok(sum(poolSizesOf([role])) < sum(whole), role)
  }
})

test('A start that may want more connections than Postgres has left says so, in one line.', async (t) => {
  const { url } = await testDatabase(t)
  const warned = async (transactions: number) => {
    const database = openDatabase(url, { connections: { transactions } })
    const lines: unknown[] = []
    await warnWhenShort(database, { warn: (...line: unknown[]) => void lines.push(line.at(-1)) })
    await database.close()
    return lines
  }
  assert.deepEqual(await warned(1), [])
  const [line, ...more] = await warned(100_000)
  assert.match(
    String(line),
    /^This process may open 100\d+ connections to Postgres, which takes \d+ and has \d+ already/,
  )
  assert.deepEqual(more, [])
})
