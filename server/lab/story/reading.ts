import { distributionSince } from '#server/protocol/lab-distribution.ts'
import type { Distribution, StoryFigures } from '#server/protocol/lab-report.ts'

/** What was counted until `atMs`, by the clock of this process. */
export type Reading = {
  atMs: number
  polls: number
  latencies: Distribution
  queries: number
  cpuMs: number
}

/** What happened between two readings of one server. */
export function figuresBetween(before: Reading, now: Reading): Omit<StoryFigures, 'mode' | 'atMs'> {
  const ms = now.atMs - before.atMs
  const { p50Ms, p99Ms } = distributionSince(before.latencies, now.latencies)
  return {
    pollsPerSecond: ((now.polls - before.polls) * 1_000) / ms,
    queriesPerSecond: ((now.queries - before.queries) * 1_000) / ms,
    ...{ p50Ms, p99Ms },
    cpuShare: (now.cpuMs - before.cpuMs) / ms,
  }
}
