import type { DeliveryName, LaneName } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'

/** A part of a lane, as fractions of the whole time: `on` is connected, `away` is reconnecting. */
type Stretch = { from: number; to: number; is: 'on' | 'away' }
export type LaneOfTime = { lane: LaneName; stretches: Stretch[]; marks: { at: number; what: string }[] }
type TimeLanes = {
  lengthMs: number
  /** As fractions of the whole time. */
  fault: { from: number; to: number } | undefined
  lanes: LaneOfTime[]
}

/**
 * A drill's timeline as lanes: `ours`, and the control. A lane is away from the start of the fault (the second incident
 * without a lane) to its own last mark, where it has caught up; in a drill that `ends` lanes, ours are on until that
 * mark and the control until the end.
 */
export function timeLanes(
  timeline: readonly Incident[],
  ours: readonly DeliveryName[],
  ends: boolean,
): TimeLanes {
  const lengthMs = Math.max(1, ...timeline.map(({ atMs, untilMs = atMs }) => untilMs))
  const share = (ms: number) => ms / lengthMs
  const [, fault] = timeline.filter(({ lane }) => lane === undefined)
  const incidentsOf = (name: LaneName) => timeline.filter(({ lane }) => lane === name)
  const named: LaneName[] = [...ours, 'control']
  return {
    lengthMs,
    fault: fault && { from: share(fault.atMs), to: share(fault.untilMs ?? lengthMs) },
    lanes: named.map((lane) => {
      const marks = incidentsOf(lane).map(({ atMs, what }) => ({ at: share(atMs), what }))
      const last = marks.at(-1)?.at
      return {
        lane,
        marks,
        stretches: stretches(fault && share(fault.atMs), last, ends && lane !== 'control'),
      }
    }),
  }

  function stretches(from: number | undefined, last: number | undefined, isEnded: boolean): Stretch[] {
    if (isEnded) return [{ from: 0, to: last ?? 1, is: 'on' }]
    if (from === undefined || ends) return [{ from: 0, to: 1, is: 'on' }]
    const back = last ?? 1
    const all: Stretch[] = [
      { from: 0, to: from, is: 'on' },
      { from, to: back, is: 'away' },
      { from: back, to: 1, is: 'on' },
    ]
    return all.filter((one) => one.to > one.from)
  }
}

const steps = [1, 2, 5, 10, 20, 30, 60]

/** The axis labels in seconds, with their positions as fractions; at most six. */
export function axisSeconds(lengthMs: number): { seconds: number; at: number }[] {
  const step = steps.find((one) => lengthMs / 1_000 / one <= 6) ?? 120
  const count = Math.floor(lengthMs / 1_000 / step)
  return Array.from({ length: count + 1 }, (_, nth) => ({
    seconds: nth * step,
    at: (nth * step * 1_000) / lengthMs,
  }))
}
