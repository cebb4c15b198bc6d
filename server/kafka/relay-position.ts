import type pg from 'pg'
import type { RelayPosition } from './visible-entries.ts'

/** The stored position of the relay, written by this process or another; undefined when there is none. */
export async function keptPosition(pool: Pick<pg.Pool, 'query'>): Promise<RelayPosition | undefined> {
  const { rows } = await pool.query<RelayPosition>(
    'SELECT epoch, snapshot::text AS snapshot FROM relay_position',
  )
  return rows[0]
}

export async function keepPosition(
  pool: Pick<pg.Pool, 'query'>,
  { epoch, snapshot }: RelayPosition,
): Promise<void> {
  await pool.query(
    `INSERT INTO relay_position (epoch, snapshot) VALUES ($1, $2::pg_snapshot)
     ON CONFLICT ("only") DO UPDATE SET epoch = excluded.epoch, snapshot = excluded.snapshot`,
    [epoch, snapshot],
  )
}
