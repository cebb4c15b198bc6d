import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { Client } from 'pg'
import { testDatabase } from '#server/testing/test-database.ts'
import { MigrationChanged, migrate, migrationsDir, readMigrations } from './migrate.ts'
import { migrationHistory, schemaDiff, schemaFile } from './schema-engine.ts'

test('The migrations lead to exactly what the schema says.', async (t) => {
  const { url, client } = await connected(t)
  const schema = await readFile(schemaFile, 'utf8')
  const migrated = await client.query(catalogue)
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  await client.query(await schemaDiff(url, undefined, schema))
  const { rows } = await client.query(catalogue)
  assert.notEqual(rows.length, 0)
  assert.deepEqual(migrated.rows, rows, 'run `npm run migration -- <name>`')
})

test('The newest migration keeps the schema that the next one starts from.', async () => {
  const newest = (await readMigrations()).at(-1)
  const kept = await readFile(new URL(`${newest?.name}/schema.prisma`, migrationsDir), 'utf8')
  assert.equal(kept, await readFile(schemaFile, 'utf8'), 'run `npm run migration -- <name>`')
})

test("Prisma's own engine takes our record for its own.", async (t) => {
  const { url } = await testDatabase(t)
  assert.deepEqual(await migrationHistory(url), {
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
    history: null,
  })
})

test('Two processes that migrate an empty database at once apply each migration once.', async (t) => {
  const { url, client } = await connected(t)
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  await Promise.all([migrate(url), migrate(url), migrate(url)])
  const { rows } = await client.query(
    'SELECT migration_name FROM _prisma_migrations GROUP BY 1 HAVING count(*) > 1',
  )
  assert.deepEqual(rows, [])
})

test('Refuses a migration that was changed after it was applied.', async (t) => {
  const { url, client } = await connected(t)
  await client.query(`UPDATE _prisma_migrations SET checksum = 'another'`)
  await assert.rejects(migrate(url), MigrationChanged)
})

test('Tells and keeps every end of a session.', async (t) => {
  const { client } = await connected(t)
  const told: string[] = []
  client.on('notification', ({ payload }) => told.push(payload ?? ''))
  await client.query('LISTEN wireside_session')
  await client.query(`INSERT INTO "user" (id, name, email) VALUES ('u', 'U', 'u@wireside.example')`)
  await client.query(
    `INSERT INTO session (id, token, "userId", "expiresAt")
     SELECT name, name, 'u', now() + '1 day' FROM unnest('{revoked, shortened, other}'::text[]) AS name`,
  )
  await client.query(`UPDATE session SET "expiresAt" = "expiresAt" + interval '1 day'`)
  await client.query(`UPDATE "user" SET name = 'V', role = 'customer'`)
  assert.deepEqual(told, [], 'neither a longer session nor the same role ends one')

  await client.query(`DELETE FROM session WHERE id = 'revoked'`)
  await client.query(`UPDATE session SET "expiresAt" = now() WHERE id = 'shortened'`)
  await client.query(`UPDATE "user" SET role = 'officer'`)
  await client.query(`DELETE FROM "user"`)
  const expected = ['other', 'other', 'revoked', 'shortened', 'shortened', 'shortened']
  assert.deepEqual(told.toSorted(), expected)
  const { rows } = await client.query<{ sessionId: string }>('SELECT "sessionId" FROM session_end ORDER BY 1')
  assert.deepEqual(
    rows.map((row) => row.sessionId),
    expected,
  )
})

/** Columns, indexes and foreign keys, as far as the schema language can express them. */
const catalogue = `
  SELECT table_name AS at, column_name AS name, concat_ws(' ', udt_name, datetime_precision, is_nullable, column_default) AS is
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL
  SELECT tablename, indexname, indexdef FROM pg_indexes
  WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
    -- The schema language has no words for indexes on expressions, or on a part of the rows.
    AND NOT EXISTS (SELECT FROM pg_index WHERE (indexprs IS NOT NULL OR indpred IS NOT NULL)
      AND indexrelid = to_regclass(concat('public.', quote_ident(indexname))))
  UNION ALL
  SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint 
  WHERE contype = 'f' AND connamespace = 'public'::regnamespace
  ORDER BY 1, 2`

async function connected(t: TestContext) {
  const { url } = await testDatabase(t)
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  return { url, client }
}
