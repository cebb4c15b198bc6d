import { latencyEdgesMs } from '#server/protocol/lab-distribution.ts'
import type { Distribution } from '#server/protocol/lab-report.ts'

/** The part of the logarithmic axis that is drawn: whole decades, as powers of ten of a millisecond. */
export type LatencyScale = { from: number; to: number }

const binsPerDecade = 20
const firstDecade = -1
const shownWhenEmpty: LatencyScale = { from: 0, to: 4 }

/** The decades in which any of the distributions has a value; at least two. */
export function latencyScale(distributions: readonly Distribution[]): LatencyScale {
  const filled = distributions.flatMap(({ counts }) =>
    counts.flatMap((count, bin) => (count > 0 ? [bin] : [])),
  )
  if (filled.length === 0) return shownWhenEmpty
  const from = firstDecade + Math.floor(Math.min(...filled) / binsPerDecade)
  const to = firstDecade + Math.floor(Math.max(...filled) / binsPerDecade) + 1
  return { from, to: Math.max(to, from + 2) }
}

/** The position of `ms` on the scale, from 0 to 1. */
export function placeOn({ from, to }: LatencyScale, ms: number): number {
  const share = (Math.log10(Math.max(ms, latencyEdgesMs[0] ?? 0.1)) - from) / (to - from)
  return Math.min(1, Math.max(0, share))
}

/** A bar for each non-empty bin, `at` and `width` from 0 to 1, its height relative to the highest. */
type LatencyBar = { at: number; width: number; height: number }

export function latencyBars(scale: LatencyScale, { counts }: Distribution): LatencyBar[] {
  const highest = Math.max(...counts, 1)
  return counts.flatMap((count, bin) => {
    const [from, to] = [latencyEdgesMs[bin], latencyEdgesMs[bin + 1]]
    if (count === 0 || from === undefined || to === undefined) return []
    const at = placeOn(scale, from)
    return [{ at, width: placeOn(scale, to) - at, height: count / highest }]
  })
}

/** The decades of the scale: `1 ms`, `10 ms`, `1 s`. */
export function decadesOf({ from, to }: LatencyScale): { at: number; label: string }[] {
  return Array.from({ length: to - from + 1 }, (_, n) => {
    const ms = 10 ** (from + n)
    return {
      at: n / (to - from),
      label: ms < 1_000 ? `${Number(ms.toFixed(1))} ms` : `${Math.round(ms / 1_000)} s`,
    }
  })
}
