import type { Logger } from 'pino'
import type { Database } from './pool.ts'

/** What a process opens besides its pools: it listens, notifies, may run for leader twice, and its pages have their own. */
const besides = 8

/**
 * Warns in one line when this process may want more connections than Postgres has left for it now, for then it will wait
 * for them under load. What other processes will want as well it cannot know.
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

// Ours among them, that is one or two.
const roomStatement = `
  SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true), '0')::int AS most,
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS others`
