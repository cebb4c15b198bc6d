import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'

export type Rescue = {
  /** Says that this worker lives, for as long as the connection does. */
  keep(workerId: string): void
  close(): Promise<void>
}

const rescueMs = 5_000
const lockOf = `hashtextextended('wireside worker ' || $1, 0)`

/**
 * Gives the jobs of killed workers back within seconds.
 *
 * graphile-worker frees the lock of a worker that was killed after four hours. Here each worker also holds an
 * advisory lock, which Postgres drops the moment its connection dies: whoever holds a job without it is dead. A
 * rescue while Postgres restarts may free a job that still runs; our tasks do nothing when run twice.
 */
export function createRescue(pool: Pool, log: Logger): Rescue {
  const living = new Set<string>()
  const held = new Set<string>()
  let client: PoolClient | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let closed = false

  async function hold(): Promise<PoolClient> {
    if (client) return client
    const fresh = await pool.connect()
    fresh.on('error', () => {
      if (client === fresh) client = undefined
    })
    client = fresh
    held.clear()
    return fresh
  }

  async function rescue() {
    const session = await hold()
    for (const id of living) {
      if (held.has(id)) continue
      await session.query(`SELECT pg_advisory_lock(${lockOf})`, [id])
      held.add(id)
    }
    const { rows } = await session.query<{ id: string }>(
      'SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs WHERE locked_by IS NOT NULL',
    )
    for (const { id } of rows) {
      if (living.has(id)) continue
      const { rows: free } = await session.query<{ dead: boolean }>(
        `SELECT pg_try_advisory_lock(${lockOf}) AS dead`,
        [id],
      )
      if (!free[0]?.dead) continue
      await session.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [[id]])
      await session.query(`SELECT pg_advisory_unlock(${lockOf})`, [id])
      log.warn({ workerId: id }, 'Gave back the jobs of a worker that died')
    }
  }

  async function tick() {
    try {
      await rescue()
    } catch (error) {
      // Postgres is away: take a new connection, and the locks with it, next time.
      log.debug({ err: error }, 'Could not look for dead workers')
      client?.release(true)
      client = undefined
    }
    if (!closed) timer = setTimeout(turn, rescueMs)
  }

  function turn() {
    running = running.then(tick)
  }

  return {
    keep(workerId) {
      living.add(workerId)
      clearTimeout(timer)
      timer = setTimeout(turn, 0)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
      client?.release(true)
    },
  }
}
