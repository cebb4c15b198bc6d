import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { coalesceReruns } from './coalesce-reruns.ts'

/** Whether Postgres takes writes: a full disk and a standby answer every read as if nothing were wrong. */
export type WriteProbe = {
  /** Throws what Postgres says when a write cannot be made. Tries one only when the last was a while ago. */
  assertWritable(): Promise<void>
}

const everyMs = 2_000
/** More than a page of Postgres has room for, so that the table's file has to grow. */
const bytes = 12_000

/**
 * Tries a write where all writes go, the log, and takes it back. Its stream has no head: it locks nothing, and no reader
 * could ever see it.
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
