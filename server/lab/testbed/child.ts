import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { bareEnvironment } from '#server/env.ts'

const repository = resolve(import.meta.dirname, '../../..')

type Launch = {
  file: string
  args?: readonly string[]
  flags?: readonly string[]
  env?: Record<string, string>
  /** The output that says it is ready. */
  readyText: string
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a Node process of this repository with an IPC channel, and resolves when it is ready; it ends with this
 * process. Throws its output if it exits before that.
 */
export async function launchChild({
  file,
  args = [],
  flags = [],
  env = {},
  readyText,
}: Launch): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...flags, file, ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: Object.assign(bareEnvironment(), env),
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let text = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      if (text.length < 20_000) text += chunk
      if (text.includes(readyText)) resolve()
    })
  }
  child.once('exit', () => reject(new Error(`"${file}" ended before it was ready: ${text}`)))
  await promise
  return child
}

/** Sends a signal and waits for the exit; kills the process after `patienceMs`. */
export async function endChild(
  child: ChildProcess,
  signal: NodeJS.Signals,
  patienceMs = 12_000,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await ended
  clearTimeout(late)
}

/** For everything besides the crowd's sockets: the database, the log's connections, libraries, the event loop. */
const spare = 300

/**
 * How many connections a process may hold here: each is an open file, on either side. Node raises its soft limit to the
 * hard one at start, so the hard limit counts.
 */
export function connectionsAllowed(): number {
  const limit = execFileSync('/bin/sh', ['-c', 'ulimit -H -n'], { encoding: 'latin1' }).trim()
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit) - spare
}
