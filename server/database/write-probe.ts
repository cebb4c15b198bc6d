import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { coalesceReruns } from './coalesce-reruns.ts'

/** Checks whether Postgres accepts writes: with a full disk, or as a standby, it still serves every read. */
export type WriteProbe = {
  /** Throws Postgres' error when it cannot write. Tries again only when the last success was more than 2 s ago. */
  assertWritable(): Promise<void>
}

const everyMs = 2_000
/** More than fits into a Postgres page, so that the table's file has to grow. */
const bytes = 12_000

/**
 * Tries a write where all writes go, in the log, and rolls it back. Its stream has no head row, so it locks nothing,
 * and no reader could ever see it.
 */
export function createWriteProbe(pool: pg.Pool): WriteProbe {
  const trying = coalesceReruns(tryWrite)
  let writableAt = Number.NEGATIVE_INFINITY

  async function tryWrite() {
    const client = await pool.connect()
    let failure: Error | undefined
    try {
      await client.query('BEGIN')
      const values = [`probe:${randomUUID()}`, JSON.stringify(randomBytes(bytes).toString('base64'))]
      await client.query(
        `INSERT INTO log_entry (stream, seq, type, data) VALUES ($1, 1, 'probe', $2)`,
        values,
      )
      writableAt = performance.now()
    } catch (error) {
      failure = error instanceof Error ? error : new Error('Postgres does not take writes', { cause: error })
      throw error
    } finally {
      await client.query('ROLLBACK').catch(() => undefined)
      client.release(failure)
    }
  }

  return {
    async assertWritable() {
      if (performance.now() - writableAt >= everyMs) await trying.run()
    },
  }
}
