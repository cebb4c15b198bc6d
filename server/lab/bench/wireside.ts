import { Client } from 'pg'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { startCluster } from '#server/database/embedded/cluster.ts'
import { freePort } from '#server/database/ports.ts'
import { createDatabase } from '#server/testing/test-cluster.ts'
import { repository, startFlagsOf } from './checkouts.ts'
import type { BenchRun } from './run.ts'
import { type Server, startServer } from './servers.ts'

/** The secret with which the bench signs the sessions that it writes. */
export const secret = 'a secret of the bench alone, and long enough'

/**
 * A migrated database of its own, in a Postgres of its own, gone when `use` is done. It waits for no disk, unless it is
 * given `{}` for settings; the run says which.
 */
export async function withBenchDatabase(
  { add }: BenchRun,
  use: (databaseUrl: string) => Promise<void>,
  settings?: Record<string, string>,
): Promise<void> {
  const cluster = await startCluster(settings)
  try {
    await createDatabase(cluster.urlOf('postgres'), 'bench')
    const databaseUrl = cluster.urlOf('bench')
    await migrate(databaseUrl)
    await migrateJobs(databaseUrl)
    add(await describePostgres(databaseUrl))
    await use(databaseUrl)
  } finally {
    await cluster.destroy()
  }
}

async function describePostgres(databaseUrl: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ version: string; fsync: string; commit: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit`,
  )
  await client.end()
  const [{ version, fsync, commit } = { version: '', fsync: '', commit: '' }] = rows
  return `PostgreSQL ${version}: fsync ${fsync}, synchronous_commit ${commit}.`
}

type Start = {
  databaseUrl: string
  /** Which checkout's server: this one's where nothing is said. */
  checkout?: string
  /** Over the settings of a bench: limits that a crowd from one machine would meet, roles. */
  settings?: Record<string, string>
  flags?: string[]
  /** Another root that composes the same and tells the bench more. */
  file?: string
  cores?: string
}

/** A node as `npm start` starts it, without pages, jobs and prices. */
export async function startWireside(start: Start): Promise<Server> {
  const { databaseUrl, checkout = repository, flags = [], cores } = start
  const port = await freePort()
  const env = {
    NODE_ENV: 'production',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    ROLES: 'web,gateway',
    PAGES: 'off',
    LOG_LEVEL: 'warn',
    DRAIN_DELAY_MS: '0',
    COOKIE_PREFIX: 'bench',
    MAX_CONNECTIONS_PER_ADDRESS: '100000',
    ...start.settings,
  }
  const args = [...startFlagsOf(checkout), ...flags, `${checkout}/${start.file ?? 'server/main.ts'}`]
  return startServer({ port, command: process.execPath, args, env, cores })
}
