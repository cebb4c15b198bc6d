import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { FromRun, ToRun } from '#server/protocol/run-message.ts'

/** The process that plays one run. */
export type RunChild = {
  say(message: ToRun): void
  /** Lets go of it: it ends with its channel, and is killed when it has not within some seconds. */
  end(): void
  /** Resolves when the process has ended, with the end of what it wrote as an error. */
  ended: Promise<string>
}

/** The module that plays a run when it is started as a process, and all the environment that it gets. */
export type RunProcess = { file: string; environment: NodeJS.ProcessEnv }

const repository = resolve(import.meta.dirname, '../../..')
const killAfterMs = 5_000
const keptChars = 4_000

/** Starts it, with a channel. */
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
  // Of a message to a process that has just ended, too: its end is told anyway.
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
