import { z } from 'zod'
import { runOrderSchema } from '#server/protocol/lab.ts'
import type { LaneSignIn, ListedRun, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'
import { cursorPattern } from '#server/protocol/protocol.ts'

const moment = z.iso.datetime()

const head = {
  id: z.string(),
  number: z.int(),
  name: z.string().nullable(),
  state: z.enum(['preparing', 'running', 'finishing', 'done', 'stopped', 'failed']),
  order: runOrderSchema,
  startedAt: moment,
  endedAt: moment.nullable(),
  failure: z.string().optional(),
}

/** A report is what the run's process measured: `protocol/lab.ts` says what is in it. */
const outcome = z.strictObject({
  kind: z.enum(['scenario', 'drill', 'trap', 'story']),
  report: z.looseObject({}),
})

export const runAnswer = z
  .strictObject({
    ...head,
    outcome: outcome.optional(),
    cursor: z.string().regex(cursorPattern).optional(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<Omit<WireRun, 'outcome'>>

export const laneSignInAnswer = z.strictObject({
  email: z.string(),
  password: z.string(),
}) satisfies z.ZodType<LaneSignIn>

const listedRun = z
  .strictObject({ ...head, cursor: z.string().optional(), lost: z.int().nullable() })
  .meta({ id: 'ListedRun' }) satisfies z.ZodType<ListedRun>

export const runListAnswer = z.strictObject({
  items: z.array(listedRun),
  nextBefore: z.string().nullable(),
  mayRun: z.boolean(),
}) satisfies z.ZodType<WireRunList>
