import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { startCluster } from '#server/database/embedded/cluster.ts'
import { migrationsDir, readMigrations } from './migrate.ts'
import { schemaDiff, schemaFile } from './schema-engine.ts'

/**
 * `npm run migration -- <name>`: writes the difference between the newest migration and `schema.prisma`, for you to
 * review.
 *
 * Each migration is stored with the schema that it results in, from which the next one starts.
 */
const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error('Give the migration a name of a-z, 0-9 and _')

const newest = (await readMigrations()).at(-1)
const before = newest && (await readFile(new URL(`${newest.name}/schema.prisma`, migrationsDir), 'utf8'))
const script = await difference(before, await readFile(schemaFile, 'utf8'))
if (script) console.log(`Wrote ${await write(script)}`)
else console.log('Nothing to migrate: the migrations lead to this schema')

async function difference(from: string | undefined, to: string): Promise<string> {
  const cluster = await startCluster()
  try {
    return await schemaDiff(cluster.urlOf('postgres'), from, to)
  } finally {
    await cluster.destroy()
  }
}

async function write(sql: string): Promise<string> {
  const folder = `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}/`
  const place = new URL(folder, migrationsDir)
  await mkdir(place)
  await writeFile(new URL('migration.sql', place), `${sql}\n`)
  await copyFile(schemaFile, new URL('schema.prisma', place))
  return `prisma/migrations/${folder}migration.sql`
}
