import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { Logger, run, runMigrations } from 'graphile-worker'
import { openDatabase } from '#server/database/pool.ts'
import { createLogger } from '#server/logger.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { enqueue } from './enqueue.ts'
import { type JobTasks, startWorker } from './worker.ts'

const log = createLogger('silent')

test('A job that a killed worker holds is run by the next one.', async (t) => {
  const { add, worker, database } = await jobs(t)
  await add('greet', { name: 'orphan' })
  await heldByTheDead(database)
  const greeted = await worker()
  assert.equal(await greeted.next(), 'orphan')
})

test('Without the rescue it stays locked (the control arm).', async (t) => {
  const { add, database, closeAfter } = await jobs(t)
  await add('greet', { name: 'orphan' })
  await heldByTheDead(database)
  const names: string[] = []
  const heard = new EventTarget()
  const runner = await run({
    pgPool: database.pool,
    noHandleSignals: true,
    pollInterval: 100,
    logger: new Logger(() => () => undefined),
    parsedCronItems: [],
    taskList: {
      greet: (payload) => {
        names.push((payload as { name: string }).name)
        heard.dispatchEvent(new Event('greeted'))
      },
    },
  })
  closeAfter(() => runner.stop())
  const fence = once(heard, 'greeted')
  await add('greet', { name: 'fence' })
  await fence
  assert.deepEqual(names, ['fence'])
})

test('A job that a living worker holds is left to it.', async (t) => {
  const { add, worker, database, closeAfter } = await jobs(t)
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow = await worker(() => gate)
  closeAfter(async () => open())
  await add('greet', { name: 'slow' })
  assert.equal(await slow.next(), 'slow')

  const other = await worker()
  await add('greet', { name: 'orphan' }, 60_000)
  await heldByTheDead(database)
  // A fence: a worker that looks for dead holders and finds this one has seen the slow job too. Either may take it once
  // it is free.
  assert.equal(await Promise.race([other.next(), slow.next()]), 'orphan')
  const { rows } = await database.pool.query(
    `SELECT locked_by, attempts FROM graphile_worker._private_jobs WHERE payload->>'name' = 'slow'`,
  )
  assert.equal(rows[0].attempts, 1)
  assert.match(rows[0].locked_by, /^pool-/)
})

/** The jobs of one test: how to add one, and how to start a worker that reports whom it greeted. */
async function jobs(t: TestContext) {
  const { url } = await testDatabase(t)
  await runMigrations({ connectionString: url })
  const database = openDatabase(url)
  const closings: (() => Promise<void>)[] = [database.close]
  t.after(async () => {
    for (const close of closings.reverse()) await close()
  })

  async function worker(after: () => Promise<void> = async () => undefined) {
    const names: string[] = []
    const heard = new EventTarget()
    const tasks: JobTasks = {
      async greet(payload) {
        names.push((payload as { name: string }).name)
        heard.dispatchEvent(new Event('greeted'))
        await after()
      },
    }
    const own = openDatabase(url)
    const started = await startWorker({ pool: own.pool, tasks, cron: {}, log })
    closings.push(own.close, started.stop)
    return {
      async next() {
        if (names.length === 0) await once(heard, 'greeted')
        return names.shift()
      },
    }
  }

  const add = (task: string, payload: Record<string, unknown>, delayMs = 0) =>
    enqueue(database.prisma, task, payload, delayMs)
  const closeAfter = (close: () => Promise<void>) => void closings.push(close)
  return { database, add, worker, closeAfter }
}

/** What a kill -9 leaves behind: jobs locked by a pool that no longer exists. They are due at once. */
async function heldByTheDead({ pool }: { pool: { query(text: string): Promise<unknown> } }) {
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'pool-dead', locked_at = now(), run_at = now()
     WHERE payload->>'name' = 'orphan'`,
  )
}
