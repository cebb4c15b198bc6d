import { serverLagMs } from '#components/live/server-clock.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { LaneDoors, RunEvent } from '#server/protocol/lab-runs.ts'
import { EntryTimes } from './entry-times.ts'
import { followLane } from './follow-lane.ts'
import { LaneRecord } from './lane-record.ts'
import { signInAt } from './sign-in-at.ts'
import { tuneWallClock } from './wall-clock.ts'

type Figures = Extract<RunEvent, { type: 'figures' }>

/** This page's four lanes in a run under way, and everything they have received. */
export type EnteredLanes = {
  times: EntryTimes
  lanes: Record<DeliveryName, LaneRecord>
  now: () => number
  /** When they were left; undefined while open. */
  leftMs(): number | undefined
  /** Why the lanes did not open, in a sentence. */
  refused(): string | undefined
  /** The contents of the database, as the run reports them. */
  figures(figures: Figures): void
  /** Whether every lane has received everything known to be written. */
  hasAll(): boolean
  report(isOver: boolean): BrowserReport['lanes']
  leave(): void
}

/** Signs in at a run's ports and opens all four lanes, until `leave`. */
export function enterLanes({ ports, stream }: LaneDoors, pollMs: number): EnteredLanes {
  const wallClock = tuneWallClock()
  // Entries carry the server's time, so the lanes use the server's clock where it differs.
  const lagMs = serverLagMs()
  const now = () => wallClock() - lagMs
  const times = new EntryTimes()
  const truth = new LedgerTruth()
  const lanes = each((lane) => new LaneRecord(lane, times, truth))
  const left = new AbortController()
  let leftMs: number | undefined
  let refusal: string | undefined
  let bytes: Figures['browser']
  const originOf = (lane: DeliveryName) => `http://${window.location.hostname}:${ports[lane]}`

  async function open() {
    refusal = await signInAt(originOf('short'), stream, left.signal)
    if (refusal !== undefined || left.signal.aborted) return
    for (const lane of deliveryNames) {
      void followLane(
        lane,
        {
          ...{ origin: originOf(lane), stream, pollMs, now },
          ...{ fetch: (url, init) => window.fetch(url, init), browser: { document, window } },
        },
        (event) => !left.signal.aborted && lanes[lane].hear(event),
        left.signal,
      )
    }
  }
  void open()

  return {
    ...{ times, lanes, now },
    leftMs: () => leftMs,
    refused: () => refusal,
    figures({ recent, browser }) {
      bytes = browser ?? bytes
      for (const [seq, atMs, sum] of recent) {
        if (seq !== truth.head + 1) continue
        truth.told(seq, sum)
        times.committed(seq, atMs)
        for (const lane of deliveryNames) lanes[lane].committed(seq, atMs)
      }
    },
    hasAll: () => deliveryNames.every((lane) => lanes[lane].last >= truth.head),
    report: (isOver) =>
      each((lane) => ({
        ...lanes[lane].figures(isOver),
        ...{ bytesUp: bytes?.[lane].bytesUp ?? 0, bytesDown: bytes?.[lane].bytesDown ?? 0 },
      })),
    leave() {
      leftMs ??= now()
      left.abort()
    },
  }
}

function each<T>(make: (lane: DeliveryName) => T): Record<DeliveryName, T> {
  return Object.fromEntries(deliveryNames.map((lane) => [lane, make(lane)])) as Record<DeliveryName, T>
}
