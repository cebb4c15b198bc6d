/**
 * The event log: streams of entries counted 1, 2, 3 … without holes.
 *
 * A log stores and wakes; a feed (feed.ts) fans out. Postgres and memory keep the whole contract.
 */

/** One stored entry. `json` is the whole entry as it goes over every wire, encoded once. */
export type Entry = { seq: number; type: string; json: string }

/** What a business verb appends; `data` is encoded by `JSON.stringify` at once. */
export type NewEntry = { stream: string; type: string; data: unknown }

/** Where a stream stands after an append. */
export type StreamHead = { stream: string; seq: number }

/** A place in a stream: `seq` is that of the last entry seen, 0 before the first. */
export type Cursor = { epoch: string; seq: number }

/** A cursor as it goes over the wire: `<epoch>.<seq>`. */
export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}.${seq}`
}

/** Entries after a seq, with the stream's newest seq and the seq up to which retention has trimmed. */
export type Slice = { entries: Entry[]; head: number; floor: number }

/**
 * Why a stream is known to have moved: this process has committed, another one told so, the fallback check found it, or
 * an entry came from Kafka.
 */
export type MoveReason = 'commit' | 'wake-up' | 'check' | 'record'

/** Why a log is read: a feed begins, a reader is where memory does not reach, the stream has moved. */
export type ReadReason = 'start' | 'cursor' | MoveReason

/** The reading half of a log: what feeds need of it. */
export type ReadableLog = {
  /** The life of the store. A cursor of another epoch is a reset. */
  epoch(): string
  /** The first `limit` entries after seq `after`. A stream that nobody appended to is empty, not an error. */
  read(stream: string, after: number, limit: number, reason?: ReadReason): Promise<Slice>
  /** Whether the log was seen so lately that "nothing new" is no guess. */
  isFresh(): boolean
  /** Looks once more. Throws `LogUnavailable` when the log cannot be seen, at most a second later. */
  assertFresh(): Promise<void>
  /**
   * Lets the wake-ups of `stream` come from other processes too, from when this resolves (200 ms at most) until the
   * function that it gives is called. Never rejects. Listen first, read second.
   */
  listen(stream: string): Promise<() => void>
  /** Wake-ups: `stream` has entries up to `seq`, perhaps more. They may repeat and may be late by a second. */
  onMove(listener: (stream: string, seq: number, reason: MoveReason) => void): void
  /** Entries of `stream` were rewritten: what was read of them before is not to be sent. The highest is `seq`. May repeat, and be late by a second. */
  onRewrite(listener: (stream: string, seq: number) => void): void
  /** The epoch changed under the running process. */
  onEpoch(listener: () => void): void
}

/** A log that business verbs append to. */
export type Log<Tx = unknown> = ReadableLog & {
  /**
   * Appends within `tx`: takes the next seq of each stream and writes the entries, so that commit order is seq
   * order. The last statement of the business transaction, for it locks the streams' head rows until commit.
   */
  append(tx: Tx, entries: readonly NewEntry[]): Promise<StreamHead[]>
  /**
   * Runs `work` in one transaction; after the commit, followers in this process are woken at once. `queue` names what
   * it will lock first (`room:42`, `loan:7`): what has the same one is done one after the other.
   */
  transact<T>(work: (tx: Tx) => Promise<T>, queue?: string): Promise<T>
}

export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
}

/** The data of a new entry as JSON text. Throws `TypeError` for what JSON cannot say. */
export function encodeData(data: unknown): string {
  const json: string | undefined = JSON.stringify(data)
  if (json === undefined) throw new TypeError('Cannot append: the data is not JSON')
  return json
}

/** Encodes an entry as every delivery sends it. `data` is JSON text and is passed on byte for byte. */
export function encodeEntry(seq: number, type: string, at: string, data: string): Entry {
  return { seq, type, json: `{"seq":${seq},"type":${JSON.stringify(type)},"at":"${at}","data":${data}}` }
}

/** What a reader gets: entries, or the explicit word that its cursor leads nowhere. */
export type Batch =
  | { type: 'entries'; entries: readonly Entry[]; next: Cursor; head: Cursor; more: boolean }
  | { type: 'reset'; reason: 'epoch' | 'beyond-head' | 'trimmed'; head: Cursor }
