import { type Entry, encodeData, encodeEntry, type Log, type MoveReason, type StreamHead } from './log.ts'

type Stream = { entries: Entry[]; head: number; floor: number }
type Staged = { stream: string; type: string; data: string }
export type MemoryTransaction = { entries: Staged[] }

/**
 * The log for disposable data (the pulse, price ticks): same contract, but in one process and lost with it.
 *
 * Each stream keeps its newest `retention` entries. Each process has a new epoch.
 */
export function createMemoryLog(options: { retention: number; now?: () => number }): Log<MemoryTransaction> {
  const { retention, now = Date.now } = options
  const epoch = `m${crypto.randomUUID().replaceAll('-', '').slice(0, 7)}`
  const streams = new Map<string, Stream>()
  const listeners: ((stream: string, seq: number, reason: MoveReason) => void)[] = []
  let last: Promise<unknown> = Promise.resolve()

  function write({ stream: name, type, data }: Staged): StreamHead {
    const stream = streams.get(name) ?? { entries: [], head: 0, floor: 0 }
    streams.set(name, stream)
    stream.head += 1
    stream.entries.push(encodeEntry(stream.head, type, new Date(now()).toISOString(), data))
    if (stream.entries.length > retention) {
      stream.entries.shift()
      stream.floor += 1
    }
    return { stream: name, seq: stream.head }
  }

  return {
    epoch: () => epoch,
    async append(tx, entries) {
      const fresh = entries.map(({ stream, type, data }) => ({ stream, type, data: encodeData(data) }))
      tx.entries.push(...fresh)
      return [...new Set(fresh.map((entry) => entry.stream))].map((stream) => ({
        stream,
        seq: (streams.get(stream)?.head ?? 0) + tx.entries.filter((entry) => entry.stream === stream).length,
      }))
    },
    transact(work) {
      // One at a time, so that the commit writes the seqs that `append` returned.
      const transaction = last.then(async () => {
        const tx: MemoryTransaction = { entries: [] }
        const result = await work(tx)
        const moved = tx.entries.map(write)
        for (const { stream, seq } of moved) for (const listener of listeners) listener(stream, seq, 'commit')
        return result
      })
      last = transaction.catch(() => undefined)
      return transaction
    },
    async read(name, after, limit) {
      const { entries, head, floor } = streams.get(name) ?? { entries: [], head: 0, floor: 0 }
      const from = Math.max(0, after - floor)
      return { entries: entries.slice(from, from + limit), head, floor }
    },
    isFresh: () => true,
    assertFresh: async () => undefined,
    listen: async () => () => undefined,
    onMove: (listener) => void listeners.push(listener),
    onRewrite: () => undefined,
    onEpoch: () => undefined,
  }
}
