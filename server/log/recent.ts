import type { Entry } from './log.ts'

/** The newest entries of a stream, an unbroken run of them. */
export type Recent = {
  /** Adds the entries that follow; what came before a gap is forgotten, and so is what becomes too much. */
  keep(entries: readonly Entry[]): void
  /** The first `limit` entries after seq `after`; undefined when some of them are not here. */
  after(after: number, limit: number): readonly Entry[] | undefined
}

const maxEntries = 256
const maxChars = 256_000

/** Keeps at most 256 entries of 256,000 characters together. */
export function createRecent(): Recent {
  let run: Entry[] = []
  let chars = 0
  return {
    keep(entries) {
      const newest = run.at(-1)
      // A gap (trimmed under us) would make the run lie about what follows what.
      if (newest && entries[0]?.seq !== newest.seq + 1) {
        run = []
        chars = 0
      }
      run.push(...entries)
      for (const entry of entries) chars += entry.json.length
      while (run.length > maxEntries || chars > maxChars) chars -= run.shift()?.json.length ?? 0
    },
    after(after, limit) {
      const oldest = run[0]
      if (!oldest || oldest.seq > after + 1) return undefined
      const from = after + 1 - oldest.seq
      return run.slice(from, from + limit)
    },
  }
}
