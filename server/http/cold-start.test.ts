import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queriesSoFar } from '#server/database/client.ts'
import { writeBorrowers } from '#server/lab/bench/borrowers.ts'
import { Connection, requestOf } from '#server/lab/bench/crowd.ts'
import { sessionSettings } from '#server/testing/session-settings.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const pollers = 1_000

test('A thousand borrowers who come at once to a node that knows none of them cost less than a statement each, and none is refused.', async (t) => {
  const { url } = await testDatabase(t)
  const borrowers = await writeBorrowers(url, sessionSettings.AUTH_SECRET, pollers)
  const app = await appOn(t, url, { COOKIE_PREFIX: 'bench', ROLES: 'web' })
  const connections = await Promise.all(borrowers.map((_, nth) => Connection.open(app.port, nth)))
  t.after(() => {
    for (const connection of connections) connection.close()
  })

  const before = queriesSoFar()
  const polls = borrowers.map(({ loanId, headers }, nth) =>
    connections[nth]?.ask(requestOf({ path: `/api/loans/${loanId}`, headers, etag: undefined })),
  )
  const statuses = (await Promise.all(polls)).map((answer) => answer?.status)
  assert.deepEqual(
    statuses.filter((status) => status !== 200),
    [],
  )
  const statements = queriesSoFar() - before
  assert.ok(statements < pollers, `${statements} statements`)
})
