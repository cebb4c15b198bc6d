import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeHome } from '#server/database/embedded/home.ts'
import { dataDirOf, initialise, superuser } from '#server/database/embedded/initialise.ts'
import { freePort, launch, loopback } from '#server/database/embedded/launch.ts'
import { type StopMode, stopPostmaster } from '#server/database/embedded/postmaster.ts'
import { leash } from './leash.ts'

/** A Postgres of its own, gone with the process that started it. */
export type Cluster = {
  /** The URL of one of its databases; `postgres` is there from the start. */
  urlOf(database: string): string
  /** Takes Postgres away: by default as a crash would. */
  stop(mode?: StopMode): Promise<void>
  /** Brings it back on the same port. */
  start(): Promise<void>
  destroy(): Promise<void>
}

/** Makes a new, empty cluster in the temporary folder. It outlives a crash of Postgres, not one of the machine. */
export async function startCluster(): Promise<Cluster> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'wireside-test-')))
  await chmod(dir, 0o755)
  const home = await makeHome(dir)
  const port = await freePort()
  const password = randomBytes(18).toString('base64url')
  const start = async () => void (await launch(home, port, { fsync: 'off', full_page_writes: 'off' }))
  await initialise(home, password, { sync: false })
  const held = leash(dataDirOf(home), dir)
  await start()
  return {
    urlOf: (database) => `postgres://${superuser}:${password}@${loopback}:${port}/${database}`,
    stop: (mode = 'immediate') => stopPostmaster(dataDirOf(home), mode),
    start,
    async destroy() {
      await stopPostmaster(dataDirOf(home), 'immediate')
      await rm(home.dir, { recursive: true, force: true })
      await rm(dir, { recursive: true, force: true })
      held.release()
    },
  }
}
