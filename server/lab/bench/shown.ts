import { epochMs } from './made-tick.ts'

/** A message: the time of its entry, how many were shown it, when the last of them was, and how often to somebody again. */
type Shown = { atMs: number; count: number; lastAtMs: number; twice: number }

export type ShownMessages = {
  take(member: number, bytes: Buffer): void
  /** Whether `sent` messages have reached `members` each. */
  isComplete(sent: number, members: number): boolean
  all(): Shown[]
}

type Entry = { seq: number; type: string; at: string }

const batch = Buffer.from('42["entries",')

/** Counts to how many members each message of a room has been shown. What is sent to all alike is read once. */
export function countShown(): ShownMessages {
  const shown = new Map<number, Shown>()
  const newest = new Map<number, number>()
  let latest: { bytes: Buffer; entries: Entry[] } = { bytes: Buffer.alloc(0), entries: [] }

  function entriesIn(bytes: Buffer): Entry[] {
    if (!bytes.subarray(0, batch.length).equals(batch)) return []
    if (!bytes.equals(latest.bytes)) {
      const { entries } = JSON.parse(bytes.toString('utf8', batch.length, bytes.length - 1))
      latest = { bytes: Buffer.from(bytes), entries }
    }
    return latest.entries
  }

  return {
    take(member, bytes) {
      for (const { seq, type, at } of entriesIn(bytes)) {
        if (type !== 'message.sent') continue
        const one = shown.get(seq) ?? { atMs: Date.parse(at), count: 0, lastAtMs: 0, twice: 0 }
        shown.set(seq, one)
        if (seq <= (newest.get(member) ?? 0)) one.twice += 1
        newest.set(member, seq)
        one.count += 1
        one.lastAtMs = epochMs()
      }
    },
    isComplete: (sent, members) =>
      shown.size >= sent && [...shown.values()].every(({ count }) => count >= members),
    all: () => [...shown.values()],
  }
}
