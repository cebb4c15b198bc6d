import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bareEnvironment } from '#server/env.ts'
import type { RunFolder } from './run-folder.ts'

/** A program that is started here: its end is ours to cause, and it does not outlive this process. */
export type Program = {
  name: string
  /** What it writes, over all its starts. */
  logFile: string
  /** Undefined while it does not run. */
  pid(): number | undefined
  /** Resolves when it is ready. Throws `DidNotStart`. */
  start(): Promise<void>
  /** Asks it to end, and waits until it has; kills it after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>
  /** Ends it without a word, as `kill -9` does. */
  kill(): Promise<void>
  /** It keeps its connections and says nothing, until it is thawed. */
  freeze(): void
  thaw(): void
  onExit(listener: () => void): void
}

type Options = {
  name: string
  command: string
  args: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** Default: a file in the folder. */
  logFile?: string
  isReady(): Promise<boolean>
  startsWithinMs?: number
}

/** A program ended before it was ready, or was not in time; the message ends in what it wrote last. */
export class DidNotStart extends Error {
  override name = 'DidNotStart'
}

const lookEveryMs = 40

/**
 * Describes a program, which `start` then runs. It is a process group of its own: Ctrl-C in a terminal must not end it
 * before what depends on it.
 */
export function createProgram(folder: RunFolder, options: Options): Program {
  const { name, command, args, env = {}, cwd = '/', isReady, startsWithinMs = 60_000 } = options
  const logFile = options.logFile ?? join(folder.path, `${name}.log`)
  const listeners: (() => void)[] = []
  let child: ChildProcess | undefined

  async function start() {
    const output = await open(logFile, 'a', 0o600)
    const started = spawn(command, args, {
      ...{ cwd, detached: true, stdio: ['ignore', output.fd, output.fd] },
      env: Object.assign(bareEnvironment(), env),
    })
    await output.close()
    let end: string | undefined
    const onEnd = (how: string) => {
      end = how
      child = undefined
      for (const listener of listeners) listener()
    }
    started.once('error', ({ message }) => onEnd(message))
    started.once('exit', (code, signal) => onEnd(`ended with ${signal ?? code}`))
    if (started.pid === undefined) await once(started, 'error').catch(() => undefined)
    else folder.adopt(started)
    started.unref()
    child = end === undefined ? started : undefined
    const deadline = performance.now() + startsWithinMs
    while (end !== undefined || !(await isReady())) {
      if (end === undefined && performance.now() > deadline) {
        await kill()
        end = `was not ready within ${startsWithinMs / 1_000} s`
      }
      if (end !== undefined) throw new DidNotStart(`${name} ${end}: ${await lastWords(logFile)}`)
      await pause(lookEveryMs)
    }
  }

  async function end(signal: NodeJS.Signals, patienceMs: number) {
    const ending = child
    if (!ending) return
    const ended = once(ending, 'exit')
    ending.ref()
    ending.kill(signal)
    const late = setTimeout(() => ending.kill('SIGKILL'), patienceMs)
    await ended
    clearTimeout(late)
  }
  const kill = () => end('SIGKILL', 10_000)

  return {
    ...{ name, logFile, start, kill },
    pid: () => child?.pid,
    stop: (patienceMs = 10_000) => end('SIGTERM', patienceMs),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    onExit: (listener) => void listeners.push(listener),
  }
}

async function lastWords(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8')).slice(-2_000).trim()
}

/** A program with a folder of its own. */
export type Engine = Program & {
  /** Kills it and removes all that it had. */
  destroy(): Promise<void>
}

/** Makes an engine of a program that has the folder for itself. */
export function engineIn(folder: RunFolder, program: Program): Engine {
  return {
    ...program,
    async destroy() {
      await program.kill()
      await folder.remove()
    },
  }
}
