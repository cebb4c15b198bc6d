import type { Logger } from 'pino'
import type { Database } from './pool.ts'

/** Connections besides the pools: the listener, the backplane, up to two leaderships, and the pages' own pool. */
const besides = 8

/**
 * Logs a warning when this process may open more connections than Postgres has left now: under load it would have to
 * wait for them. It cannot know what other processes will need.
 */
export async function warnWhenShort(
  { checks, mostConnections }: Pick<Database, 'checks' | 'mostConnections'>,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  const wanted = mostConnections + besides
  const { rows } = await checks.query<{ most: number; others: number }>(roomStatement)
  const [room] = rows
  if (!room || wanted <= room.most - room.others) return
  const { most, others } = room
  logger.warn(
    { wanted, most, others },
    `This process may open ${wanted} connections to Postgres, which takes ${most} and has ${others} already: raise max_connections, or start fewer processes`,
  )
}

// Excludes only this connection: the process has one or two more by now.
const roomStatement = `
  SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true), '0')::int AS most,
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS others`
