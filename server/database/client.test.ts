import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '#prisma/generated/client.ts'
import { type TcpProxy, tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
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
  await eventually(async () => (await running(prisma)) >= 4)
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
  const database = openDatabase(url, { connections: { transactions: 1, statements: 1 } })
  t.after(database.close)
  const only = await database.pool.connect()
  const statement = database.pool.query('SELECT pg_sleep(3.5)')
  const outcomes = await Promise.allSettled([
    database.prisma.$queryRaw`SELECT 1`,
    database.prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`),
    database.pool.connect(),
  ])
  only.release()
  await statement
  for (const outcome of outcomes) assert.ok(isAway(outcome))
})

test('A Postgres that lets nobody in, or to which no way leads, is told as "away", not as a defect.', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(Object.assign(new URL(url), { password: 'changed' }).href)
  t.after(database.close)
  const outcomes = await Promise.allSettled([
    database.prisma.$queryRaw`SELECT 1`,
    database.prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`),
    database.checks.query('SELECT 1'),
  ])
  for (const outcome of outcomes) assert.ok(isAway(outcome))
  for (const code of [
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EAI_AGAIN',
    'ECONNABORTED',
    'EADDRNOTAVAIL',
    'EMFILE',
  ]) {
    assert.ok(
      isDatabaseAway(new Error('A query failed', { cause: Object.assign(new Error(), { code }) })),
      code,
    )
  }
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
  const { through, line, written } = await silentLine(t)
  const database = openDatabase(through, { silentMs: 200 })
  t.after(database.close)
  assert.ok(isAway(await silenced(database.prisma, line)))
  await database.prisma.$executeRaw`INSERT INTO log_head (stream, seq) VALUES ('kept', 1)`
  assert.deepEqual(await written(), ['kept'])
})

test('When one line falls silent, those that have said nothing since are left at once, however long theirs may take.', async (t) => {
  const { through, line } = await silentLine(t)
  const database = openDatabase(through, { limits: { statementMs: 500 } })
  t.after(database.close)
  const { prisma } = database
  const patiently = () => database.using('long', () => prisma.$queryRaw`SELECT 1`)
  await Promise.all([patiently(), patiently(), prisma.$queryRaw`SELECT 1`])
  const endless = database.using('long', () => prisma.$queryRaw`SELECT pg_sleep(600)::text`)
  const interrupted = Promise.allSettled([endless])
  while ((await running(prisma)) < 1);

  line.swallow()
  assert.ok(isAway((await Promise.allSettled([prisma.$queryRaw`SELECT 1`]))[0]))
  assert.ok(isAway((await interrupted)[0]))
  await patiently()
  await prisma.$queryRaw`SELECT 1`
})

test('With pg’s own timeout what is written next is never committed (the control arm).', async (t) => {
  const { through, line, written } = await silentLine(t)
  const pool = new pg.Pool({ connectionString: through, max: 1, query_timeout: 200 })
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  t.after(async () => {
    await prisma.$disconnect()
    await pool.end()
  })
  assert.equal((await silenced(prisma, line)).status, 'rejected')
  assert.equal(await prisma.$executeRaw`INSERT INTO log_head (stream, seq) VALUES ('kept', 1)`, 1)
  assert.deepEqual(await written(), [])
})

/** A database behind a connection that can be frozen; `written` reads what was committed. */
async function silentLine(t: TestContext) {
  const { url } = await testDatabase(t)
  const direct = openDatabase(url)
  const { hostname, port } = new URL(url)
  const line = await tcpProxy({ host: hostname, port: Number(port) })
  t.after(async () => {
    await line.close()
    await direct.close()
  })
  return {
    line,
    through: Object.assign(new URL(url), { port: line.port }).href,
    async written() {
      const rows = await direct.prisma.$queryRaw<{ stream: string }[]>`SELECT stream FROM log_head`
      return rows.map(({ stream }) => stream)
    },
  }
}

/** A transaction whose connection freezes halfway, and resumes after it has failed. */
async function silenced(prisma: PrismaClient, line: TcpProxy) {
  const held = prisma.$transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO log_head (stream, seq) VALUES ('lost', 1)`
    line.freeze()
    await tx.$queryRaw`SELECT 1`
  })
  const [outcome] = await Promise.allSettled([held])
  line.thaw()
  return outcome
}

function isAway(outcome: PromiseSettledResult<unknown> | undefined): boolean {
  return outcome?.status === 'rejected' && isDatabaseAway(outcome.reason)
}

/** How many of this database's connections are in a statement or a transaction, not counting the caller's. */
async function running(db: ReturnType<typeof openDatabase>['prisma']): Promise<number> {
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`
  return row?.n ?? 0
}
