import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { runMigrations } from 'graphile-worker'
import type { Client } from 'pg'
import { connectClient, Pool, patientClient } from '#server/database/client.ts'
import { hasCode } from '#server/database/has-code.ts'

/** The folder of the migrations, shared with Prisma; their names sort oldest first. */
export const migrationsDir = new URL('./migrations/', import.meta.url)

type Migration = { name: string; script: string; checksum: string }
type Row = { migration_name: string; checksum: string; finished_at: Date | null }

export class MigrationChanged extends Error {
  override name = 'MigrationChanged'
}

export class MigrationUnfinished extends Error {
  override name = 'MigrationUnfinished'
}

/** The database's encoding is not Unicode, so some names and messages could not be stored. */
export class NotUnicode extends Error {
  override name = 'NotUnicode'
}

/**
 * Applies the pending migrations and records them as Prisma does, so that `prisma migrate` agrees.
 *
 * Does not use Prisma's engine: through the JavaScript driver it splits a script at every semicolon, even inside a
 * function, and a process killed between two statements leaves a database that no later start accepts. Here a migration
 * and its record are one transaction. Safe to call from two processes at once. Throws `MigrationChanged` when a file
 * differs from what was applied, `MigrationUnfinished` when another tool has left one half applied, and `NotUnicode`.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = await connectClient(databaseUrl, 'wireside migrate')
  try {
    await assertUnicode(client)
    const migrations = await readMigrations()
    if ((await pendingOf(migrations, client)).length === 0) return
    await client.query('SELECT pg_advisory_lock(7305808869229587)')
    await client.query(createRecord)
    for (const migration of await pendingOf(migrations, client)) await apply(migration, client)
  } finally {
    await client.end()
  }
}

/** Applies the migrations of the job queue's tables. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1, ...patientClient })
  try {
    await runMigrations({ pgPool: pool })
  } finally {
    await pool.end()
  }
}

/** The repository's migrations, in order of application. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const script = await readFile(new URL(`${name}/migration.sql`, migrationsDir), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    }),
  )
}

async function assertUnicode(client: Client) {
  const { rows } = await client.query<{ encoding: string }>(
    `SELECT current_setting('server_encoding') AS encoding`,
  )
  const [{ encoding } = { encoding: 'unknown' }] = rows
  if (encoding === 'UTF8') return
  throw new NotUnicode(`The database's encoding is ${encoding}: create it with ENCODING 'UTF8'`)
}

async function pendingOf(migrations: Migration[], client: Client): Promise<Migration[]> {
  const recorded = new Map((await recordedRows(client)).map((row) => [row.migration_name, row]))
  return migrations.filter(({ name, checksum }) => {
    const row = recorded.get(name)
    if (row && !row.finished_at)
      throw new MigrationUnfinished(`Migration "${name}" was begun and never finished`)
    if (row && row.checksum !== checksum) {
      throw new MigrationChanged(`Migration "${name}" was changed after it was applied to this database`)
    }
    return !row
  })
}

async function recordedRows(client: Client): Promise<Row[]> {
  try {
    const { rows } = await client.query<Row>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    return rows
  } catch (error) {
    if (hasCode(error, '42P01')) return []
    throw error
  }
}

async function apply({ name, script, checksum }: Migration, client: Client) {
  try {
    await client.query('BEGIN')
    await client.query(script)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    throw new Error(`Migration "${name}" failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
}

const createRecord = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`
