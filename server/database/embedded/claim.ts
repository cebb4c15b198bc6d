import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { connectClient } from '../client.ts'
import { hasCode } from '../has-code.ts'
import { isAlive } from './postmaster.ts'

/** Another process serves this cluster; the message says which, and where. */
export class EmbeddedInUse extends Error {
  override name = 'EmbeddedInUse'
}

export type Claim = { release(): Promise<void> }

const lock = 7305808869229588n

/**
 * Takes the cluster for this process: an advisory lock on a connection that is held as long as we live.
 *
 * A file could not do it: the lock ends with the process, however it ends, and needs no clean-up after a kill -9.
 * `label` says where this process is reached; a second one names it. Throws `EmbeddedInUse`.
 */
export async function claim(serverUrl: string, label: string): Promise<Claim> {
  const client = await connectClient(serverUrl, `wireside ${process.pid} ${label}`.slice(0, 63))
  // When Postgres goes away the claim goes with it, and the pool is what tells.
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

/** Waits a moment when the holder was killed and Postgres has yet to notice, or is just letting go. */
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
