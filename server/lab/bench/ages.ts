import type { Arrivals } from './arrivals.ts'
import type { MadeTick } from './made-tick.ts'

export type Ages = { p50Ms: number; p99Ms: number; values: number }

/** What must not happen: a price that no market made, one older than the one before, one that was kept back. */
export type Faults = { unknown: number; backwards: number; stale: number }

/** How long before the end a tick must have been made to be missed. */
const graceMs = 2_000

/** When each value of each frame was due at the market. */
function originsOf(arrivals: Arrivals, journal: MadeTick[]): number[][] {
  const made = new Map<string, number[]>()
  for (const { tick, dueAtMs } of journal) {
    const key = tick.join(' ')
    const times = made.get(key)
    if (times) times.push(dueAtMs)
    else made.set(key, [dueAtMs])
  }
  const firstAtMs: number[] = []
  for (const [row, frame] of arrivals.frame.entries()) firstAtMs[frame] ??= arrivals.atMs[row] ?? 0
  return arrivals.frames.map(({ ticks }, frame) =>
    ticks.map((tick) => {
      const before = firstAtMs[frame] ?? 0
      // The same price and size may have been there before: what was sent is the newest.
      return made.get(tick.join(' '))?.findLast((atMs) => atMs <= before) ?? Number.NaN
    }),
  )
}

/** The age of each delivered value when it arrived at each client, and what was wrong at the first `sampled` clients. */
export function agesOf(
  arrivals: Arrivals,
  journal: MadeTick[],
  sampled: number,
): { ages: Ages; faults: Faults } {
  const origins = originsOf(arrivals, journal)
  const count = arrivals.frame.reduce((sum, frame) => sum + (arrivals.frames[frame]?.ticks.length ?? 0), 0)
  const ages = new Float64Array(count)
  let next = 0
  for (const [row, frame] of arrivals.frame.entries()) {
    for (const origin of origins[frame] ?? []) ages[next++] = (arrivals.atMs[row] ?? 0) - origin
  }
  const known = ages.filter((age) => !Number.isNaN(age)).sort()
  const at = (share: number) => known[Math.floor((known.length - 1) * share)] ?? Number.NaN
  return {
    ages: { p50Ms: at(0.5), p99Ms: at(0.99), values: count },
    faults: faultsOf(arrivals, origins, journal, sampled),
  }
}

function faultsOf(
  { frames, frame, client, atMs }: Arrivals,
  origins: number[][],
  journal: MadeTick[],
  sampled: number,
): Faults {
  const faults: Faults = { unknown: 0, backwards: 0, stale: 0 }
  const seen = Array.from({ length: sampled }, () => new Map<string, number>())
  for (const [row, index] of frame.entries()) {
    const latest = seen[client[row] ?? sampled]
    for (const [nth, [symbol]] of (latest && frames[index]?.ticks.entries()) || []) {
      const origin = origins[index]?.[nth] ?? Number.NaN
      if (Number.isNaN(origin)) faults.unknown += 1
      else if (origin < (latest?.get(symbol) ?? 0)) faults.backwards += 1
      latest?.set(symbol, origin)
    }
  }
  const due = (atMs.at(-1) ?? 0) - graceMs
  const newest = new Map<string, number>()
  for (const { tick, dueAtMs: madeAt } of journal) if (madeAt < due) newest.set(tick[0], madeAt)
  for (const latest of seen) {
    for (const [symbol, madeAt] of newest) if ((latest.get(symbol) ?? 0) < madeAt) faults.stale += 1
  }
  return faults
}
