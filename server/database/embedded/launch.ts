import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { loopback } from '../ports.ts'
import { bareEnvironment, type Home } from './home.ts'
import { dataDirOf } from './initialise.ts'
import { findPostmaster, type Postmaster, removeStalePid } from './postmaster.ts'

/** Settings of every cluster, on top of Postgres' own. */
const settings = {
  listen_addresses: loopback,
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

/** Postgres ended before it was ready; the message ends with its last output. */
export class PostgresDidNotStart extends Error {
  override name = 'PostgresDidNotStart'
}

/**
 * Starts Postgres on the home's data and waits until it accepts connections, after crash recovery if necessary.
 *
 * It runs in its own session and writes to a file: Ctrl-C must not end the database before the server has drained, and
 * a killed server must not take the database's output with it.
 */
export async function launch(
  home: Home,
  port: number,
  extra: Record<string, string> = {},
): Promise<Postmaster> {
  const dataDir = dataDirOf(home)
  await removeStalePid(dataDir)
  const logFile = join(home.dir, 'postgres.log')
  const log = await open(logFile, 'w', 0o600)
  const flags = Object.entries({ ...settings, ...extra }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = spawn(home.binaries.postgres, ['-D', dataDir, '-p', String(port), ...flags], {
    ...{ cwd: home.dir, env: bareEnvironment, detached: true, stdio: ['ignore', log.fd, log.fd] },
    ...home.user,
  })
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  child.once('exit', () => {
    failure ??= new PostgresDidNotStart('Postgres did not start')
  })
  child.unref()
  await log.close()
  while (!failure) {
    const found = await findPostmaster(dataDir)
    if (found?.ready && found.pid === child.pid) return found
    await delay(10)
  }
  failure.message += `: ${await lastWords(logFile)}`
  throw failure
}

async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n')
  return lines.slice(-3).join('; ')
}
