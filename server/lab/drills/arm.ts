import type { TcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { type DeliveryName, deliveryNames, type LaneName } from '#server/protocol/lab.ts'
import { emptyLedger, type LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { DrillArm, Ledger } from '#server/protocol/lab-report.ts'
import type { OpenClient } from '../clients/client.ts'
import type { Commit, CrowdLane } from '../crowd/crowd.ts'
import { LaneCrowd } from '../crowd/lane-crowd.ts'
import { type NaiveServer, startNaiveServer } from './naive/start-naive-server.ts'
import type { Stage } from './stage.ts'

/** Clients of one lane; `openClient` where they are not the lane's own. */
export type ArmLane = CrowdLane & { openClient?: OpenClient }

/** What all arms of a drill share: the stream, who reads it, and what the database holds of it. */
type Shared = { stream: string; cookie: string; truth: LedgerTruth; committedAtMs: number[] }

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
    return this.#sum((crowd) => crowd.figures(false).reconnects)
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

  /** How it fared. It kept what it promises when nothing is wrong in its ledger and it came back, `if` that is all. */
  report(
    title: string,
    {
      backAtHeadMs,
      findings,
      ledger = this.ledger(),
      kept = nothingMissing(ledger) && backAtHeadMs !== null,
    }: Fared,
  ): DrillArm {
    return { title, ledger, backAtHeadMs, findings, kept }
  }

  #sum(of: (crowd: LaneCrowd) => number): number {
    return this.lanes.reduce((sum, { crowd }) => sum + of(crowd), 0)
  }
}

type Fared = Pick<DrillArm, 'backAtHeadMs' | 'findings'> & Partial<Pick<DrillArm, 'ledger' | 'kept'>>

/** Everything once, in order, as it was written. */
export function nothingMissing({ lost, late, repeated, outOfOrder, altered, onTheWay }: Ledger): boolean {
  return lost + late + repeated + outOfOrder + altered + onTheWay === 0
}

/** Two arms of as many clients, each over lines of its own that can be broken. */
type BesideNaive = {
  naive: NaiveServer
  ours: Arm
  control: Arm
  /** Of ours, and of the control. */
  lines: [ours: TcpProxy[], control: TcpProxy[]]
}

/** Clients that hold a connection to ours, half of them a stream and half a socket, beside those of a naive server. */
export async function besideNaive(stage: Stage, clients: number): Promise<BesideNaive> {
  const naive = stage.use(await startNaiveServer(stage.testbed))
  const held = allFour(stage, clients / 2).filter(({ lane }) => lane === 'sse' || lane === 'socket')
  const ours = await overProxies(stage, held)
  const control = await overProxies(stage, [{ lane: 'control', count: clients, port: naive.port }])
  return {
    naive,
    ours: stage.arm(ours.lanes),
    control: stage.arm(control.lanes),
    lines: [ours.lines, control.lines],
  }
}

/** What short polling waits between two questions, in a drill. */
const pollMs = 1_000

/** Clients of all four deliveries, straight to the process of each. */
export function allFour({ testbed }: Stage, count: number): (ArmLane & { lane: DeliveryName })[] {
  return deliveryNames.map((lane) => ({ lane, count, pollMs, port: testbed.gateways[lane].port }))
}

/** The same, each over a line of its own. */
export async function overProxies(
  stage: Stage,
  lanes: readonly ArmLane[],
): Promise<{ lanes: ArmLane[]; lines: TcpProxy[] }> {
  const lines = await Promise.all(lanes.map(({ port }) => stage.line(port)))
  return { lines, lanes: lanes.map((lane, nth) => ({ ...lane, port: lines[nth]?.port ?? lane.port })) }
}
