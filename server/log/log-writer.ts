import type { Prisma } from '#prisma/generated/client.ts'
import type { Database } from '#server/database/pool.ts'
import { appendStatement } from './append.ts'
import { encodeData, type Log, type StreamHead } from './log.ts'

export type Transaction = Prisma.TransactionClient

/** What a transaction has done to the log, once it is committed. */
export type Committed = {
  /** How many entries it has appended. */
  entries: number
  moved: readonly StreamHead[]
  /** Where it has replaced the data of an entry. */
  rewritten: readonly StreamHead[]
}

export type LogWriter = Pick<Log<Transaction>, 'append' | 'transact'> & {
  /**
   * Replaces the data of an entry that must not be read any more, keeping its seq, type and time. What followers had
   * before stays with them; whoever reads later gets the new data.
   */
  rewrite(tx: Transaction, stream: string, seq: number, data: unknown): Promise<void>
}

const nothing: Committed = { entries: 0, moved: [], rewritten: [] }

/**
 * The half of the log that writes. What a transaction did is handed to `committed` after its commit, and never for a
 * rollback. A process that ends between the two has told nobody, which the fallback check of the others makes up for.
 */
export function createLogWriter(
  database: Pick<Database, 'transact'>,
  committed: (work: Committed) => void,
): LogWriter {
  const done = new WeakMap<Transaction, Committed>()

  function note(tx: Transaction, { entries, moved, rewritten }: Committed) {
    const before = done.get(tx) ?? nothing
    done.set(tx, {
      entries: before.entries + entries,
      moved: [...before.moved, ...moved],
      rewritten: [...before.rewritten, ...rewritten],
    })
  }

  return {
    async append(tx, entries) {
      const moved = await appendStatement(tx, entries)
      note(tx, { entries: entries.length, moved, rewritten: [] })
      return moved
    },
    async rewrite(tx, stream, seq, data) {
      await tx.$executeRaw`
        UPDATE log_entry SET data = ${encodeData(data)}::json, rewritten = pg_current_xact_id()
        WHERE stream = ${stream} AND seq = ${seq}::bigint`
      note(tx, { entries: 0, moved: [], rewritten: [{ stream, seq }] })
    },
    async transact(work, queue) {
      const transaction = async (tx: Transaction) => ({ result: await work(tx), work: done.get(tx) })
      const { result, work: did } = await database.transact(transaction, queue)
      if (did) committed(did)
      return result
    },
  }
}
