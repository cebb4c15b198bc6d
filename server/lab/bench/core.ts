import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { usageOf } from '#server/lab/testbed/usage.ts'

/** What a process has used so far: CPU seconds, and resident memory in bytes. */
export type Usage = { cpuSeconds: number; residentBytes: number }

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
 * Starts a server on core 0 and waits until it takes connections. Its figures come from `/proc`, so they are of
 * that process alone.
 */
export async function startServer(
  file: string,
  port: number,
  env: Record<string, string> = {},
  flags: string[] = [],
): Promise<Server> {
  const child = spawn('taskset', ['-c', '0', process.execPath, ...flags, file], {
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
