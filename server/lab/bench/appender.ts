import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import type { NewEntry } from '#server/log/log.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'

export type Appender = {
  /** Gives the entry's seq. */
  append(entry: NewEntry): Promise<number>
  close(): Promise<void>
}

/** Appends as a business verb of another process does: a transaction, and the wake-up after its commit. */
export async function openAppender(databaseUrl: string): Promise<Appender> {
  const database = openDatabase(databaseUrl, { connections: { transactions: 1, statements: 1 } })
  const backplane = createPostgresBackplane(databaseUrl, createListener(databaseUrl))
  const log = createPostgresLog(database, backplane, { checkMs: 3_600_000 })
  return {
    async append(entry) {
      const [position] = await log.transact((tx) => log.append(tx, [entry]))
      return position?.seq ?? 0
    },
    async close() {
      await Promise.all([log.close(), backplane.close()])
      await database.close()
    },
  }
}
