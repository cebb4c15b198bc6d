import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger as Pino } from 'pino'
import { withTimeout } from '#server/database/with-timeout.ts'
import { createRescue } from './rescue.ts'

/** What a job does, by task name. A task that throws is tried again with exponential backoff. */
export type JobTasks = Record<string, (payload: unknown) => Promise<void>>

export type Worker = {
  /** Starts over: the database is another, and knows the tasks by other ids. */
  restart(): void
  stop(): Promise<void>
}

type Options = { pool: Pool; tasks: JobTasks; cron: Record<string, string>; log: Pino; concurrency?: number }

const restartMs = 500
/** How long a runner may take to end: when Postgres was lost under it, and when it was told to. */
const lostMs = 2_000
const stopMs = 8_000

/**
 * Runs the durable jobs (graphile-worker) until stopped. `cron` maps a task to when it runs, in cron's five fields.
 *
 * When Postgres goes away under a job, graphile-worker gives up; then another runner starts as soon as it can, and
 * the rescue gives it the jobs that the first one held. One that gives up while it waits for several jobs may wait for
 * ever (it miscounts those whose end it could not tell): it is left to itself. One whose first look for jobs failed
 * remembers that as the ids of its tasks, and would never find a job: it gives way to another, too.
 */
export async function startWorker({ pool, tasks, cron, log, concurrency = 4 }: Options): Promise<Worker> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
  const rescue = createRescue(pool, log)
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => rescue.keep(workerPool.id))
  events.on('pool:gracefulShutdown', ({ workerPool }) => void ending(workerPool))
  let hasLooked = false
  for (const looked of ['worker:getJob:empty', 'job:start'] as const) {
    events.on(looked, () => {
      hasLooked = true
    })
  }
  events.on('worker:getJob:error', () => {
    if (!hasLooked) stopRunner()
  })
  const stopped = new AbortController()
  let ended = Promise.withResolvers<void>()

  async function ending(workerPool: WorkerPool) {
    const { resolve } = ended
    const ms = stopped.signal.aborted ? stopMs : lostMs
    await withTimeout(ms, workerPool.promise).catch(() => undefined)
    rescue.drop(workerPool.id)
    resolve()
  }

  function startRunner() {
    hasLooked = false
    return run({
      pgPool: pool,
      taskList,
      concurrency,
      events,
      noHandleSignals: true,
      pollInterval: 1_000,
      crontab: Object.entries(cron)
        .map(([task, when]) => `${when} ${task}`)
        .join('\n'),
      // Batched, for otherwise nobody handles the error when Postgres is away at the end of a job: it ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new Logger(() => (level, message) => {
        if (level === 'error') log.error({ worker: true }, message)
        else if (level === 'warning') log.warn({ worker: true }, message)
        else log.debug({ worker: true }, message)
      }),
    })
  }

  let runner: Runner | undefined = await startRunner()

  async function keepRunning() {
    while (!stopped.signal.aborted) {
      try {
        runner ??= await startRunner()
        if (stopped.signal.aborted) stopRunner()
        await Promise.race([runner.promise, ended.promise])
      } catch (error) {
        log.debug({ err: error }, 'Could not run jobs')
      }
      stopRunner()
      runner = undefined
      ended = Promise.withResolvers()
      await pause(restartMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }
  const kept = keepRunning()

  /** It may have stopped, or be about to: that is no error. */
  function stopRunner() {
    runner?.stop().catch(() => undefined)
  }

  return {
    restart: stopRunner,
    async stop() {
      stopped.abort()
      stopRunner()
      await kept
      await rescue.close()
    },
  }
}
