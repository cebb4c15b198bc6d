import { askLab } from '#components/lab/runs/ask-lab.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import type { DrillReport } from '#server/protocol/lab-report.ts'
import type { ListedRun, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'

export type StoredDrill = { runId: string; number: number; report: DrillReport }

export type LatestDrills = {
  mayRun: boolean
  /** What goes on at this moment, of whatever kind. */
  goingOn: ListedRun | undefined
  stored: Partial<Record<DrillName, StoredDrill>>
}

/** How far back it is looked for a drill, in pages of the list. */
const pagesBack = 5

/** The latest result of each drill that this machine has stored; or why it cannot be told, in a sentence. */
export async function readLatestDrills(signal: AbortSignal): Promise<LatestDrills | { why: string }> {
  const latest = new Map<DrillName, ListedRun>()
  let first: WireRunList | undefined
  let before: string | null | undefined
  for (let page = 0; page < pagesBack && before !== null && latest.size < drillNames.length; page += 1) {
    const answer = await askLab<WireRunList>(
      before === undefined ? '/runs' : `/runs?before=${encodeURIComponent(before)}`,
      signal,
    )
    if (answer.type !== 'read') {
      return { why: answer.type === 'failed' ? answer.why : 'This server has no lab.' }
    }
    first ??= answer.value
    before = answer.value.nextBefore
    for (const run of answer.value.items) {
      const { order, state } = run
      if (order.kind === 'drill' && state === 'done' && !latest.has(order.drill)) latest.set(order.drill, run)
    }
  }
  return {
    mayRun: first?.mayRun ?? false,
    goingOn: first?.items.find(({ state }) => !isOver(state)),
    stored: Object.fromEntries(await Promise.all([...latest].map((one) => reportOf(one, signal)))),
  }
}

async function reportOf(
  [drill, { id, number }]: [DrillName, ListedRun],
  signal: AbortSignal,
): Promise<[DrillName, StoredDrill | undefined]> {
  const answer = await askLab<WireRun>(`/runs/${encodeURIComponent(id)}`, signal)
  const outcome = answer.type === 'read' ? answer.value.outcome : undefined
  return [drill, outcome?.kind === 'drill' ? { runId: id, number, report: outcome.report } : undefined]
}
