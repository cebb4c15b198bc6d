import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { freePort } from '#server/database/ports.ts'
import { usageOf } from '#server/lab/testbed/testbed.ts'
import { startFlagsOf } from './checkouts.ts'

/** What a process has used so far: CPU seconds, and resident memory in bytes. */
type Usage = { cpuSeconds: number; residentBytes: number }

export type Server = {
  port: number
  /** With a channel where it is of Node, for a module that a flag has loaded into it. */
  child: ChildProcess
  usage(): Usage
  stop(): Promise<void>
}

/** Looked up once: a process that is bound to a core takes that for the whole machine. */
const cores = availableParallelism()
const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))

/** Which cores servers and clients have; nothing is bound where there is no `taskset` or only one core. */
export const isPinned = taskset !== undefined && cores > 1
export const allCores = `0-${cores - 1}`

/** Binds this process, the client, and what it starts from now on without a core of its own: Postgres too. */
export function pinClient(): void {
  if (isPinned) execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' })
}

type NodeServer = {
  env?: Record<string, string>
  flags?: string[]
  /** As `taskset` takes them: the first where nothing is said. */
  cores?: string
}

/** The flags of every arm on Node: those of `npm start`, and what `server/main.ts` sets by itself. */
const nodeFlags = [...startFlagsOf(), '--heap-growing-percent=30']

/** Starts a Node program that listens on `PORT`, on a free one. */
export async function startNode(
  file: string,
  { env = {}, flags = [], cores }: NodeServer = {},
): Promise<Server> {
  const port = await freePort()
  const args = [...nodeFlags, ...flags, file]
  return startServer({ port, command: process.execPath, args, env: { PORT: String(port), ...env }, cores })
}

type Launch = {
  port: number
  command: string
  args: string[]
  env?: Record<string, string>
  cores?: string | undefined
}

/**
 * Starts a server of one process, and waits until it takes connections. Its figures come from `/proc`, so they are of
 * that process alone.
 */
export async function startServer({ port, command, args, env, cores = '0' }: Launch): Promise<Server> {
  const isNode = command === process.execPath
  const [program = command, ...rest] = isPinned
    ? ['taskset', '-c', cores, command, ...args]
    : [command, ...args]
  const child = spawn(program, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', isNode ? 'ipc' : 'ignore'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  await listening(child, port)
  const { pid } = child
  if (pid === undefined) throw new Error(`Could not start "${command}"`)
  return {
    port,
    child,
    usage() {
      const { cpuMs, residentBytes } = usageOf(pid)
      return { cpuSeconds: cpuMs / 1_000, residentBytes }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      // nchan crashes when it is told to end.
      child.kill(isNode ? 'SIGTERM' : 'SIGKILL')
      const late = setTimeout(kill, 15_000)
      await ended
      clearTimeout(late)
      process.off('exit', kill)
    },
  }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it listened`)
    try {
      await fetch(`http://127.0.0.1:${port}/healthz`)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('The server did not listen within a minute')
}

/** The server has done all that it was asked when it stops using its core. */
export async function settled(server: Server): Promise<void> {
  const until = performance.now() + 15_000
  for (let quiet = 0, before = server.usage().cpuSeconds; quiet < 3 && performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const now = server.usage().cpuSeconds
    quiet = now - before < 0.02 ? quiet + 1 : 0
    before = now
  }
}

/** What a server must be started with so that `liveBytes` can be asked of it. */
export const collectorFlags = ['--expose-gc', '--import', `${import.meta.dirname}/arms/collector.ts`]

/**
 * What lives in the server after a collection: objects and buffers. Of the resident memory, an app that has written a
 * history at its start holds more than a thousand connections need, and takes them without growing.
 */
export async function liveBytes(server: Server): Promise<number> {
  const told = once(server.child, 'message')
  server.child.send('collect')
  const [bytes] = await told
  return Number(bytes)
}
