import type { LaneName } from '#server/protocol/lab.ts'
import { emptyLedger, type LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { DrillArm, Ledger } from '#server/protocol/lab-report.ts'
import type { OpenClient } from '../clients/client.ts'
import type { Commit, CrowdLane } from '../crowd/crowd.ts'
import { LaneCrowd } from '../crowd/lane-crowd.ts'

/** Clients of one lane; `openClient` where they are not the lane's own. */
export type ArmLane = CrowdLane & { openClient?: OpenClient }

/** What all arms of a drill share: the stream, who reads it, and what the database holds of it. */
type Shared = { stream: string; cookie: string; truth: LedgerTruth; committedAtMs: number[] }

/** Promise 4: within which every client is at the head once a fault is over. */
const promisedMs = 5_000

/** What a listen queue can take. */
const atOnce = 100

/** The clients of one arm of a drill, and what they have. */
export class Arm {
  readonly lanes: { lane: LaneName; count: number; crowd: LaneCrowd }[]
  #isOver = false

  constructor({ stream, cookie, truth, committedAtMs }: Shared, lanes: readonly ArmLane[]) {
    this.lanes = lanes.map(({ openClient, ...lane }) => ({
      ...{ lane: lane.lane, count: lane.count },
      crowd: new LaneCrowd({ stream, cookie, lanes: [] }, lane, truth, committedAtMs, openClient),
    }))
  }

  /** Resolves when all have been let in. */
  async open(): Promise<void> {
    const all = this.lanes.flatMap(({ crowd, count }) => Array.from({ length: count }, () => crowd))
    for (let at = 0; at < all.length; at += atOnce) {
      await Promise.all(all.slice(at, at + atOnce).map((crowd) => crowd.openOne()))
    }
  }

  committed({ seq, atMs }: Commit): void {
    for (const { crowd } of this.lanes) crowd.arrivals.committed(seq, atMs)
  }

  get clients(): number {
    return this.lanes.reduce((sum, { count }) => sum + count, 0)
  }

  /** The newest entry that each client has. */
  lasts(): number[] {
    return this.lanes.flatMap(({ crowd }) => crowd.lasts())
  }

  hasReached(seq: number): boolean {
    return this.lasts().every((last) => last >= seq)
  }

  reconnects(): number {
    return this.reconnectsEach().reduce((sum, count) => sum + count, 0)
  }

  /** How often each client has connected again; of these lanes only. */
  reconnectsEach(of?: readonly LaneName[]): number[] {
    const lanes = this.lanes.filter(({ lane }) => of?.includes(lane) ?? true)
    return lanes.flatMap(({ crowd }) => crowd.reconnects())
  }

  /** Of what has come, how late the latest was; what never came has no lateness. */
  worstMs(): number {
    return Math.max(0, ...this.lanes.map(({ crowd }) => crowd.arrivals.latencies.toWire().maxMs ?? 0))
  }

  ledger(): Ledger {
    const total = emptyLedger()
    for (const { crowd } of this.lanes) {
      const { ledger } = crowd.figures(this.#isOver)
      for (const key of Object.keys(total) as (keyof Ledger)[]) total[key] += ledger[key]
    }
    return total
  }

  /** Nothing comes any more: what is still on its way is late. */
  close(): void {
    for (const { crowd } of this.lanes) crowd.close()
    this.#isOver = true
  }

  /** How it fared. It kept what it promises when nothing is wrong in its ledger and it came back in time, if that is all. */
  report(
    title: string,
    {
      backAtHeadMs,
      findings,
      ledger = this.ledger(),
      kept = nothingMissing(ledger) && backAtHeadMs !== null && backAtHeadMs <= promisedMs,
    }: Fared,
  ): DrillArm {
    return { title, ledger, backAtHeadMs, findings, kept }
  }
}

type Fared = Pick<DrillArm, 'backAtHeadMs' | 'findings'> & Partial<Pick<DrillArm, 'ledger' | 'kept'>>

/** Everything once, in order, as it was written. */
export function nothingMissing({ lost, late, repeated, outOfOrder, altered, onTheWay }: Ledger): boolean {
  return lost + late + repeated + outOfOrder + altered + onTheWay === 0
}
