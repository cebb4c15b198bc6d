import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { Logger, run, runMigrations, type WorkerEvents } from 'graphile-worker'
import { connectClient } from '#server/database/client.ts'
import { openDatabase } from '#server/database/pool.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { enqueue } from './enqueue.ts'
import { startWorker } from './worker.ts'

test('A worker whose Postgres goes away under a job runs it again when Postgres is back.', async (t) => {
  const { cluster, database, greet, greeted, release, closeAfter } = await outage(t)
  const worker = await startWorker({
    pool: database.pool,
    tasks: { greet },
    cron: {},
    log: createLogger('silent'),
  })
  closeAfter(worker.stop)
  await enqueue(database.prisma, 'greet', { name: 'first' })
  assert.equal(await greeted(), 'first')
  await cluster.stop()
  release()
  await assert.rejects(database.pool.query('SELECT 1'))
  await cluster.start()

  assert.equal(await greeted(), 'first')
  await enqueue(database.prisma, 'greet', { name: 'second' })
  assert.equal(await greeted(), 'second')
})

test('A worker whose Postgres goes away under all of its jobs runs them again, too, and can be stopped.', async (t) => {
  const { cluster, database, greet, greeted, release, releaseOne, closeAfter } = await outage(t)
  const worker = await startWorker({
    pool: database.pool,
    tasks: { greet },
    cron: {},
    log: createLogger('silent'),
  })
  closeAfter(worker.stop)
  const people = ['Ann', 'Bob', 'Cleo', 'Dan']
  for (const name of people) await enqueue(database.prisma, 'greet', { name })
  const all = async () => (await Promise.all(people.map(greeted))).toSorted()
  assert.deepEqual(await all(), people)
  await cluster.stop()
  // graphile-worker waits forever for two jobs whose ends it cannot report one after the other.
  for (const _ of people) {
    releaseOne()
    await assert.rejects(database.pool.query('SELECT 1'))
  }
  release()
  await cluster.start()

  assert.deepEqual(await all(), people)
})

test('A worker whose first look for jobs failed finds them all the same; graphile-worker alone never does.', async (t) => {
  const { url } = await testDatabase(t)
  const database = openDatabase(url, { limits: { lockMs: 100, statementMs: 5_000 } })
  t.after(database.close)
  const locking = await connectClient(url)
  t.after(() => locking.end())
  await locking.query('BEGIN; LOCK TABLE graphile_worker._private_tasks')
  const greeted: string[] = []
  const greetAs = (who: string) => async () => void greeted.push(who)
  const events: WorkerEvents = new EventEmitter()
  const alone = await run({ ...quiet, pgPool: database.pool, events, taskList: { alone: greetAs('alone') } })
  t.after(() => alone.stop())
  const lines: string[] = []
  const log = createLogger('debug', { write: (line: string) => void lines.push(line) })
  const worker = await startWorker({ pool: database.pool, tasks: { ours: greetAs('ours') }, cron: {}, log })
  t.after(worker.stop)
  await once(events, 'worker:getJob:error')
  await eventually(() => lines.some((line) => line.includes('Failed to acquire job')))
  await locking.query('COMMIT')
  await enqueue(database.prisma, 'alone', {})
  await enqueue(database.prisma, 'ours', {})
  await eventually(() => greeted.length > 0)
  await once(events, 'worker:getJob:error')
  assert.deepEqual(greeted, ['ours'])
})

test('graphile-worker alone gives up (the control arm).', async (t) => {
  const { cluster, database, greet, greeted, release } = await outage(t)
  const runner = await run({
    pgPool: database.pool,
    ...quiet,
    taskList: { greet },
  })
  await enqueue(database.prisma, 'greet', { name: 'first' })
  assert.equal(await greeted(), 'first')
  await cluster.stop()
  release()
  await runner.promise
})

const quiet = {
  noHandleSignals: true,
  parsedCronItems: [],
  pollInterval: 1_000,
  logger: new Logger(() => () => undefined),
  preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
}

/** A Postgres that can be stopped, and a task that waits for `release()`, or for a `releaseOne()` that picks it. */
async function outage(t: TestContext) {
  const cluster = await testCluster(t)
  await runMigrations({ connectionString: cluster.url })
  const database = openDatabase(cluster.url)
  const closings: (() => Promise<void>)[] = [database.close]
  const names: string[] = []
  const heard = new EventTarget()
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  const gates: (() => void)[] = []
  t.after(async () => {
    release()
    for (const close of closings.reverse()) await close()
  })
  return {
    cluster,
    database,
    release,
    releaseOne: () => gates.shift()?.(),
    closeAfter: (close: () => Promise<void>) => void closings.push(close),
    async greet(payload: unknown) {
      names.push((payload as { name: string }).name)
      heard.dispatchEvent(new Event('greeted'))
      const own = Promise.withResolvers<void>()
      gates.push(own.resolve)
      await Promise.race([gate, own.promise])
    },
    async greeted() {
      while (names.length === 0) await once(heard, 'greeted')
      return names.shift()
    },
  }
}
