import type { Prisma } from '#prisma/generated/client.ts'
import { type Database, mostWaiting } from '#server/database/pool.ts'
import type { Statements } from '#server/database/statements.ts'
import { type Appended, appendStatement, headsOf } from './append.ts'
import { createGroupCommit, type Outcomes } from './group-commit.ts'
import { encodeData, type Log, type NewEntry, type StreamHead } from './log.ts'

export type Transaction = Prisma.TransactionClient

/** What a transaction has done to the log, once it is committed. */
export type Committed = {
  /** How many entries it has appended. */
  entries: number
  moved: readonly StreamHead[]
  /** Where it has replaced the data of an entry. */
  rewritten: readonly StreamHead[]
}

export type LogWriter = Pick<Log<Transaction>, 'transact'> & {
  /** `Log.append`, in any kind of transaction. */
  append(tx: Statements, entries: readonly NewEntry[]): Promise<StreamHead[]>
  /**
   * The same with other writes in one statement, a round trip less under the lock of the stream's head: `also` are CTEs,
   * each after a comma, that may read `appended (ord, stream, seq, at)`. Gives what was appended, entry by entry.
   */
  appendWith(tx: Statements, entries: readonly NewEntry[], also: Prisma.Sql): Promise<Appended[]>
  /**
   * Makes a verb of many: what is asked of it for the same `key` while a transaction is under way is done by `work` in
   * the next one, together (group commit). `queueOf` names the queue of a key, as in `transact`. `work` gives for each a
   * result, or why it is refused; what it throws undoes all, and each is tried once more by itself.
   */
  together<Item, Result>(
    queueOf: (key: string) => string,
    work: (tx: Statements, key: string, items: readonly Item[]) => Promise<Outcomes<Result>>,
  ): (key: string, item: Item) => Promise<Result>
  /**
   * Replaces the data of an entry that must not be read any more, keeping its seq, type and time. What followers had
   * before stays with them; whoever reads later gets the new data.
   */
  rewrite(tx: Statements, stream: string, seq: number, data: unknown): Promise<void>
}

const nothing: Committed = { entries: 0, moved: [], rewritten: [] }

/**
 * The half of the log that writes. What a transaction did is handed to `committed` after its commit, and never for a
 * rollback. A process that ends between the two has told nobody, which the fallback check of the others makes up for.
 */
export function createLogWriter(
  database: Pick<Database, 'transact' | 'transactStatements' | 'inTurn'>,
  committed: (work: Committed) => void,
): LogWriter {
  const done = new WeakMap<Statements, Committed>()

  function note(tx: Statements, { entries, moved, rewritten }: Committed) {
    const before = done.get(tx) ?? nothing
    done.set(tx, {
      entries: before.entries + entries,
      moved: [...before.moved, ...moved],
      rewritten: [...before.rewritten, ...rewritten],
    })
  }

  async function appendWith(tx: Statements, entries: readonly NewEntry[], also?: Prisma.Sql) {
    const appended = await appendStatement(tx, entries, also)
    note(tx, { entries: entries.length, moved: headsOf(appended), rewritten: [] })
    return appended
  }

  return {
    append: async (tx, entries) => headsOf(await appendWith(tx, entries)),
    appendWith,
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
    together: (queueOf, work) =>
      createGroupCommit({
        mostWaiting,
        inTurn: (key, commit) => database.inTurn(queueOf(key), commit),
        async commit(key, items) {
          const { outcomes, did } = await database.transactStatements(async (tx) => ({
            outcomes: await work(tx, key, items),
            did: done.get(tx),
          }))
          if (did) committed(did)
          return outcomes
        },
      }),
  }
}
