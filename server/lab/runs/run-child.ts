import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { FromRun, ToRun } from '#server/protocol/run-message.ts'

/** The process that plays one run. */
export type RunChild = {
  say(message: ToRun): void
  /** Disconnects from it, which ends it; it is killed if that takes more than some seconds. */
  end(): void
  /** Resolves when the process has exited, with the end of its stderr. */
  ended: Promise<string>
}

/** The module that plays a run in its own process, and its complete environment. */
export type RunProcess = { file: string; environment: NodeJS.ProcessEnv }

const repository = resolve(import.meta.dirname, '../../..')
const killAfterMs = 5_000
const keptChars = 4_000

/** Starts it, with an IPC channel. */
export function startRunChild({ file, environment }: RunProcess, hear: (message: FromRun) => void): RunChild {
  const child = spawn(process.execPath, [file], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: environment,
  })
  const { promise: ended, resolve: end } = Promise.withResolvers<string>()
  let written = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    written = (written + chunk).slice(-keptChars)
  })
  child.on('message', hear)
  // Also emitted for a message to a process that has just exited: its exit is reported anyway.
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message)
  })
  child.once('exit', () => end(written))
  return {
    say: (message) => void (child.connected && child.send(message, () => undefined)),
    end() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      child.once('exit', () => clearTimeout(timer))
    },
    ended,
  }
}
