import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '#server/testing/test-database.ts'
import { writeBorrowers } from './borrowers.ts'
import { arriveAt } from './cold-start.ts'
import { requestOf } from './crowd.ts'
import { startNode } from './servers.ts'
import { secret, startWireside } from './wireside.ts'

const count = 400

test('A cold node answers a crowd of first polls with few transactions; looked up one by one they take many', async (t) => {
  const { url } = await testDatabase(t)
  const borrowers = await writeBorrowers(url, secret, count)
  const requests = borrowers.map(({ loanId, headers }) =>
    requestOf({ path: `/api/loans/${loanId}`, headers, etag: undefined }),
  )
  const naive = `${import.meta.dirname}/arms/naive.ts`
  const starts = [
    () => startWireside({ databaseUrl: url }),
    () => startNode(naive, { env: { DATABASE_URL: url } }),
  ]
  const arrivals = []
  for (const start of starts) {
    const server = await start()
    arrivals.push(await arriveAt(server, requests, url).finally(server.stop))
  }
  const [ours, theirs] = arrivals
  assert.equal(ours?.refused, 0)
  const transactions = [ours?.transactions ?? 0, theirs?.transactions ?? 0] as const
  assert.ok(3 * transactions[0] < transactions[1], `${transactions.join(' and ')} transactions`)
})
