import { EventEmitter } from 'node:events'
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger as Pino } from 'pino'
import { createRescue } from './rescue.ts'

/** What a job does, by task name. A task that throws is tried again with exponential backoff. */
export type JobTasks = Record<string, (payload: unknown) => Promise<void>>

export type Worker = { stop(): Promise<void> }

type Options = { pool: Pool; tasks: JobTasks; cron: Record<string, string>; log: Pino; concurrency?: number }

/**
 * Runs the durable jobs (graphile-worker) until stopped. `cron` maps a task to when it runs, in cron's five fields.
 */
export async function startWorker({ pool, tasks, cron, log, concurrency = 4 }: Options): Promise<Worker> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
  const rescue = createRescue(pool, log)
  const events: WorkerEvents = new EventEmitter()
  events.on('worker:create', ({ worker }) => rescue.keep(worker.workerId))
  const runner: Runner = await run({
    pgPool: pool,
    taskList,
    concurrency,
    events,
    noHandleSignals: true,
    pollInterval: 1_000,
    crontab: Object.entries(cron)
      .map(([task, when]) => `${when} ${task}`)
      .join('\n'),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ worker: true }, message)
      else if (level === 'warning') log.warn({ worker: true }, message)
      else log.debug({ worker: true }, message)
    }),
  })
  return {
    async stop() {
      await runner.stop()
      await rescue.close()
    },
  }
}
