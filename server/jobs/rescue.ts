import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'

type Rescue = {
  /** Marks this holder of jobs as alive for as long as the connection is. */
  keep(holder: string): void
  /** Marks it as gone: the jobs that it still holds are released. */
  drop(holder: string): void
  close(): Promise<void>
}

const rescueMs = 2_000
const idleMs = 5 * rescueMs
const lockOf = `hashtextextended('wireside worker ' || $1, 0)`

/**
 * Releases the jobs of killed workers within seconds.
 *
 * graphile-worker frees the lock of a killed worker after four hours. Here each holder (a graphile pool, whose id is in
 * `locked_by`) also has an advisory lock, which Postgres releases the moment its connection dies: a worker that holds a
 * job without it is dead. During a restart of Postgres this may release a job that is still running; running our tasks
 * twice is harmless.
 */
export function createRescue(pool: Pool, log: Logger): Rescue {
  const living = new Set<string>()
  const locked = new Set<string>()
  let client: PoolClient | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let closed = false

  async function connected(): Promise<PoolClient> {
    if (client) return client
    const fresh = await pool.connect()
    fresh.on('error', () => {
      if (client === fresh) forget()
    })
    client = fresh
    locked.clear()
    // A frozen process, or one whose connection is dead, sends nothing: Postgres ends its session, and with it its
    // locks.
    await fresh.query(`SET idle_session_timeout = ${idleMs}`)
    return fresh
  }

  /** Removes the connection from the pool, where it would count as in use forever. */
  function forget() {
    client?.release(true)
    client = undefined
  }

  async function rescue() {
    const session = await connected()
    for (const holder of living) {
      if (!locked.has(holder) && (await tryLock(session, holder))) locked.add(holder)
    }
    for (const holder of locked) {
      if (!living.has(holder) && locked.delete(holder)) await unlock(session, holder)
    }
    const { rows } = await session.query<{ holder: string }>(
      'SELECT DISTINCT locked_by AS holder FROM graphile_worker.jobs WHERE locked_by IS NOT NULL',
    )
    for (const { holder } of rows) {
      if (living.has(holder) || !(await tryLock(session, holder))) continue
      await session.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [[holder]])
      await unlock(session, holder)
      log.warn({ holder }, 'Gave back the jobs of a worker that died')
    }
  }

  async function tick() {
    try {
      await rescue()
    } catch (error) {
      // Postgres is unavailable: the next tick takes a new connection, and the locks with it.
      log.debug({ err: error }, 'Could not look for dead workers')
      forget()
    }
    lookIn(rescueMs)
  }

  function lookIn(ms: number) {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(() => {
      running = running.then(tick)
    }, ms)
  }

  return {
    keep(holder) {
      living.add(holder)
      lookIn(0)
    },
    drop(holder) {
      living.delete(holder)
      lookIn(0)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
      forget()
    },
  }
}

async function tryLock(session: PoolClient, holder: string): Promise<boolean> {
  const { rows } = await session.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(${lockOf}) AS mine`, [
    holder,
  ])
  return rows[0]?.mine === true
}

async function unlock(session: PoolClient, holder: string): Promise<void> {
  await session.query(`SELECT pg_advisory_unlock(${lockOf})`, [holder])
}
