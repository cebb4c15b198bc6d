import type { LaneName } from '#server/protocol/lab.ts'
import { emptyLedger, type LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { DrillArm, Ledger } from '#server/protocol/lab-report.ts'
import type { OpenClient } from '../clients/client.ts'
import type { Commit, CrowdLane } from '../crowd/crowd.ts'
import { LaneCrowd } from '../crowd/lane-crowd.ts'

/** Clients of one lane; `openClient` when they are not the lane's own. */
export type ArmLane = CrowdLane & { openClient?: OpenClient }

/** What all arms of a drill share: the stream, its reader, and the database's entries. */
type Shared = { stream: string; cookie: string; truth: LedgerTruth; committedAtMs: number[] }

/** Promise 4: every client is at the head within this time after a fault ends. */
const promisedMs = 5_000

/** A burst that fits a listen queue. */
const atOnce = 100

/** The clients of one arm of a drill, and their ledgers. */
export class Arm {
  readonly lanes: { lane: LaneName; count: number; crowd: LaneCrowd }[]
  #isOver = false

  constructor({ stream, cookie, truth, committedAtMs }: Shared, lanes: readonly ArmLane[]) {
    this.lanes = lanes.map(({ openClient, ...lane }) => ({
      ...{ lane: lane.lane, count: lane.count },
      crowd: new LaneCrowd({ stream, cookie, lanes: [] }, lane, truth, committedAtMs, openClient),
    }))
  }

  /** Resolves when all have been admitted. */
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

  /** Each client's newest entry. */
  lasts(): number[] {
    return this.lanes.flatMap(({ crowd }) => crowd.lasts())
  }

  hasReached(seq: number): boolean {
    return this.lasts().every((last) => last >= seq)
  }

  reconnects(): number {
    return this.reconnectsEach().reduce((sum, count) => sum + count, 0)
  }

  /** How often each client has reconnected, optionally only in these lanes. */
  reconnectsEach(of?: readonly LaneName[]): number[] {
    const lanes = this.lanes.filter(({ lane }) => of?.includes(lane) ?? true)
    return lanes.flatMap(({ crowd }) => crowd.reconnects())
  }

  /** The highest latency of an arrival; entries that never arrived do not count. */
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

  /** Closes all clients: what is still in flight counts as late. */
  close(): void {
    for (const { crowd } of this.lanes) crowd.close()
    this.#isOver = true
  }

  /** The result. By default the arm kept its promises when its ledger shows nothing missing and it was back in time. */
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

/** Everything once, in order, unaltered. */
export function nothingMissing({ lost, late, repeated, outOfOrder, altered, onTheWay }: Ledger): boolean {
  return lost + late + repeated + outOfOrder + altered + onTheWay === 0
}
