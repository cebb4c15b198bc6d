import { formatCount } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { LanePlan } from './plan.ts'

export const planNeeds = [
  {
    need: 'memoryMiB',
    name: 'memory',
    unit: 'MiB',
    says: 'memory for open connections in MiB, by connected people',
  },
  { need: 'cores', name: 'cores', says: 'cores, by connected people' },
  {
    need: 'megabitsPerSecond',
    name: 'bandwidth',
    says: 'Mbit/s in both directions, by connected people',
  },
] as const
export type PlanNeed = (typeof planNeeds)[number]['need']

/** A line of the chart, in percent of the plot, from its left edge to its right. */
export type ScaleLine = { lane: DeliveryName; from: number; to: number; atPeople: number }
type Tick = { at: number; label: string }

/** Both axes are logarithmic: people from left to right, needs from bottom to top. All in percent of the plot. */
export type PlanScale = {
  lines: readonly ScaleLine[]
  people: readonly Tick[]
  needs: readonly Tick[]
  /** Where the measured range ends, and where the plan's number of people is. */
  measuredTo: number
  peopleAt: number
}

/** Needs are linear in people, so each is a straight line here too. */
export function planScale(
  need: PlanNeed,
  people: number,
  measured: number,
  planAt: (people: number) => readonly LanePlan[],
): PlanScale {
  const first = Math.min(3, Math.floor(Math.log10(Math.min(people, Math.max(1, measured)))))
  const last = Math.max(7, Math.ceil(Math.log10(people)))
  const x = (count: number) => (100 * (Math.log10(count) - first)) / (last - first)
  const left = planAt(10 ** first)
  const right = planAt(10 ** last)
  const ends = left.flatMap((plan, n) => {
    const from = plan[need]
    const to = right[n]?.[need]
    return from && to ? [{ lane: plan.lane, from, to }] : []
  })
  const lowest = Math.floor(Math.log10(Math.min(...ends.map(({ from }) => from), 1)))
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...ends.map(({ to }) => to), 1))))
  const y = (value: number) => 100 - (100 * (Math.log10(value) - lowest)) / (highest - lowest)
  const peopleAt = x(people)
  return {
    lines: ends.map(({ lane, from, to }) => ({
      lane,
      from: y(from),
      to: y(to),
      atPeople: y(from) + ((y(to) - y(from)) * peopleAt) / 100,
    })),
    people: ticks(first, last, x, peopleWords),
    needs: ticks(lowest, highest, y, (value) => (value < 1 ? String(value) : formatCount(value))),
    measuredTo: Math.min(100, Math.max(0, x(Math.max(1, measured)))),
    peopleAt,
  }
}

function ticks(
  from: number,
  to: number,
  at: (value: number) => number,
  words: (value: number) => string,
): Tick[] {
  return Array.from({ length: to - from + 1 }, (_, n) => {
    const power = from + n
    // 10 ** -3 is not exactly 0.001, and would show its rounding error.
    const value = power < 0 ? Number(`1e${power}`) : 10 ** power
    return { at: at(value), label: words(value) }
  })
}

function peopleWords(count: number): string {
  return count < 1_000_000 ? formatCount(count) : `${formatCount(count / 1_000_000)} million`
}
