import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { hasCode } from '../has-code.ts'

/** What a running Postgres says of itself in `postmaster.pid`. */
export type Postmaster = { pid: number; port: number; ready: boolean }

/** How Postgres ends: `fast` cuts its clients and writes everything out, `immediate` is a crash to recover from. */
export type StopMode = 'fast' | 'immediate'

const pollMs = 10

/** The Postgres that runs on `dataDir`, or undefined. A file left by one that was killed counts as none. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const lines = await readLines(join(dataDir, 'postmaster.pid'))
  const [pid, , , port, , , , status] = lines
  if (!pid || !serves(Number(pid), dataDir)) return undefined
  return { pid: Number(pid), port: Number(port ?? 0), ready: status?.trim() === 'ready' }
}

/** Stops the Postgres of `dataDir`, if any, and waits until it is gone; `fast` becomes `immediate` after 15 s. */
export async function stopPostmaster(dataDir: string, mode: StopMode): Promise<void> {
  const running = await findPostmaster(dataDir)
  if (!running) return
  signal(running.pid, mode)
  const patienceMs = 15_000
  for (let waitedMs = 0; serves(running.pid, dataDir); waitedMs += pollMs) {
    if (waitedMs === patienceMs) signal(running.pid, 'immediate')
    await delay(pollMs)
  }
}

/** Tells the Postgres of `dataDir` to stop, if that is what this process id still is. */
export function signalPostmaster(pid: number, dataDir: string, mode: StopMode): void {
  if (serves(pid, dataDir)) signal(pid, mode)
}

/**
 * Removes a `postmaster.pid` whose process id now belongs to some other program, as happens after a restart of the
 * machine or container: Postgres sees a living process of its own user there and refuses to start.
 */
export async function removeStalePid(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid')
  const pid = Number((await readLines(file))[0])
  if (pid && isAlive(pid) && !commandLine(pid).includes('postgres')) await rm(file)
}

/** Whether a process of this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

function signal(pid: number, mode: StopMode) {
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** Process ids are used again: only one whose command line names the folder is the Postgres that serves it. */
function serves(pid: number, dataDir: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(dataDir)
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // It has ended since we asked.
  }
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
