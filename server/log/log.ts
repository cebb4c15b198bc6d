/**
 * The event log: streams of entries numbered 1, 2, 3 … without holes.
 *
 * A log stores and wakes; a feed (feed.ts) fans out. The Postgres log and the memory log keep the same contract.
 */

/** One stored entry. `json` is the whole entry as every delivery sends it, encoded once. */
export type Entry = { seq: number; type: string; json: string }

/** What a business verb appends; `data` is passed to `JSON.stringify` immediately. */
export type NewEntry = { stream: string; type: string; data: unknown }

/** A stream's newest seq. */
export type StreamHead = { stream: string; seq: number }

/** A position in a stream: `seq` is that of the last entry seen, 0 before the first. */
export type Cursor = { epoch: string; seq: number }

/** A cursor in wire format: `<epoch>.<seq>`. */
export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}.${seq}`
}

/** Entries after a seq, with the stream's newest seq and the seq up to which retention has trimmed. */
export type Slice = { entries: Entry[]; head: number; floor: number }

/**
 * How a stream is known to have moved: this process committed, another one sent a wake-up, the fallback check found it,
 * or an entry came from Kafka.
 */
export type MoveReason = 'commit' | 'wake-up' | 'check' | 'record'

/** Why a log is read: a feed starts, a reader is at a position that memory does not cover, or the stream has moved. */
export type ReadReason = 'start' | 'cursor' | MoveReason

/** The reading half of a log: what feeds need. */
export type ReadableLog = {
  /** The lifetime of the store. A cursor of another epoch gets a reset. */
  epoch(): string
  /** The first `limit` entries after seq `after`. A stream without entries is empty, not an error. */
  read(stream: string, after: number, limit: number, reason?: ReadReason): Promise<Slice>
  /** Whether the log was seen recently enough to say that there is nothing new. */
  isFresh(): boolean
  /** Queries the log again. Throws `LogUnavailable` when it does not respond within a second. */
  assertFresh(): Promise<void>
  /**
   * Delivers wake-ups of `stream` from other processes too, from when this resolves (after at most 200 ms) until the
   * returned function is called. Never rejects. Listen first, read second.
   */
  listen(stream: string): Promise<() => void>
  /** Wake-ups: `stream` has entries up to `seq`, perhaps more. They may repeat, and may be a second late. */
  onMove(listener: (stream: string, seq: number, reason: MoveReason) => void): void
  /**
   * Entries of `stream` were rewritten, `seq` being the highest: copies read before must not be sent. May repeat, and
   * may be a second late.
   */
  onRewrite(listener: (stream: string, seq: number) => void): void
  /** The epoch changed while the process was running. */
  onEpoch(listener: () => void): void
}

/** A log that business verbs append to. */
export type Log<Tx = unknown> = ReadableLog & {
  /**
   * Appends within `tx`: takes the next seq of each stream and writes the entries, so that commit order is seq order.
   * Make it the last statement of the transaction, because it locks the streams' head rows until commit.
   */
  append(tx: Tx, entries: readonly NewEntry[]): Promise<StreamHead[]>
  /**
   * Runs `work` in one transaction; after the commit, followers in this process are woken at once. `queue` names what
   * it will lock first (`room:42`, `loan:7`): transactions in the same queue run one after the other.
   */
  transact<T>(work: (tx: Tx) => Promise<T>, queue?: string): Promise<T>
}

export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
}

/** The data of a new entry as JSON text. Throws `TypeError` for what JSON cannot express. */
export function encodeData(data: unknown): string {
  const json: string | undefined = JSON.stringify(data)
  if (json === undefined) throw new TypeError('Cannot append: the data is not JSON')
  return json
}

/** Encodes an entry as every delivery sends it. `data` is JSON text and is passed on byte for byte. */
export function encodeEntry(seq: number, type: string, at: string, data: string): Entry {
  return { seq, type, json: `{"seq":${seq},"type":${JSON.stringify(type)},"at":"${at}","data":${data}}` }
}

/** What a reader gets: entries, or an explicit reset because its cursor cannot be resumed. */
export type Batch =
  | { type: 'entries'; entries: readonly Entry[]; next: Cursor; head: Cursor; more: boolean }
  | { type: 'reset'; reason: 'epoch' | 'beyond-head' | 'trimmed'; head: Cursor }
