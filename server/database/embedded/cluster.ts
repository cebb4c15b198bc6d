import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, loopback } from '../ports.ts'
import { makeHome } from './home.ts'
import { dataDirOf, initialise, superuser } from './initialise.ts'
import { launch } from './launch.ts'
import { leash } from './leash.ts'
import { type StopMode, stopPostmaster } from './postmaster.ts'

/** A separate Postgres, removed when the process that started it ends. */
export type Cluster = {
  /** The URL of one of its databases; `postgres` exists from the start. */
  urlOf(database: string): string
  /** The log of Postgres since its last start. */
  logFile: string
  /** Stops Postgres; by default like a crash. */
  stop(mode?: StopMode): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  destroy(): Promise<void>
}

/** For disposable data: it survives a crash of Postgres, but not of the machine. */
export const unsafeFastSettings = { fsync: 'off', full_page_writes: 'off' }

/** Creates a new, empty cluster in the temporary folder, with these Postgres settings. */
export async function startCluster(settings: Record<string, string> = unsafeFastSettings): Promise<Cluster> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'wireside-cluster-')))
  await chmod(dir, 0o755)
  const home = await makeHome(dir)
  const port = await freePort()
  const password = randomBytes(18).toString('base64url')
  const start = async () => void (await launch(home, port, settings))
  await initialise(home, password, { sync: false })
  const held = leash(end, dataDirOf(home), dir)
  await start()
  return {
    urlOf: (database) => `postgres://${superuser}:${password}@${loopback}:${port}/${database}`,
    logFile: join(home.dir, 'postgres.log'),
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

const end = `
  pid=$(head -n 1 "$1/postmaster.pid") && kill -QUIT "$pid" && sleep 1
  rm -rf "$2"`
