import { randomBytes } from 'node:crypto'
import type { LabRun, PrismaClient } from '#prisma/generated/client.ts'
import { timeOf } from '#server/database/clock.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { RunOutcome, RunState } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { RunInOtherState, RunNotFound } from './refusals.ts'

/** The end of a run. */
export type RunEnd = { state: RunState; outcome?: RunOutcome; failure?: string }

const keptRuns = 500

/** An unguessable id, because anybody with the link may read the run. */
export function newRunId(): string {
  return randomBytes(12).toString('base64url')
}

export function insertRun(prisma: PrismaClient, id: string, order: RunOrder): Promise<LabRun> {
  const name = order.kind === 'scenario' ? (order.name ?? null) : null
  return prisma.labRun.create({ data: { id, name, state: 'preparing', order } })
}

export async function moveRun(prisma: PrismaClient, id: string, state: RunState): Promise<void> {
  await prisma.labRun.updateMany({ where: { id, state: { in: goingOn } }, data: { state } })
}

export async function endRun(prisma: PrismaClient, id: string, end: RunEnd): Promise<void> {
  const { state, outcome, failure } = end
  await prisma.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ browser: BrowserReport | null }[]>`
      SELECT browser FROM lab_run WHERE id = ${id} FOR UPDATE`
    if (!row) return
    const report = outcome && { outcome, lost: lostIn(outcome, row.browser) }
    const data = { state, endedAt: await timeOf(tx), ...(failure !== undefined && { failure }), ...report }
    await tx.labRun.update({ where: { id }, data })
  })
}

/** Throws `RunNotFound`. */
export async function nameRun(prisma: PrismaClient, id: string, name: string): Promise<void> {
  const { count } = await prisma.labRun.updateMany({ where: { id }, data: { name } })
  if (count === 0) throw new RunNotFound()
}

/** Throws `RunNotFound`, and `RunInOtherState` for one in progress. */
export async function deleteRun(prisma: PrismaClient, id: string): Promise<void> {
  const { count } = await prisma.labRun.deleteMany({ where: { id, state: { notIn: goingOn } } })
  if (count > 0) return
  const row = await prisma.labRun.findUnique({ where: { id }, select: { state: true } })
  if (!row) throw new RunNotFound()
  throw new RunInOtherState('The run is in progress: stop it first', row.state as RunState)
}

/**
 * Stores a page's report on its own lanes, during the run or after it; the latest one counts. Throws `RunNotFound`, and
 * `RunInOtherState` for a run without lanes.
 */
export async function keepBrowser(prisma: PrismaClient, id: string, browser: BrowserReport): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ kind: string; state: RunState; outcome: RunOutcome | null }[]>`
      SELECT "order"->>'kind' AS kind, state, outcome FROM lab_run WHERE id = ${id} FOR UPDATE`
    if (!row) throw new RunNotFound()
    if (row.kind !== 'scenario')
      throw new RunInOtherState('This run doesn’t accept browser clients', row.state)
    const lost = lostIn(row.outcome, browser)
    await tx.labRun.update({ where: { id }, data: { browser, lost } })
  })
}

/** Fails the runs that were in progress when the app died: their processes ended with it. */
export async function failForgottenRuns(prisma: PrismaClient): Promise<void> {
  const data = {
    state: 'failed',
    failure: 'The app was stopped during the run',
    endedAt: await timeOf(prisma),
  }
  await prisma.labRun.updateMany({ where: { state: { in: goingOn } }, data })
}

/** Deletes all but the newest 500. */
export async function forgetOldRuns(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM lab_run WHERE number <= (SELECT number FROM lab_run ORDER BY number DESC OFFSET ${keptRuns} LIMIT 1)`
}

/** How many entries our clients lost, including a browser's; null where nothing was counted. */
function lostIn(outcome: RunOutcome | null, browser: BrowserReport | null): number | null {
  switch (outcome?.kind) {
    case 'scenario': {
      const lanes = [...Object.values(outcome.report.lanes), ...Object.values(browser?.lanes ?? {})]
      return lanes.reduce((sum, { ledger }) => sum + ledger.lost, 0)
    }
    case 'drill':
      return outcome.report.ours.ledger.lost
    case 'cluster':
      return outcome.report.ledger.lost
    default:
      return null
  }
}

/** The states of a run in progress. */
const goingOn: RunState[] = ['preparing', 'running', 'finishing']

export function isGoingOn(state: RunState): boolean {
  return goingOn.includes(state)
}
