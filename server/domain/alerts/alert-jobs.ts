import { z } from 'zod'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { AlertBook } from './alert-book.ts'
import { spreadAlert } from './spread-alert.ts'

const batch = z.object({ alertId: z.int(), after: z.string() })

/** The durable job of this folder. */
export function alertJobs(book: AlertBook): JobTasks {
  return {
    'spread-alert': async (payload) => {
      const { alertId, after } = batch.parse(payload)
      await spreadAlert(book, alertId, after)
    },
  }
}
