import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger as Pino } from 'pino'
import { createRescue } from './rescue.ts'

/** What a job does, by task name. A task that throws is tried again with exponential backoff. */
export type JobTasks = Record<string, (payload: unknown) => Promise<void>>

export type Worker = {
  /** Begins anew: the database is another, and knows the tasks by other ids. */
  restart(): void
  stop(): Promise<void>
}

type Options = { pool: Pool; tasks: JobTasks; cron: Record<string, string>; log: Pino; concurrency?: number }

const restartMs = 500

/**
 * Runs the durable jobs (graphile-worker) until stopped. `cron` maps a task to when it runs, in cron's five fields.
 *
 * When Postgres goes away under a job, graphile-worker gives up; then another runner starts as soon as it can, and
 * the rescue gives it the jobs that the first one held.
 */
export async function startWorker({ pool, tasks, cron, log, concurrency = 4 }: Options): Promise<Worker> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
  const rescue = createRescue(pool, log)
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => rescue.keep(workerPool.id))
  events.on('pool:release', ({ workerPool }) => rescue.drop(workerPool.id))
  const stopped = new AbortController()

  const startRunner = () =>
    run({
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

  let runner: Runner | undefined = await startRunner()

  async function keepRunning() {
    while (!stopped.signal.aborted) {
      try {
        runner ??= await startRunner()
        await runner.promise
      } catch (error) {
        log.debug({ err: error }, 'Could not run jobs')
      }
      runner = undefined
      await pause(restartMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }
  const kept = keepRunning()

  return {
    restart: () => void runner?.stop().catch(() => undefined),
    async stop() {
      stopped.abort()
      await runner?.stop()
      await kept
      await rescue.close()
    },
  }
}
