import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Sample } from '#server/protocol/lab-report.ts'
import { share } from './sheet.ts'

/** What a chart shows of each lane over time. */
export type TimeMeasure = 'p50' | 'p99' | 'bytes' | 'cpu' | 'queries'

/** Seconds since the start of the run, and a value for each lane at each of them; null where nothing arrived. */
export type TimeSeries = { seconds: number[]; lanes: Record<DeliveryName, (number | null)[]> }

type LaneSample = Sample['lanes'][DeliveryName]

const values: Record<TimeMeasure, (lane: LaneSample, elapsedSeconds: number) => number | null> = {
  p50: ({ p50Ms }) => p50Ms,
  p99: ({ p99Ms }) => p99Ms,
  bytes: ({ bytesUp, bytesDown }, elapsed) => share(bytesUp + bytesDown, elapsed),
  cpu: ({ cpuShare }) => cpuShare * 100,
  queries: ({ queries }, elapsed) => share(queries, elapsed),
}

/** A shorter sample, as the first and last may be, is too short for a rate. */
const shortestSeconds = 0.2

/** The samples of one measure: ms, bytes per second, percent of a core, or queries per second. */
export function overTime(samples: readonly Sample[], measure: TimeMeasure): TimeSeries {
  const timed = samples
    .map((sample, nth) => ({ sample, elapsed: (sample.atMs - (samples[nth - 1]?.atMs ?? 0)) / 1_000 }))
    .filter(({ elapsed }) => elapsed >= shortestSeconds)
  const of = (name: DeliveryName) =>
    timed.map(({ sample, elapsed }) => values[measure](sample.lanes[name], elapsed))
  return {
    seconds: timed.map(({ sample }) => sample.atMs / 1_000),
    lanes: { short: of('short'), long: of('long'), sse: of('sse'), socket: of('socket') },
  }
}

/** The greatest value of all lanes; undefined if there is none. */
export function highestOf({ lanes }: TimeSeries): number | undefined {
  const all = deliveryNames.flatMap((name) => lanes[name].filter((value) => value !== null))
  return all.length === 0 ? undefined : all.reduce((most, value) => Math.max(most, value), 0)
}

/** At most `most` of the indices of `count` rows, evenly spaced, including the last. */
export function thinned(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / step) }, (_, n) => count - 1 - n * step).reverse()
}
