import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { onServer } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type Leadership, strive } from './leadership.ts'

function striver(t: TestContext, url: string): Leadership & { told: string[] } {
  const told: string[] = []
  const lead = () => void told.push('lead')
  const lose = () => void told.push('lose')
  const leadership = strive(url, { name: 'test', lead, lose })
  t.after(leadership.close)
  return { ...leadership, told }
}

test('Of several that strive one leads; when it ends, another does, and is told so once.', async (t) => {
  const { url } = await testDatabase(t)
  const strivers = [striver(t, url), striver(t, url), striver(t, url)]
  const leaders = () => strivers.filter((one) => one.isLeading())
  for (let left = 3; left > 0; left -= 1) {
    await eventually(() => leaders().length > 0)
    const [leader] = leaders()
    assert.ok(leader)
    assert.equal(leaders().length, 1)
    assert.deepEqual(leader.told, ['lead'])
    await leader.close()
    strivers.splice(strivers.indexOf(leader), 1)
  }
})

test('Who is cut off leads on until the lock is with another, and then loses the lead.', async (t) => {
  const { url } = await testDatabase(t)
  const first = striver(t, url)
  await eventually(() => first.isLeading())
  const cut = () =>
    onServer(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    )
  await cut()
  const second = striver(t, url)
  // Both ask for the lock now; who gets it is not ours to say, but in the end it is one.
  await eventually(async () => {
    if (!second.isLeading()) await cut()
    return second.isLeading() && !first.isLeading()
  })
  assert.deepEqual(first.told.slice(0, 2), ['lead', 'lose'])
  assert.equal(second.told.at(-1), 'lead')
})
