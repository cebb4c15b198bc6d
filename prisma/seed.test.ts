import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { testDatabase } from '#server/testing/test-database.ts'
import { demoPosts } from './demo-posts.ts'
import { seedDemo } from './seed.ts'

test('The demo is added once, however many nodes start and however often.', async (t) => {
  const { url } = await testDatabase(t)
  await Promise.all([seedDemo(url), seedDemo(url)])
  await seedDemo(url)
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  const { rows } = await client.query(
    `SELECT (SELECT count(*)::int FROM "user") AS people, (SELECT count(*)::int FROM post) AS posts,
       (SELECT array_agg(handle ORDER BY handle) FROM "user") AS handles,
       (SELECT count(*)::int FROM post p WHERE likes <> (SELECT count(*) FROM post_like WHERE "postId" = p.id)
          OR "commentCount" <> (SELECT count(*) FROM comment WHERE "postId" = p.id)) AS miscounted,
       (SELECT count(*)::int FROM comment c JOIN post p ON p.id = c."postId"
          WHERE c."createdAt" NOT BETWEEN p."createdAt" AND now()) AS "outOfTime"`,
  )
  assert.deepEqual(rows, [
    {
      people: 3,
      posts: demoPosts.length,
      handles: ['ines-ruiz', 'nora-klein', 'sam-okafor'],
      miscounted: 0,
      outOfTime: 0,
    },
  ])
})
