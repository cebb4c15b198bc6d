import type { Prisma } from '#prisma/generated/client.ts'
import { type Database, mostWaiting } from '#server/database/pool.ts'
import type { Statements } from '#server/database/statements.ts'
import { isDatabaseAway } from '#server/database/unavailable.ts'
import { type Appended, type AppendParts, appendStatement, entryRows, headsOf } from './append.ts'
import { createGroupCommit, type Outcomes } from './group-commit.ts'
import { encodeData, type Log, type NewEntry, type StreamHead } from './log.ts'

export type Transaction = Prisma.TransactionClient

/** What a committed transaction has done to the log. */
export type Committed = {
  /** How many entries it appended. */
  entries: number
  moved: readonly StreamHead[]
  /** Where it replaced the data of an entry. */
  rewritten: readonly StreamHead[]
}

export type LogWriter = Pick<Log<Transaction>, 'transact'> & {
  /** `Log.append`, in any kind of transaction. */
  append(tx: Statements, entries: readonly NewEntry[]): Promise<StreamHead[]>
  /** The same in one statement with other reads and writes, which saves a round trip under the lock of the head row. */
  appendWith<More = unknown>(tx: Statements, parts: AppendParts): Promise<(Appended & More)[]>
  /**
   * Returns a verb with group commit: calls for the same `key` during a transaction are passed to `work` together in
   * the next one. `queueOf` names the queue of a key, as in `transact`. `work` returns a result or a refusal for each;
   * if it throws, all are rolled back and each is tried once more by itself.
   *
   * `quick` may do all of it in one statement, in the usual case; if it returns undefined, or Postgres refuses the
   * statement, `work` runs.
   */
  together<Item, Result>(
    queueOf: (key: string) => string,
    work: (tx: Statements, key: string, items: readonly Item[]) => Promise<Outcomes<Result>>,
    quick?: (tx: Statements, key: string, items: readonly Item[]) => Promise<Outcomes<Result> | undefined>,
  ): (key: string, item: Item) => Promise<Result>
  /**
   * Replaces the data of an entry that must not be read any more, keeping its seq, type and time. Followers that
   * already received it keep it; later readers get the new data.
   */
  rewrite(tx: Statements, stream: string, seq: number, data: unknown): Promise<void>
}

const nothing: Committed = { entries: 0, moved: [], rewritten: [] }

/**
 * The writing half of the log. Passes what a transaction did to `committed` after its commit, never after a rollback.
 * If the process ends between the two, nobody is notified and the fallback check of the other nodes finds it.
 */
export function createLogWriter(
  database: Pick<Database, 'transact' | 'transactStatements' | 'transactOne' | 'inTurn'>,
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

  async function appendWith<More>(tx: Statements, parts: AppendParts) {
    const appended = await appendStatement<More>(tx, parts)
    if (appended.length > 0) {
      note(tx, { entries: appended.length, moved: headsOf(appended), rewritten: [] })
    }
    return appended
  }

  /**
   * Wraps the work of a transaction to return what it did to the log too; `told` is called with that after the commit.
   */
  function noting<Tx extends Statements, T>(work: (tx: Tx) => Promise<T>) {
    return async (tx: Tx) => ({ result: await work(tx), did: done.get(tx) })
  }

  function told<T>({ result, did }: { result: T; did: Committed | undefined }): T {
    if (did) committed(did)
    return result
  }

  return {
    append: async (tx, entries) => headsOf(await appendWith(tx, { entries: entryRows(entries) })),
    appendWith,
    async rewrite(tx, stream, seq, data) {
      await tx.$executeRaw`
        UPDATE log_entry SET data = ${encodeData(data)}::json, rewritten = pg_current_xact_id()
        WHERE stream = ${stream} AND seq = ${seq}::bigint`
      note(tx, { entries: 0, moved: [], rewritten: [{ stream, seq }] })
    },
    transact: async (work, queue) => told(await database.transact(noting(work), queue)),
    together: (queueOf, work, quick) =>
      createGroupCommit({
        mostWaiting,
        inTurn: (key, commit) => database.inTurn(queueOf(key), commit),
        async commit(key, items) {
          const early =
            quick && (await database.transactOne(noting((tx) => quick(tx, key, items))).catch(unlessAway))
          const outcomes = early && told(early)
          if (outcomes) return outcomes
          return told(await database.transactStatements(noting((tx) => work(tx, key, items))))
        },
      }),
  }
}

/**
 * What Postgres has refused may be tried another way; while it is unavailable, the outcome of the first try is unknown.
 */
function unlessAway(error: unknown): undefined {
  if (isDatabaseAway(error)) throw error
}
