import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { hasCode } from '../has-code.ts'

/** What a running Postgres writes to `postmaster.pid`. */
export type Postmaster = { pid: number; port: number; ready: boolean }

/**
 * How Postgres stops: `fast` disconnects its clients and writes everything to disk, `immediate` requires crash
 * recovery.
 */
export type StopMode = 'fast' | 'immediate'

const pollMs = 10

/** The Postgres running on `dataDir`, or undefined. The file of a killed one is ignored. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const lines = await readLines(join(dataDir, 'postmaster.pid'))
  const [pid, , , port, , , , status] = lines
  if (!pid || !serves(Number(pid), dataDir)) return undefined
  return { pid: Number(pid), port: Number(port ?? 0), ready: status?.trim() === 'ready' }
}

/** Stops the Postgres of `dataDir`, if any, and waits until it is gone; after 15 s, `fast` becomes `immediate`. */
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

/** Signals the Postgres of `dataDir` to stop, if this process id still belongs to it. */
export function signalPostmaster(pid: number, dataDir: string, mode: StopMode): void {
  if (serves(pid, dataDir)) signal(pid, mode)
}

/**
 * Removes a `postmaster.pid` whose process id now belongs to another program, as after a restart of the machine or
 * container: Postgres would see a live process of its own user and refuse to start.
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

/** Process ids are reused: the Postgres that serves the folder is one whose command line names it. */
function serves(pid: number, dataDir: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(dataDir)
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // It has ended in the meantime.
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
