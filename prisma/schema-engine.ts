import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool, patientClient } from '#server/database/client.ts'
import { migrationsDir, readMigrations } from './migrate.ts'

export const schemaFile = new URL('./schema.prisma', import.meta.url)

const filters = { externalTables: [], externalEnums: [] }
let loading: Promise<void> | undefined

/**
 * The SQL that migrates one schema to another, from nothing when there is no `before`; empty when they agree.
 *
 * It compares schemas, not databases: the engine cannot read a Postgres catalogue through the JavaScript driver. It
 * still needs a Postgres to connect to.
 */
export async function schemaDiff(
  databaseUrl: string,
  before: string | undefined,
  after: string,
): Promise<string> {
  const from: DiffTarget = before === undefined ? { tag: 'empty' } : target(before)
  const { stdout } = await withEngine(databaseUrl, (engine) =>
    engine.diff({ from, to: target(after), script: true, exitCode: null, filters }),
  )
  const script = stdout?.trim() ?? ''
  return script === '-- This is an empty migration.' ? '' : script
}

/** The engine's view of the migrations recorded in a database; `history: null` means that they agree. */
export async function migrationHistory(databaseUrl: string) {
  const migrationsList = await migrationList()
  return withEngine(databaseUrl, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: false }),
  )
}

/** Prisma's schema engine as WebAssembly, which npm installs; the native one is a separate download. */
async function withEngine<T>(databaseUrl: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  // Once per process: its glue code keeps views of the first instance's memory.
  loading ??= load()
  await loading
  const pool = new Pool({ connectionString: databaseUrl, ...patientClient })
  const schema = await readFile(schemaFile, 'utf8')
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[schemaFile.pathname, schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool)),
  )
  try {
    return await use(engine)
  } finally {
    engine.free()
    await pool.end()
  }
}

async function load() {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = await readFile(file.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...engineModule } })
  engineModule.__wbg_set_wasm(instance.exports)
  const { __wbindgen_start: begin } = instance.exports
  if (typeof begin === 'function') begin()
}

function target(content: string): DiffTarget {
  return { tag: 'schemaDatamodel', files: [{ path: schemaFile.pathname, content }] }
}

async function migrationList(): Promise<MigrationList> {
  const lockfile = 'migration_lock.toml'
  return {
    baseDir: migrationsDir.pathname,
    lockfile: { path: lockfile, content: await readFile(new URL(lockfile, migrationsDir), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: (await readMigrations()).map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
    })),
  }
}
