import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tcpProxy } from '#server/testing/tcp-proxy.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { openDatabase } from './pool.ts'
import { isDatabaseAway } from './unavailable.ts'

test('Whatever a crash of Postgres interrupts is told as "away".', async (t) => {
  const cluster = await testCluster(t)
  const database = openDatabase(cluster.url)
  t.after(database.close)
  const { prisma } = database
  const { promise: crashed, resolve: crash } = Promise.withResolvers<void>()
  const interrupted = [
    prisma.$queryRaw`SELECT pg_sleep(30)::text`,
    prisma.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(30)::text`),
    prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`
      await crashed
      await tx.$queryRaw`SELECT 2`
    }),
    database.pool.query('SELECT pg_sleep(30)'),
  ]
  const outcomes = Promise.allSettled(interrupted)
  while ((await running(prisma)) < 4);
  await cluster.stop()
  crash()
  for (const outcome of await outcomes) assert.ok(isAway(outcome))

  const refused = [prisma.$queryRaw`SELECT 1`, prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`)]
  for (const outcome of await Promise.allSettled(refused)) assert.ok(isAway(outcome))
  await cluster.start()
  await prisma.$queryRaw`SELECT 1`
})

test('A pool without a free connection is told as "away", not as a defect.', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(url, { maxConnections: 1 })
  t.after(database.close)
  const only = await database.pool.connect()
  const outcomes = await Promise.allSettled([
    database.prisma.$queryRaw`SELECT 1`,
    database.prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`),
    database.pool.connect(),
  ])
  only.release()
  for (const outcome of outcomes) assert.ok(isAway(outcome))
})

test('A refusal by Postgres is not told as "away".', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(url)
  t.after(database.close)
  const outcomes = await Promise.allSettled([
    database.prisma.$queryRaw`SELECT 1 / 0`,
    database.pool.query('SELECT nothing'),
  ])
  for (const outcome of outcomes) {
    assert.equal(outcome.status, 'rejected')
    assert.ok(!isAway(outcome))
  }
})

test('A line that falls silent is cut, and its transaction with it.', async (t) => {
  const { url } = await testDatabase(t)
  const direct = openDatabase(url)
  const { hostname, port } = new URL(url)
  const line = await tcpProxy({ host: hostname, port: Number(port) })
  const database = openDatabase(Object.assign(new URL(url), { port: line.port }).href, { silentMs: 200 })
  t.after(async () => {
    await database.close()
    await line.close()
    await direct.close()
  })
  const held = database.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO log_head (stream, seq) VALUES ('lost', 1)`
    line.pause()
    await tx.$queryRaw`SELECT 1`
  })
  assert.ok(isAway((await Promise.allSettled([held]))[0]))
  line.resume()
  await database.prisma.$executeRaw`INSERT INTO log_head (stream, seq) VALUES ('kept', 1)`
  assert.deepEqual(await direct.prisma.$queryRaw`SELECT stream FROM log_head`, [{ stream: 'kept' }])
})

function isAway(outcome: PromiseSettledResult<unknown> | undefined): boolean {
  return outcome?.status === 'rejected' && isDatabaseAway(outcome.reason)
}

/** How many of this database's connections are in a statement or a transaction, the asking one not counted. */
async function running(db: ReturnType<typeof openDatabase>['prisma']): Promise<number> {
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`
  return row?.n ?? 0
}
