import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger as Pino } from 'pino'
import { withTimeout } from '#server/database/with-timeout.ts'
import { createRescue } from './rescue.ts'

/** What a job does, by task name. A task that throws is retried with exponential backoff. */
export type JobTasks = Record<string, (payload: unknown) => Promise<void>>

export type Worker = {
  /** Starts a new runner. Call it when the database was replaced: tasks have other ids there. */
  restart(): void
  stop(): Promise<void>
}

type Options = { pool: Pool; tasks: JobTasks; cron: Record<string, string>; log: Pino; concurrency?: number }

const restartMs = 500
/** How long a runner may take to end: after it has lost Postgres, and after it was stopped. */
const lostMs = 2_000
const stopMs = 8_000

/**
 * Runs the durable jobs (graphile-worker) until stopped. `cron` maps a task to its schedule, in cron's five fields.
 *
 * When Postgres becomes unavailable during a job, graphile-worker gives up; another runner then starts as soon as
 * possible, and the rescue gives it the jobs that the first one held. A runner that gives up while several jobs are
 * running may wait forever (it miscounts jobs whose end it could not report), so it is abandoned. A runner whose first
 * query for jobs failed caches the failure as its task ids and would never find a job, so it is replaced too.
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
      // Batched, because otherwise nothing handles the error when Postgres is unavailable at the end of a job, and it
      // would end the process.
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

  /** It may have stopped already, or be stopping: that is not an error. */
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
