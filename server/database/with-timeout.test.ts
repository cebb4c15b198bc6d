import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '#server/testing/test-database.ts'
import { TimedOut, withTimeout } from './with-timeout.ts'

const patienceMs = 200

test('What has come while this process was too busy to look is in time.', async (t) => {
  const { url } = await testDatabase(t)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  const answer = client.query('SELECT 1')
  // The query is sent, then the event loop is blocked before the response can be read.
  setImmediate(() => {
    const until = performance.now() + 3 * patienceMs
    while (performance.now() < until);
  })
  assert.equal((await withTimeout(patienceMs, answer)).rowCount, 1)
})

test('What does not come is given up.', async () => {
  const { promise } = Promise.withResolvers<void>()
  await assert.rejects(withTimeout(patienceMs, promise), TimedOut)
})

test('What takes several questions of a busy process is in time, too.', async () => {
  const work = async () => {
    for (let question = 0; question < 16; question += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      const until = performance.now() + patienceMs / 4
      while (performance.now() < until);
    }
    return 'done'
  }
  assert.equal(await withTimeout(patienceMs, work()), 'done')
})
