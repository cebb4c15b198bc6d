import { isTransient, seqOf } from '#server/lab/clients/client-position.ts'
import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import { ClientLedger, emptyLedger, type LedgerTruth, sumOf } from '#server/protocol/lab-ledger.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import type { ClientEvent, LabClient, OpenClient } from '../clients/client.ts'
import { clients } from '../clients/clients.ts'
import type { CrowdLane, CrowdOrder } from './crowd.ts'

/** One client of the crowd; `hasEnded` when it was refused for good. */
type Member = { ledger: ClientLedger; client: LabClient | undefined; hasEnded: boolean }

/** Larger crowds are spread over several source addresses, because one would run out of ports. */
const fromOneAddress = 1_000
const addresses = 16

/** The clients of one lane. */
export class LaneCrowd {
  readonly #order: CrowdOrder
  readonly #lane: CrowdLane
  readonly #truth: LedgerTruth
  readonly #openClient: OpenClient
  readonly arrivals: Arrivals
  readonly #members: Member[] = []

  constructor(
    order: CrowdOrder,
    lane: CrowdLane,
    truth: LedgerTruth,
    committedAtMs: readonly number[],
    openClient: OpenClient = clients[lane.lane],
  ) {
    this.#openClient = openClient
    this.#order = order
    this.#lane = lane
    this.#truth = truth
    this.arrivals = new Arrivals(committedAtMs)
  }

  /** Opens one more client. Resolves when it has been admitted; rejects when it never will be. */
  openOne(): Promise<void> {
    const { stream, cookie } = this.#order
    const { lane, count, port, pollMs } = this.#lane
    const member: Member = { ledger: new ClientLedger(this.#truth), client: undefined, hasEnded: false }
    const nth = this.#members.push(member)
    return new Promise((resolve, reject) => {
      let isLetIn = false
      const going = {
        ...{ port, cookie, stream },
        ...(count > fromOneAddress && { localAddress: `127.0.0.${1 + (nth % addresses)}` }),
        ...(pollMs !== undefined && { pollMs }),
        letIn() {
          isLetIn = true
          resolve()
        },
      }
      member.client = this.#openClient(going, (heard) => {
        this.#hear(member, heard, isLetIn)
        if (member.hasEnded) reject(new Error(`A client of ${lane} was refused: ${JSON.stringify(heard)}`))
      })
    })
  }

  /** Whether all have the last reported entry, or everything they will ever get. */
  hasAll(): boolean {
    return this.#members.every(({ ledger, hasEnded }) => hasEnded || ledger.last >= this.#truth.head)
  }

  /** Each client's newest entry. */
  lasts(): number[] {
    return this.#members.map(({ ledger }) => ledger.last)
  }

  /** How often each has reconnected. */
  reconnects(): number[] {
    return this.#members.map(({ client }) => client?.counts().reconnects ?? 0)
  }

  /** Whether all were refused for good. */
  haveEnded(): boolean {
    return this.#members.every(({ hasEnded }) => hasEnded)
  }

  isConnected(): boolean {
    return this.#members.every(({ client, hasEnded }) => hasEnded || client?.isOpen())
  }

  get isNaive(): boolean {
    return this.#lane.lane === 'control'
  }

  close(): void {
    for (const { client } of this.#members) client?.close()
  }

  figures(isOver: boolean): CrowdFigures {
    const figures: CrowdFigures = {
      ...{ clients: this.#lane.count, connected: 0 },
      ...{ latency: this.arrivals.latencies.toWire(), ledger: emptyLedger() },
      ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
    }
    for (const { ledger, client, hasEnded } of this.#members) {
      ledger.addTo(figures.ledger, { isOver, hasEnded })
      if (!client) continue
      if (client.isOpen()) figures.connected += 1
      const counts = client.counts()
      figures.requests += counts.requests
      figures.empty += counts.empty
      figures.reconnects += counts.reconnects
      figures.refused += counts.refused
      figures.bytesUp += counts.bytesUp
      figures.bytesDown += counts.bytesDown
    }
    return figures
  }

  #hear(member: Member, heard: ClientEvent, isLetIn: boolean) {
    switch (heard.type) {
      case 'entry': {
        const isNew = member.ledger.arrived(heard.entry.seq, sumIn(heard.entry))
        // Entries before admission are backlog.
        if (isNew && isLetIn) {
          this.arrivals.arrived(heard.entry.seq, performance.timeOrigin + performance.now())
        }
        break
      }
      case 'reset':
        member.ledger.reset(seqOf(heard.head))
        break
      case 'refused':
        member.hasEnded = !isTransient(heard.status)
    }
  }
}

const sums = new WeakMap<WireEntry, string>()

/** Clients share parsed entries, so each entry's sum is computed once. */
function sumIn(entry: WireEntry): string {
  let sum = sums.get(entry)
  if (sum === undefined) {
    sum = sumOf(JSON.stringify(entry.data))
    sums.set(entry, sum)
  }
  return sum
}

/**
 * Arrivals at the clients of a lane, as latencies since their commits. An arrival can precede the report of its commit;
 * until then its time is kept.
 */
class Arrivals {
  readonly latencies = new LatencyRecorder()
  /** Commit times by seq, from 1; shared by all lanes. */
  readonly #committedAtMs: readonly number[]
  readonly #early = new Map<number, number[]>()

  constructor(committedAtMs: readonly number[]) {
    this.#committedAtMs = committedAtMs
  }

  /** Records an arrival, by the wall clock. */
  arrived(seq: number, atMs: number): void {
    const committedMs = this.#committedAtMs[seq - 1]
    const early = this.#early.get(seq)
    if (committedMs !== undefined) this.latencies.add(atMs - committedMs)
    else if (early) early.push(atMs)
    else this.#early.set(seq, [atMs])
  }

  /** Records the commit of an entry. */
  committed(seq: number, atMs: number): void {
    for (const arrivedMs of this.#early.get(seq) ?? []) this.latencies.add(arrivedMs - atMs)
    this.#early.delete(seq)
  }
}
