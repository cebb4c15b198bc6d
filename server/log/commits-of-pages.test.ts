import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '#server/database/pool.ts'
import { eventually } from '#server/testing/eventually.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { handOverCommit, takeCommitsOfPages } from './commits-of-pages.ts'
import { createLogWriter } from './log-writer.ts'

const never = 3_600_000

test('What a page commits wakes the node that it runs in at once, and by it the others; without a node nobody', async (t) => {
  const { url } = await testDatabase(t)
  const [here, there] = [await logOn(t, url, { checkMs: never }), await logOn(t, url, { checkMs: never })]
  const pages = openDatabase(url)
  t.after(pages.close)
  const log = createLogWriter(pages, handOverCommit)
  const append = () => log.transact((tx) => log.append(tx, [{ stream: 'a', type: 'note', data: null }]))
  for (const { feeds } of [here, there]) await feeds.open('a')

  await append()
  const leave = takeCommitsOfPages(here.log.committed)
  t.after(leave)
  assert.deepEqual(
    [here, there].map(({ feeds }) => feeds.headOf('a')?.seq),
    [0, 0],
  )
  await append()
  await eventually(() => [here, there].every(({ feeds }) => feeds.headOf('a')?.seq === 2))

  leave()
  await append()
  await here.log.transact((tx) => here.log.append(tx, [{ stream: 'fence', type: 'note', data: null }]))
  assert.equal(here.feeds.headOf('a')?.seq, 2)
})
