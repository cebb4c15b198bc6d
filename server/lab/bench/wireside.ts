import { readFileSync } from 'node:fs'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { startCluster } from '#server/database/embedded/cluster.ts'
import { freePort } from '#server/database/embedded/launch.ts'
import { createDatabase } from '#server/testing/test-cluster.ts'
import { type Server, startServer } from './core.ts'

/** The secret with which the bench signs the sessions that it writes. */
export const secret = 'a secret of the bench alone, and long enough'

/** A migrated database of its own, in a Postgres of its own, gone when `use` is done. It waits for no disk, unless told. */
export async function withBenchDatabase(
  use: (databaseUrl: string) => Promise<void>,
  settings?: Record<string, string>,
): Promise<void> {
  const cluster = await startCluster(settings)
  try {
    await createDatabase(cluster.urlOf('postgres'), 'bench')
    const databaseUrl = cluster.urlOf('bench')
    await migrate(databaseUrl)
    await migrateJobs(databaseUrl)
    await use(databaseUrl)
  } finally {
    await cluster.destroy()
  }
}

const { scripts } = JSON.parse(readFileSync(`${import.meta.dirname}/../../../package.json`, 'utf8'))
const startFlags: string[] = scripts.start.match(/--max-[a-z-]+=\d+/g)

/**
 * A node as `npm start` starts it, without pages, jobs and prices; `raised` are the limits that a crowd from one machine would
 * meet, `file` another root that composes the same and tells the bench more.
 */
export async function startWireside(
  databaseUrl: string,
  raised: Record<string, string>,
  flags: string[] = [],
  file = `${import.meta.dirname}/../../main.ts`,
  cores?: string,
): Promise<Server> {
  const settings = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    ROLES: 'web,gateway',
    PAGES: 'off',
    LOG_LEVEL: 'warn',
    DRAIN_DELAY_MS: '0',
    COOKIE_PREFIX: 'bench',
    MAX_CONNECTIONS_PER_ADDRESS: '100000',
    ...raised,
  }
  return startServer(file, await freePort(), settings, [...startFlags, ...flags], cores)
}
