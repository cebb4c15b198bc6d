import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { usageOf } from '#server/lab/testbed/testbed.ts'
import { median as medianOf } from '#server/protocol/median.ts'

/** What a process has used so far: CPU seconds, and resident memory in bytes. */
type Usage = { cpuSeconds: number; residentBytes: number }

export type Server = {
  port: number
  /** With a channel, for a module that a flag has loaded into it. */
  child: ChildProcess
  usage(): Usage
  stop(): Promise<void>
}

/** Binds a process, with all its threads, to one core (Linux, `taskset`). */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

/**
 * Starts a server on these cores, the first where nothing is said, and waits until it takes connections. Its figures
 * come from `/proc`, so they are of that process alone.
 */
export async function startServer(
  file: string,
  port: number,
  env: Record<string, string> = {},
  flags: string[] = [],
  cores = '0',
): Promise<Server> {
  const child = spawn('taskset', ['-c', cores, process.execPath, ...flags, file], {
    env: { ...process.env, PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  await listening(child, port)
  const { pid } = child
  if (pid === undefined) throw new Error(`Could not start "${file}"`)
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
      child.kill('SIGTERM')
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

/** The median of some figures; NaN of none. */
export function median(values: number[]): number {
  return medianOf(values) ?? Number.NaN
}

/** A Markdown table whose figures stand right. */
export function markdownTable(head: string[], rows: string[][]): string {
  const rule = head.map((_, column) => (column === 0 ? ':--' : '--:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
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
