import { execFileSync } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { Client } from 'pg'
import { migrate } from '#prisma/migrate.ts'
import { type Cluster, startCluster } from '#server/database/embedded/cluster.ts'

export type TestCluster = Pick<Cluster, 'stop' | 'start'> & {
  url: string
  freeze(): Promise<void>
  thaw(): void
  backUp(): Promise<void>
  restore(): Promise<void>
}

/**
 * A cluster for one test that takes Postgres down and brings it back; `url` is a migrated database.
 *
 * `stop()` cuts every connection as a crash does, `start()` recovers on the same port. `freeze()` makes it hang, with
 * its connections open, until `thaw()`. `backUp()` copies its data, and `restore()` replaces the current data with the
 * copy while nodes run on it.
 */
export async function testCluster(t: Pick<TestContext, 'after'>): Promise<TestCluster> {
  const cluster = await startCluster()
  let frozen: number[] = []
  const thaw = () => {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
    frozen = []
  }
  t.after(async () => {
    thaw()
    await cluster.destroy()
  })
  const freeze = async () => {
    frozen = await processesOf(cluster.urlOf('postgres'))
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  }
  const data = join(dirname(cluster.logFile), 'data')
  const backUp = async () => {
    await cluster.stop('fast')
    // Not node's `cp`, which changes the owner from Postgres to us.
    execFileSync('cp', ['-a', data, `${data}-backup`])
    await cluster.start()
  }
  const restore = async () => {
    await cluster.stop()
    await rm(data, { recursive: true })
    await rename(`${data}-backup`, data)
    await cluster.start()
  }
  const url = cluster.urlOf('wireside')
  await createDatabase(cluster.urlOf('postgres'), 'wireside')
  await migrate(url)
  return { url, stop: cluster.stop, start: cluster.start, freeze, thaw, backUp, restore }
}

/** The postmaster first, so that it starts nothing while the others are being stopped. */
async function processesOf(serverUrl: string): Promise<number[]> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ postmaster: string; backends: number[] }>(
      `SELECT pg_read_file('postmaster.pid') AS postmaster,
         (SELECT array_agg(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()) AS backends`,
    )
    const [found] = rows
    return found ? [Number.parseInt(found.postmaster, 10), ...found.backends] : []
  } finally {
    await client.end()
  }
}

/** Creates `name`, empty or as a copy of `template`. */
export async function createDatabase(serverUrl: string, name: string, template = 'template1'): Promise<void> {
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
}

/** Runs one statement outside a transaction. */
export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
