import type { DeliveryName } from '#server/protocol/lab.ts'
import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import { ClientLedger, emptyLedger, type LedgerTruth, sumOf } from '#server/protocol/lab-ledger.ts'
import type { BrowserLane } from '#server/protocol/lab-report.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import type { EntryTimes } from './entry-times.ts'
import type { LaneEvent } from './lane.ts'
import { MarkRing } from './mark-ring.ts'
import { WireLog } from './wire-log.ts'

/** One connection, or one held request, from its opening to its end. */
export type Stretch = { fromMs: number; toMs?: number }

/** What lasts on a lane: its polling, each held request, or a connection. */
const lasting = { short: 'asking', long: 'request', sse: 'connection', socket: 'connection' } as const

const keptStretches = 4_096

/** What one lane of this page has received so far, in bounded memory. */
export class LaneRecord {
  readonly wire = new WireLog()
  readonly marks = new MarkRing()
  readonly stretches: Stretch[] = []
  readonly #lane: DeliveryName
  readonly #times: EntryTimes
  readonly #ledger: ClientLedger
  readonly #latency = new LatencyRecorder()
  #letInMs: number | undefined
  #lostMs: number | undefined
  #requests = 0
  #empty = 0
  #reconnects = 0

  constructor(lane: DeliveryName, times: EntryTimes, truth: LedgerTruth) {
    this.#lane = lane
    this.#times = times
    this.#ledger = new ClientLedger(truth)
  }

  /** The newest entry received. */
  get last(): number {
    return this.#ledger.last
  }

  /** Since when it has been disconnected; undefined while connected. */
  get lostMs(): number | undefined {
    return this.#lostMs
  }

  hear(event: LaneEvent): void {
    const { atMs } = event
    switch (event.type) {
      case 'line':
        this.wire.add(event.line)
        break
      case 'asked':
        this.#requests += 1
        if (lasting[this.#lane] === 'request' || this.#requests === 1) this.#begin(atMs)
        break
      case 'open':
        this.#letInMs ??= atMs
        this.#back(atMs)
        break
      case 'entries':
        this.#entries(event.entries, atMs)
        break
      case 'empty':
        this.#empty += 1
        this.marks.add('empty', atMs)
        this.#answered(atMs)
        break
      case 'beat':
      case 'said':
        this.marks.add(event.type, atMs)
        break
      case 'reset':
        this.#ledger.reset(event.headSeq)
        break
      case 'lost':
        this.#lose(atMs)
    }
  }

  /** Records an entry's commit time; if the entry has arrived, its latency is now known. */
  committed(seq: number, commitMs: number): void {
    const arrivedMs = this.#times.arrivedMs(this.#lane, seq)
    if (arrivedMs !== undefined) this.#late(commitMs, arrivedMs)
  }

  /** Its figures; once it `isOver`, entries that have not arrived count as late. */
  figures(isOver: boolean): Omit<BrowserLane, 'bytesUp' | 'bytesDown'> {
    const ledger = emptyLedger()
    this.#ledger.addTo(ledger, { isOver })
    return {
      ...{ latency: this.#latency.toWire(), ledger },
      ...{ requests: this.#requests, empty: this.#empty, reconnects: this.#reconnects },
    }
  }

  #entries(entries: readonly WireEntry[], atMs: number) {
    for (const { seq, at, data } of entries) {
      const isCommitKnown = this.#times.isCommitKnown(seq)
      if (this.#times.arrived(this.#lane, seq, atMs, at) && isCommitKnown)
        this.#late(this.#times.commitMs(seq) ?? atMs, atMs)
      this.#ledger.arrived(seq, sumOf(JSON.stringify(data)))
    }
    this.marks.add('news', atMs, entries[0]?.seq, entries.at(-1)?.seq)
    this.#answered(atMs)
  }

  /** It has connected or been answered, for the first time or again. */
  #back(atMs: number) {
    if (this.#lostMs !== undefined) this.#reconnects += 1
    this.#lostMs = undefined
    if (lasting[this.#lane] !== 'request' && !this.#isLasting()) this.#begin(atMs)
  }

  #lose(atMs: number) {
    if (this.#lostMs === undefined) this.marks.add('lost', atMs)
    this.#lostMs ??= atMs
    this.#end(atMs)
  }

  #answered(atMs: number) {
    if (lasting[this.#lane] === 'request') this.#end(atMs)
  }

  #isLasting(): boolean {
    const latest = this.stretches.at(-1)
    return latest !== undefined && latest.toMs === undefined
  }

  #begin(atMs: number) {
    this.#end(atMs)
    this.stretches.push({ fromMs: atMs })
    this.marks.add('opens', atMs)
    if (this.stretches.length > 2 * keptStretches) this.stretches.splice(0, keptStretches)
  }

  #end(atMs: number) {
    const latest = this.stretches.at(-1)
    if (latest) latest.toMs ??= atMs
  }

  #late(commitMs: number, arrivedMs: number) {
    // Entries committed before it was connected are backlog.
    if (this.#letInMs === undefined || commitMs < this.#letInMs) return
    this.#latency.add(Math.max(0, arrivedMs - commitMs))
  }
}
