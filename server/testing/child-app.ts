import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { compileCache } from './compile-cache.ts'
import { sessionSettings } from './session-settings.ts'

const repository = resolve(import.meta.dirname, '../..')

/** A node as a separate process, without pages, which can be killed and restarted on the same port. */
export type ChildApp = {
  port: number
  databaseUrl: string
  /** Everything it has written so far, over all starts. */
  written(): string
  /** Starts it; resolves when it listens. Throws its output if it exits before that. */
  start(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Sends the signal and waits for the exit. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Runs `server/main.ts` as `npm start` does, without pages. */
export function spawnApp(databaseUrl: string, settings: Record<string, string>) {
  return spawn(process.execPath, ['server/main.ts'], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...compileCache,
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      ...sessionSettings,
      PAGES: 'off',
      STAGE_MS: '20',
      TICKS_PER_SECOND: '0',
      LOG_LEVEL: 'warn',
      DRAIN_DELAY_MS: '0',
      ...settings,
    },
  })
}

/** Starts the app and waits until it listens; kills it after the test if it is still running. */
export async function childApp(
  t: Pick<TestContext, 'after'>,
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<ChildApp> {
  const port = await freePort()
  let child: ChildProcess | undefined
  let text = ''

  async function start() {
    const started = spawnApp(databaseUrl, { PORT: String(port), ...settings })
    child = started
    await new Promise<void>((resolve, reject) => {
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk) => {
          text += chunk
          if (String(chunk).includes('Wireside is at')) resolve()
        })
      }
      started.once('exit', () => reject(new Error(`It ended before it listened:\n${text}`)))
    })
  }

  async function end(signal: NodeJS.Signals) {
    if (!child) throw new Error('It does not run')
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code, by] = await ended
    child = undefined
    return { code, signal: by }
  }

  const signal = (name: NodeJS.Signals) => void child?.kill(name)

  t.after(async () => {
    if (child?.exitCode === null) await end('SIGKILL')
  })
  await start()
  return { port, databaseUrl, written: () => text, start, signal, end }
}
