import type { LabRun, PrismaClient } from '#prisma/generated/client.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { ListedRun, RunOutcome, RunState, WireRun } from '#server/protocol/lab-runs.ts'
import { runOrderSchema } from '#server/protocol/lab-schemas.ts'
import { RunNotFound } from './refusals.ts'

type Reader = Pick<PrismaClient, 'labRun'>

const pageSize = 20
const idPattern = /^[A-Za-z0-9_-]{16}$/
const listed = {
  ...{ id: true, number: true, name: true, state: true, order: true, lost: true, failure: true },
  ...{ startedAt: true, endedAt: true },
} as const

/** A run, with its report once there is one. Throws `RunNotFound`. */
export async function readRun(db: Reader, id: string): Promise<WireRun> {
  const row = idPattern.test(id) ? await db.labRun.findUnique({ where: { id } }) : null
  if (!row) throw new RunNotFound()
  const outcome = outcomeOf(row)
  return { ...headOf(row), ...(outcome && { outcome }) }
}

/** A run without its report; `null` when there is none. */
export async function readRunHead(db: Reader, id: string): Promise<WireRun | null> {
  const row = idPattern.test(id) ? await db.labRun.findUnique({ where: { id }, select: listed }) : null
  return row && headOf(row)
}

/** Parses the number of a run from a `before`; undefined when it is not one. */
export function parseRunNumber(text: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
}

/** The newest 20 before a number, newest first, without their reports. */
export async function listRuns(
  db: Reader,
  before?: number,
): Promise<{ items: ListedRun[]; nextBefore: string | null }> {
  const rows = await db.labRun.findMany({
    select: listed,
    ...(before !== undefined && { where: { number: { lt: before } } }),
    orderBy: { number: 'desc' },
    take: pageSize + 1,
  })
  const items = rows.slice(0, pageSize).map((row) => ({ ...headOf(row), lost: row.lost }))
  const last = items.at(-1)
  return { items, nextBefore: rows.length > pageSize && last ? String(last.number) : null }
}

/** A row without its report, as sent on the wire. */
export function headOf(row: Pick<LabRun, keyof typeof listed>): Omit<WireRun, 'outcome' | 'cursor'> {
  const { id, number, name, failure, startedAt, endedAt } = row
  return {
    ...{ id, number, name },
    state: row.state as RunState,
    order: runOrderSchema.parse(row.order),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    ...(failure !== null && { failure }),
  }
}

/** The report of a run, including a page's report on its own lanes. */
function outcomeOf({ outcome, browser }: LabRun): RunOutcome | undefined {
  if (outcome === null) return undefined
  const found = outcome as RunOutcome
  if (found.kind !== 'scenario' || browser === null) return found
  return { kind: 'scenario', report: { ...found.report, browser: browser as BrowserReport } }
}
