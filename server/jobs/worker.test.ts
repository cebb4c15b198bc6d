import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { Logger, run, runMigrations } from 'graphile-worker'
import { openDatabase } from '#server/database/pool.ts'
import { createLogger } from '#server/logger.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
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
  // The ends of two jobs that cannot be told one after the other are what graphile-worker waits for without end.
  for (const _ of people) {
    releaseOne()
    await assert.rejects(database.pool.query('SELECT 1'))
  }
  release()
  await cluster.start()

  assert.deepEqual(await all(), people)
})

test('graphile-worker alone gives up (the control arm).', async (t) => {
  const { cluster, database, greet, greeted, release } = await outage(t)
  const runner = await run({
    pgPool: database.pool,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: { greet },
  })
  await enqueue(database.prisma, 'greet', { name: 'first' })
  assert.equal(await greeted(), 'first')
  await cluster.stop()
  release()
  await runner.promise
})

/** A Postgres to take away, and a task that waits until `release()`, or until it is the one that `releaseOne()` lets go. */
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
